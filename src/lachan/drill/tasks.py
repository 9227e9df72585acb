"""Taking a drill away again: only the worker may delete, and only what bears its number."""

from collections.abc import Mapping
from typing import Any

import structlog

from lachan.drill import store
from lachan.drill.service import REMOVE
from lachan.jobs.queue import Job, JobContext

log = structlog.get_logger()

_PEOPLE_AT_ONCE = 1_000
_FORGOTTEN_HOURS = 24


async def remove(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Remove one drill, or, on schedule, those whose program died before it could ask.

    Each batch commits by itself; begun again, it goes on where it stopped.
    """
    if "drill" in payload:
        drills = [int(payload["drill"])]
    else:
        async with context.engine.begin() as connection:
            drills = await store.forgotten(connection, _FORGOTTEN_HOURS)
    for drill_id in drills:
        async with context.engine.begin() as connection:
            await store.remove_cases(connection, drill_id)
        removed = 0
        while True:
            async with context.engine.begin() as connection:
                count = await store.remove_people(connection, drill_id, _PEOPLE_AT_ONCE)
            if count == 0:
                break
            removed += count
        async with context.engine.begin() as connection:
            await store.remove_places(connection, drill_id)
            await store.remove_cards(connection, drill_id)
            await store.close(connection, drill_id)
        log.info("drill_removed", drill=drill_id, people=removed)


JOBS = [Job(REMOVE, remove, schedule="17 * * * *")]
