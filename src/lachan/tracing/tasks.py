"""The worker's side of tracing: computes a run, tells how far it is, writes what it found."""

import time
from collections.abc import Mapping
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.cases.service import RETRACE, topic_of
from lachan.diseases.profiles import profile_of
from lachan.jobs.queue import Job, JobContext
from lachan.kit import metrics
from lachan.kit.clock import now
from lachan.storage.events import publish
from lachan.tracing import results
from lachan.tracing.domain import Source, Trace, rules_by
from lachan.tracing.engine import TraceEngine, trace
from lachan.tracing.engines.sql import SqlEngine
from lachan.tracing.late import store as late
from lachan.tracing.late.tasks import JOBS as LATE_JOBS
from lachan.tracing.results import Begun
from lachan.tracing.service import RUN, queue_run, rule_of_run

log = structlog.get_logger()

ENGINE: Final[TraceEngine] = SqlEngine()
FAILED = "trace-failed"
TOO_SLOW = "trace-too-slow"
_QUERY_CANCELED = "57014"
_COMPUTED = 90  # percent; the rest is writing


async def run_trace(
    context: JobContext, payload: Mapping[str, Any], *, engine: TraceEngine = ENGINE
) -> None:
    """Compute the run named in the payload; whatever goes wrong, the run says so."""
    run_id = int(payload["run"])
    begun_at = time.perf_counter()
    try:
        await _compute(context, run_id, engine)
    except Exception as error:
        code = TOO_SLOW if _was_canceled(error) else FAILED
        log.exception("trace_failed", run=run_id, code=code)
        await _fail(context.engine, run_id, code)
        raise
    finally:
        metrics.TRACE_SECONDS.observe(time.perf_counter() - begun_at)


async def _compute(context: JobContext, run_id: int, engine: TraceEngine) -> None:
    as_of, zone = now(), context.settings.zone
    async with context.engine.begin() as connection:
        run = await results.begin(connection, run_id, as_of)
        if run is None:
            return
        await _tell(connection, run, state="running", progress=0)
    profile = profile_of(run.disease)
    rules = rules_by(rule_of_run(run.rules, run.disease), as_of, zone)

    async def progress(level: int, _found: int) -> None:
        share = _COMPUTED * level // run.max_level
        async with context.engine.begin() as apart:
            await results.set_progress(apart, run.id, share)
            await _tell(apart, run, state="running", progress=share)

    case = Source(run.person_id, run.infectious_from, run.infectious_until)
    async with context.engine.connect() as reading:
        # All levels see the visits of one moment.
        await reading.execution_options(isolation_level="REPEATABLE READ")
        found = await trace(
            engine, reading, case, rules, max_level=run.max_level, progress=progress
        )
        await reading.rollback()
    await _write(context.engine, run, found, profile.version)


async def _write(engine: AsyncEngine, run: Begun, found: Trace, version: str) -> None:
    counts = found.counts()
    if found.stopped_at is not None:
        counts["stopped_at"] = found.stopped_at
    async with engine.begin() as connection:
        if not run.dry_run:
            written = await results.write(connection, run, found.contacts)
            await late.clear(connection, run.case_id)
            counts |= {
                "added": written.added,
                "kept": written.kept,
                "removed": written.removed,
            }
        await results.finish(connection, run.id, counts, version)
        await _tell(connection, run, state="done", progress=100, counts=counts)
        await publish(connection, f"desk:{run.area}", "trace", {"case": run.case_id})


async def _fail(engine: AsyncEngine, run_id: int, code: str) -> None:
    async with engine.begin() as connection:
        case_id = await results.fail(connection, run_id, code)
        if case_id is not None:
            await publish(
                connection,
                topic_of(case_id),
                "trace",
                {"run_id": run_id, "state": "failed", "progress": 0, "error": code},
            )


async def _tell(
    connection: AsyncConnection,
    run: Begun,
    *,
    state: str,
    progress: int,
    counts: Mapping[str, int] | None = None,
) -> None:
    payload = {
        "run_id": run.id,
        "state": state,
        "progress": progress,
        "dry_run": run.dry_run,
        "counts": dict(counts or {}),
    }
    await publish(connection, topic_of(run.case_id), "trace", payload)


def _was_canceled(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == _QUERY_CANCELED


async def retrace(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Trace anew the open cases of which somebody who became a case is a contact."""
    async with context.engine.begin() as connection:
        for case in await results.cases_around(
            connection, int(payload["person"]), int(payload["but"])
        ):
            await queue_run(connection, case.id, profile_of(case.disease), case.max_level)


JOBS = (Job(RUN, run_trace), Job(RETRACE, retrace), *LATE_JOBS)
