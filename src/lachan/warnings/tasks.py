"""Jobs that carry an approved or withdrawn warning to phones, batch by batch."""

from collections.abc import Mapping
from typing import Any

import structlog

from lachan.jobs.queue import Job, JobContext
from lachan.kit import metrics
from lachan.warnings import store
from lachan.warnings.service import SEND, TELL_WITHDRAWN

log = structlog.get_logger()


async def send(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Deliver one warning, or, on schedule, whatever an ended worker left unsent.

    Each batch commits by itself: the first people are told while the last ones wait, a page sees
    the count grow, and a batch sent is not sent again.
    """
    if "warning" in payload:
        waiting = [int(payload["warning"])]
    else:
        async with context.engine.begin() as connection:
            waiting = await store.approved_with_unsent(connection)
    for warning_id in waiting:
        sent = 0
        while True:
            async with context.engine.begin() as connection:
                count = await store.send_batch(
                    connection, warning_id, context.settings.warnings.batch_size
                )
            if count == 0:
                break
            sent += count
            metrics.WARNINGS_SENT.inc(count)
        log.info("warning_sent", warning=warning_id, people=sent)


async def tell_withdrawn(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Let open pages show that a warning no longer stands."""
    last: int | None = 0
    while last is not None:
        async with context.engine.begin() as connection:
            last = await store.tell_withdrawn_batch(
                connection, int(payload["warning"]), last, context.settings.warnings.batch_size
            )


JOBS = [
    Job(SEND, send, schedule="* * * * *"),
    Job(TELL_WITHDRAWN, tell_withdrawn),
]
