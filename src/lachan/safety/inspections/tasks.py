"""Jobs of inspections: orders whose deadline passed."""

from collections.abc import Mapping
from typing import Any

from lachan.jobs.queue import Job, JobContext
from lachan.safety.inspections import store
from lachan.safety.silent.store import push_to_staff
from lachan.storage.events import publish


async def overdue(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Tell those who run a place, and the desk of its area, that a repair is overdue; once."""
    async with context.engine.begin() as connection:
        for place_id, area in await store.mark_overdue(connection):
            await push_to_staff(connection, [place_id], "safety_repair", "/safety/{place}/voices")
            await publish(connection, f"desk:{area}", "safety_overdue", {"place": place_id})


JOBS = (Job("safety.repairs_overdue", overdue, schedule="*/10 * * * *"),)
