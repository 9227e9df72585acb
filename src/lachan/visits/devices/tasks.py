"""Forgets whom scans stood for, once no device can send them again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.visits.devices import store

log = structlog.get_logger()


async def forget_scans(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Delete what is older than a device may wait off line."""
    older = now() - timedelta(days=context.settings.intake.offline_days + 1)
    async with context.engine.begin() as connection:
        dropped = await store.forget_before(connection, older)
    log.info("device_scans_forgotten", dropped=dropped)


JOBS = (Job("devices.forget_scans", forget_scans, schedule="41 * * * *"),)
