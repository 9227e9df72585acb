"""The worker's side of closing a day: everybody out, some at a time, and back in when undone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.storage.events import publish
from lachan.visits.attendance import store
from lachan.visits.attendance.service import JOB
from lachan.visits.domain import UNDO_WINDOW

# Each takes an advisory lock, and a server has room for some thousands in all.
_AT_ONCE: Final = 200


def topic_of(place_id: int) -> str:
    """Where pages of a place listen."""
    return f"place:{place_id}"


async def close_day(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Do what a close is waiting for: check people out, or let them back in."""
    close_id = int(payload["close"])
    async with context.engine.begin() as connection:
        found = await store.closing(connection, close_id)
    if found is None:
        return
    if found.state == "queued":
        await _check_out(context, close_id, found)
    elif found.state == "undoing":
        await _reopen(context, close_id)
    async with context.engine.begin() as connection:
        await publish(connection, topic_of(found.place_id), "day_close", {"id": close_id})


async def _check_out(context: JobContext, close_id: int, found: store.Closing) -> None:
    left = 0
    while True:
        async with context.engine.begin() as connection:
            people = await store.people_inside(
                connection, found.place_id, found.closed_at, limit=_AT_ONCE
            )
            if people:
                left += await store.check_out(
                    connection, close_id, found.place_id, found.closed_at, people
                )
            if len(people) < _AT_ONCE:
                await store.finish(connection, close_id, "done", left)
                return


async def _reopen(context: JobContext, close_id: int) -> None:
    while True:
        async with context.engine.begin() as connection:
            ended = await store.kept(connection, close_id, limit=_AT_ONCE)
            if ended:
                await store.reopen(connection, close_id, ended)
            if len(ended) < _AT_ONCE:
                await store.finish(connection, close_id, "undone", None)
                return


async def forget_closes(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop whose visits a close had ended, once it can no longer be taken back."""
    async with context.engine.begin() as connection:
        await store.forget_closes(connection, now() - 2 * UNDO_WINDOW - timedelta(minutes=10))


JOBS = (
    Job(JOB, close_day),
    Job("visits.forget_closes", forget_closes, schedule="*/30 * * * *"),
)
