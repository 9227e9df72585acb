"""What the officers of the demo have done so far, through the same services that real ones use."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from lachan.cases.service import access_case
from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Grant, Viewer
from lachan.reports.store import count_day
from lachan.settings import Settings
from lachan.storage.roles import asyncpg_url, role_urls
from lachan.tracing.service import start_trace
from lachan.tracing.tasks import run_trace
from lachan.warnings import service as warnings
from lachan.warnings.tasks import send

LEVELS: Final = 2
TRACED_AT_ONCE: Final = 4
COUNTED_DAYS: Final = 14
_HEADS: Final = text(
    """
    INSERT INTO door_count (place_id, day, hour, counted)
    SELECT v.place_id, v.day, 24, count(DISTINCT v.person_id) * (104 + v.place_id % 37) / 100
    FROM visit v WHERE v.day > CAST(:today AS date) - CAST(:days AS integer) AND v.day < :today
    GROUP BY v.place_id, v.day HAVING count(DISTINCT v.person_id) >= 20
    """
)
"""Somebody stood at each larger door and saw a few more people than had scanned."""


async def tell(
    settings: Settings,
    owner_url: str,
    keyring: Keyring,
    *,
    officers: tuple[int, int],
    area: str,
    traced: Sequence[int],
    warned: int,
) -> int:
    """Warn about one case, draft a warning of another; how many people were warned.

    `warned` and the first few of `traced` are traced here and now; the others wait for the worker,
    which reaches them in its first seconds.
    """
    viewers = [
        Viewer(kind="officer", token="", display_name="", officer_id=officer,
               grants=(Grant("tracer", area),))
        for officer in officers
    ]  # fmt: skip
    owner = create_async_engine(asyncpg_url(owner_url), pool_size=2)
    urls = role_urls(settings.database, owner_url, keyring)
    worker = create_async_engine(urls.worker, pool_size=2)
    context = JobContext(worker, keyring, settings)
    try:
        cases = list(dict.fromkeys((warned, *traced)))
        for case_id in cases[:TRACED_AT_ONCE]:
            await _trace(owner, context, viewers[0], case_id)
        await _queue(owner, viewers[0], cases[TRACED_AT_ONCE:])
        count = await _warn(owner, context, viewers, warned)
        await _draft(owner, viewers[0], cases[1])
        await _count(owner, settings)
    finally:
        await owner.dispose()
        await worker.dispose()
    return count


async def _trace(owner: AsyncEngine, context: JobContext, viewer: Viewer, case_id: int) -> None:
    async with owner.begin() as connection:
        case = await access_case(connection, case_id)
        run = await start_trace(connection, viewer, case, max_level=LEVELS, dry_run=False)
        # Computed here and now; no worker runs yet while the demo is filled in.
        await connection.execute(
            text("DELETE FROM pgqueuer WHERE dedupe_key = :key"), {"key": f"trace:{run.id}"}
        )
    await run_trace(context, {"run": run.id})


async def _queue(owner: AsyncEngine, viewer: Viewer, case_ids: Sequence[int]) -> None:
    async with owner.begin() as connection:
        for case_id in case_ids:
            case = await access_case(connection, case_id)
            await start_trace(connection, viewer, case, max_level=LEVELS, dry_run=False)


async def _warn(
    owner: AsyncEngine, context: JobContext, viewers: Sequence[Viewer], case_id: int
) -> int:
    breaker = warnings.breaker_of(context.settings)
    async with owner.begin() as connection:
        draft = await warnings.draft(connection, viewers[0], warnings.Plan(case_id, levels=[1]))
        # The second officer approves, as the breaker may ask for.
        await warnings.approve(connection, viewers[1], draft.id, draft.recipients, breaker)
    await send(context, {"warning": draft.id})
    return int(draft.recipients)


async def _draft(owner: AsyncEngine, viewer: Viewer, case_id: int) -> None:
    async with owner.begin() as connection:
        await warnings.draft(connection, viewer, warnings.Plan(case_id, levels=[1]))


async def _count(owner: AsyncEngine, settings: Settings) -> None:
    """Heads counted at the larger doors, and what the worker would have counted day by day."""
    today = now().astimezone(settings.zone).date()
    async with owner.begin() as connection:
        await connection.execute(_HEADS, {"today": today, "days": COUNTED_DAYS})
        for back in range(COUNTED_DAYS):
            await count_day(connection, today - timedelta(days=back), settings.timezone)
