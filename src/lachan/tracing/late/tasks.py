"""The job that tells a tracer of visits which came after the trace: lists, offline batches.

It only counts and tells. The officer presses Trace; a trace run by itself would change the list of
contacts under the hands of those who call them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.cases.service import topic_of
from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import local_day, now
from lachan.storage.events import publish
from lachan.tracing.domain import LONGEST_VISIT, Source, rules_by
from lachan.tracing.engine import trace
from lachan.tracing.engines.sql import SqlEngine
from lachan.tracing.late import store
from lachan.tracing.service import rule_of_run

log = structlog.get_logger()

LOOK: Final = "tracing.look_late"
# A visit is written some moments after it was received: what is younger is left for the next look.
SETTLED: Final = timedelta(minutes=2)
_SLICE: Final = timedelta(minutes=30)
_FIRST_LOOK: Final = timedelta(days=1)
_ENGINE: Final = SqlEngine()
_NO_END: Final = text("SET LOCAL idle_in_transaction_session_timeout = 0")


async def look(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Look at what was recorded since the last time, a slice in a transaction."""
    ends = now() - SETTLED
    touched: set[int] = set()
    async with context.engine.begin() as connection:
        # It lies idle while the cases are counted, which may take minutes in a large outbreak. Were
        # it ended for that, the next look would begin at the same moment and be ended as well.
        await connection.execute(_NO_END)
        await store.WATERMARK.lock(connection)
        since = await store.WATERMARK.reached(connection) or ends - _FIRST_LOOK
        first_day = local_day(now(), context.settings.zone) - timedelta(
            days=context.settings.retention.visit_days
        )
        while since < ends:
            until = min(since + _SLICE, ends)
            touched.update(
                await store.touched(
                    connection, since, until, first_day=first_day, reach=LONGEST_VISIT
                )
            )
            since = until
        told = [case_id for case_id in sorted(touched) if await _look_at(context, case_id)]
        # Last: what a crash leaves uncounted is looked at again.
        await store.WATERMARK.move(connection, since)
    if told:
        log.info("late_visits_told", cases=len(told))


async def _look_at(context: JobContext, case_id: int) -> bool:
    """Count what a trace of today would add to the case's F1; whether that was news."""
    moment = now()
    async with context.engine.connect() as reading:
        # The contacts and the visits of one moment.
        await reading.execution_options(isolation_level="REPEATABLE READ")
        case = await store.traced(reading, case_id)
        if case is None:
            return False
        rules = rules_by(rule_of_run(case.rules, case.disease), moment, context.settings.zone)
        source = Source(case.person_id, case.infectious_from, case.infectious_until)
        found = await trace(_ENGINE, reading, source, rules, max_level=1)
        known = await store.known(reading, case_id)
        await reading.rollback()
    visits, people = set(), set()
    for contact in found.contacts:
        unseen = {
            one.visit_id
            for one in contact.exposures
            if (one.source_visit_id, one.visit_id) not in known.meetings
        }
        visits |= unseen
        if unseen and contact.person_id not in known.people:
            people.add(contact.person_id)
    async with context.engine.begin() as connection:
        news = await store.write(
            connection, case_id, case.run_id, visits=len(visits), people=len(people)
        )
        if news:
            await _tell(connection, case_id, case.area, len(visits), len(people))
    return news


async def _tell(
    connection: AsyncConnection, case_id: int, area: str, visits: int, people: int
) -> None:
    await publish(
        connection, topic_of(case_id), "late_visits", {"visits": visits, "people": people}
    )
    await publish(connection, f"desk:{area}", "late_visits", {"case": case_id})


JOBS = (Job(LOOK, look, schedule="*/2 * * * *"),)
