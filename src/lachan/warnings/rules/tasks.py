"""The job that tries a version of the rules on past cases, by the engine that traces them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases import store as versions
from lachan.diseases.rules import MessageKind, Rule, rule_from
from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.tracing.domain import Source, rules_by
from lachan.tracing.engine import trace
from lachan.tracing.engines.sql import SqlEngine
from lachan.warnings.domain import recipients_of
from lachan.warnings.rules import store
from lachan.warnings.rules.service import TRY

log = structlog.get_logger()
_ENGINE = SqlEngine()


async def _recipients(
    connection: AsyncConnection, case: Row[Any], rule: Rule, as_of: datetime, zone: ZoneInfo
) -> dict[int, MessageKind]:
    until = min(case.infectious_until, as_of)
    if case.infectious_from >= until:
        return {}
    found = await trace(
        _ENGINE,
        connection,
        Source(case.person_id, case.infectious_from, until),
        rules_by(rule, as_of, zone),
        max_level=max(rule.usual_levels),
    )
    places = {one.place_id for contact in found.contacts for one in contact.exposures}
    kinds = await store.place_kinds(connection, sorted(places))
    return recipients_of(found.contacts, rule, kinds, rule.usual_levels)


async def try_rule(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Trace past cases by a version and by the one in force, and count whom each would warn.

    Nothing is written but the counts. Of one case after the other, so that a page shows progress.
    """
    trial_id = int(payload["trial"])
    async with context.engine.begin() as connection:
        begun = await store.begin(connection, trial_id)
    if begun is None:
        return
    try:
        await _compare_all(context, trial_id, begun.rule_id)
    except Exception:
        async with context.engine.begin() as connection:
            await store.finish(connection, trial_id, "failed")
        raise
    async with context.engine.begin() as connection:
        await store.finish(connection, trial_id, "done")


async def _compare_all(context: JobContext, trial_id: int, rule_id: int) -> None:
    as_of, zone = now(), context.settings.zone
    since = as_of - timedelta(days=context.settings.retention.visit_days)
    async with context.engine.begin() as connection:
        row = await versions.find(connection, rule_id)
        if row is None:
            return
        cases = await store.past_cases(
            connection,
            disease=row.disease,
            area=row.area,
            since=since,
            limit=context.settings.warnings.trial_cases,
        )
    tried = rule_from(
        row.body, disease=row.disease, area=row.area, version=str(row.id), rule_id=row.id
    )
    for case in cases:
        async with context.engine.begin() as connection:
            present = await versions.in_force(connection, row.disease, case.area)
            would = await _recipients(connection, case, tried, as_of, zone)
            now_warned = await _recipients(connection, case, present, as_of, zone)
            await store.note(
                connection,
                trial_id,
                store.Compared(
                    case_id=case.id,
                    code=case.code,
                    would=len(would),
                    present=len(now_warned),
                    gained=len(would.keys() - now_warned.keys()),
                    lost=len(now_warned.keys() - would.keys()),
                    kinds=Counter(would.values()),
                ),
            )
    log.info("rule_tried", trial=trial_id, rule=rule_id, cases=len(cases))


JOBS = [Job(TRY, try_rule)]
