"""Carrying an officer's one press to those who run the places."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lachan.jobs.queue import Job, JobContext, enqueue
from lachan.kit.clock import local_day
from lachan.safety.silent import store
from lachan.safety.silent.service import REMIND


async def remind(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Tell whoever runs the places that one press reminded."""
    sent_at = datetime.fromisoformat(payload["sent_at"])
    async with context.engine.begin() as connection:
        places = await store.reminded_at(connection, int(payload["officer"]), sent_at)
        await store.tell_staff(connection, places, local_day(sent_at, context.settings.zone))
        await enqueue(connection, "push.deliver", {}, once="push.deliver")


JOBS = (Job(REMIND, remind),)
