"""Carrying an officer's one press to the phones of those who run the places."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lachan.jobs.queue import Job, JobContext
from lachan.safety.silent import store
from lachan.safety.silent.service import REMIND

_AT_ONCE: Final = 500


async def remind(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Queue the pushes of one press."""
    sent_at = datetime.fromisoformat(payload["sent_at"])
    async with context.engine.begin() as connection:
        places = await store.reminded_at(connection, int(payload["officer"]), sent_at)
        for start in range(0, len(places), _AT_ONCE):
            await store.push_to_staff(
                connection, places[start : start + _AT_ONCE], "safety_report", "/safety/{place}"
            )


JOBS = (Job(REMIND, remind),)
