"""The worker's side of paper lists: reads files, takes rows, forgets what is over its time."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.places.kinds import kind_of
from lachan.visits.paper import results, rules, store
from lachan.visits.paper.domain import (
    Judged,
    Reason,
    Setting,
    State,
    Written,
    find_namesakes,
    judge,
    with_reason,
)
from lachan.visits.paper.sealed import seal
from lachan.visits.paper.store import NewRow
from lachan.visits.paper.tables import rows_of, unseal_table
from lachan.visits.paper.taking import take_some

log = structlog.get_logger()

_ROWS_A_STEP: Final = 1_000


async def check_file(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Read the table of an uploaded file row by row; nothing counts before it is confirmed."""
    list_id = UUID(str(payload["list"]))
    try:
        await _check(context, list_id)
    except Exception:
        async with context.engine.begin() as connection:
            await results.fail(connection, list_id)
        raise


async def _check(context: JobContext, list_id: UUID) -> None:
    moment = now()
    async with context.engine.begin() as connection:
        one = await results.to_check(connection, list_id)
        if one is None:
            return
        await results.clear_rows(connection, list_id)
        rooms = await store.rooms(connection, one.place_id)
    reading = rules.reading_of(one.reading)
    table = unseal_table(context.keyring, list_id, bytes(one.sealed))
    rows = await asyncio.to_thread(rows_of, table, reading)
    minutes = one.usual_stay_minutes or kind_of(one.place_kind).usual_stay_minutes
    setting = rules.setting_of(
        context.settings,
        moment,
        day=reading.day,
        rooms=rooms,
        usual_stay=timedelta(minutes=minutes),
        hours=one.hours,
        by_officer=one.typed_by_officer is not None,
    )
    # Seconds of work on a long list: other jobs of this worker go on meanwhile.
    judged = await asyncio.to_thread(_judge_all, [written for _, written in rows], setting)
    seen: set[bytes] = set()
    for start in range(0, len(rows), _ROWS_A_STEP):
        part = range(start, min(start + _ROWS_A_STEP, len(rows)))
        async with context.engine.begin() as connection:
            new = await _new_rows(
                connection, context, one, [(*rows[number], judged[number]) for number in part], seen
            )
            await results.add_rows(connection, list_id, new)
    async with context.engine.begin() as connection:
        await results.set_state(connection, list_id, "checked", len(rows))
    log.info("paper_checked", rows=len(rows))


def _judge_all(rows: list[Written], setting: Setting) -> list[Judged]:
    return find_namesakes([judge(written, setting) for written in rows], setting.usual_stay)


async def _new_rows(
    connection: AsyncConnection,
    context: JobContext,
    one: Row[Any],
    rows: list[tuple[int, Written, Judged]],
    seen: set[bytes],
) -> list[NewRow]:
    indexes = [rules.row_index(context.keyring, one.place_id, judged) for _, _, judged in rows]
    known = await results.known_rows(connection, one, indexes)
    new = []
    for (line, written, read), index in zip(rows, indexes, strict=True):
        judged = read
        if judged.state is not State.REFUSED and (index in known or index in seen):
            judged = with_reason(judged, Reason.REPEATED)
        seen.add(index)
        new.append(new_row(context, one.id, line, written, judged, index))
    return new


def new_row(
    context: JobContext, list_id: UUID, line: int, written: Written, judged: Judged, index: bytes
) -> NewRow:
    """A row of a list as it is kept; its id follows from the list and the line."""
    row_id = uuid5(list_id, str(line))
    return NewRow(
        id=row_id,
        line=line,
        room_id=judged.room_id,
        sealed=seal(context.keyring, row_id, written),
        row_index=index,
        arrived_at=judged.arrived_at,
        left_at=judged.left_at,
        state=judged.state.value,
        reasons=[reason.value for reason in judged.reasons],
    )


async def take_rows(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Turn rows that are ready into visits: those of one list, or, on schedule, all that wait."""
    list_id = UUID(str(payload["list"])) if payload.get("list") else None
    taken = 0
    while True:
        async with context.engine.begin() as connection:
            some = await take_some(connection, context.keyring, context.settings, list_id)
        taken += some
        if some == 0:
            break
    if taken:
        log.info("paper_taken", rows=taken)


async def drop_old(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop lists and rows whose visits are gone, and people whom nothing else knows."""
    before: datetime = now() - timedelta(days=context.settings.retention.visit_days)
    async with context.engine.begin() as connection:
        dropped = await connection.scalar(
            text("SELECT lachan_drop_paper(:before)"), {"before": before}
        )
    if dropped:
        log.info("paper_dropped", rows=dropped)


JOBS = (
    Job(rules.CHECK, check_file),
    Job(rules.TAKE, take_rows, schedule="*/5 * * * *"),
    Job("visits.paper.drop_old", drop_old, schedule="47 * * * *"),
)
