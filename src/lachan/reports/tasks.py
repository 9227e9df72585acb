"""Counting, once an hour, how check-in goes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import local_day, now
from lachan.reports import store


async def count_days(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Count today and the two days before: scans of phones without a network come late."""
    today = local_day(now(), context.settings.zone)
    for back in range(3):
        async with context.engine.begin() as connection:
            await store.count_day(
                connection, today - timedelta(days=back), context.settings.timezone
            )


JOBS = (Job("reports.count_days", count_days, schedule="8 * * * *"),)
