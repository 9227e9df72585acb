"""Day partitions: made a few days ahead, dropped when the diary's time is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import text

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import local_day, now
from lachan.storage.migrate import DAY_TABLES, make_partitions

log = structlog.get_logger()


async def keep_days(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Have partitions for the days to come; drop those older than the retention."""
    today = local_day(now(), context.settings.zone)
    keep_from = today - timedelta(days=context.settings.retention.visit_days)
    async with context.engine.begin() as connection:
        made = await make_partitions(connection, back=context.settings.retention.visit_days)
        dropped = 0
        for table in DAY_TABLES:
            dropped += await connection.scalar(
                text("SELECT lachan_drop_partitions(:parent, :keep_from)"),
                {"parent": table, "keep_from": keep_from},
            )
    log.info("days_kept", made=made, dropped=dropped)


JOBS = (Job("visits.keep_days", keep_days, schedule="17 * * * *"),)
