"""Work of the night: invitations whose time is over are forgotten."""

from collections.abc import Mapping
from typing import Any

from lachan.jobs.queue import Job, JobContext
from lachan.places.operators import store
from lachan.places.operators.service import DAYS


async def forget(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop invitations that ended or were taken a month ago, and with them whose number it was."""
    async with context.engine.begin() as connection:
        await store.forget(connection, DAYS)


JOBS = (Job("places.forget_invitations", forget, schedule="43 3 * * *"),)
