"""The worker's side of lists of facilities: reading, taking over, forgetting."""

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.kit.errors import Problem
from lachan.safety.importing import service
from lachan.safety.importing import work_store as work
from lachan.safety.importing.errors import FacilityFileFailed

log = structlog.get_logger()

_KEPT: Final = timedelta(days=180)


async def read(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Read a file that an officer sent; begun again, it begins anew."""
    import_id = int(payload["import"])
    async with context.engine.begin() as connection:
        task = await work.task(connection, import_id)
        content = await work.content(connection, import_id)
    if task is None or content is None:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="lachan-") as folder:
            # Its own name only in the record: here it would be a path that somebody else chose.
            file = Path(folder) / f"list.{'osm.pbf' if task.file_name.endswith('.pbf') else 'data'}"
            file.write_bytes(content)
            await service.check(context.engine.begin, import_id, file)
    except Problem as problem:
        await _refuse(context, import_id, problem)
    except Exception as error:
        # A job that failed is not run again: without this its page would wait for ever.
        log.exception("facility_file_failed", number=import_id, error=type(error).__name__)
        await _refuse(context, import_id, FacilityFileFailed())
        raise


async def _refuse(context: JobContext, import_id: int, problem: Problem) -> None:
    async with context.engine.begin() as connection:
        await work.forget_rows(connection, import_id)
        await work.refuse(connection, import_id, {"code": problem.code, "params": problem.params})


async def take(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Take a checked list over."""
    import_id = int(payload["import"])
    try:
        await service.commit(context.engine.begin, import_id)
    except Exception as error:
        log.exception("facility_import_failed", number=import_id, error=type(error).__name__)
        async with context.engine.begin() as connection:
            # What is done stays done; pressing again goes on.
            await work.set_state(connection, import_id, "checked")
        raise


async def forget(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop lists of half a year ago in which nothing waits; the places stay."""
    async with context.engine.begin() as connection:
        await work.forget(connection, now() - _KEPT)


JOBS = (
    Job(service.READ, read),
    Job(service.TAKE, take),
    Job("safety.forget_facilities", forget, schedule="47 3 * * *"),
)
