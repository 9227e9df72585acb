"""Jobs of answers from the public: what is overdue is told, who reported is forgotten."""

from collections.abc import Mapping
from typing import Any

from lachan.jobs.queue import Job, JobContext
from lachan.safety.feedback import work_store
from lachan.safety.silent.store import push_to_staff
from lachan.storage.events import publish


async def overdue(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Tell those who run a place, and the desk of its area, that an answer is overdue; once."""
    async with context.engine.begin() as connection:
        late = await work_store.mark_overdue(connection)
        for place_id, area in late:
            await push_to_staff(connection, [place_id], "safety_answer", "/safety/{place}/voices")
            await publish(connection, f"desk:{area}", "safety_overdue", {"place": place_id})


async def forget(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Forget who sent a report that ended a while ago."""
    async with context.engine.begin() as connection:
        await work_store.forget_reporters(connection, context.settings.safety.reporter_days)


JOBS = (
    Job("safety.feedback_overdue", overdue, schedule="*/10 * * * *"),
    Job("safety.forget_reporters", forget, schedule="37 3 * * *"),
)
