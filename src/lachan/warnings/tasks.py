"""Jobs that carry an approved or withdrawn warning to phones, batch by batch."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import structlog

from lachan.identity import audit, sealed
from lachan.identity.messages.outbox import send_text
from lachan.identity.push.tasks import DELIVER
from lachan.jobs.queue import Job, JobContext, enqueue
from lachan.kit import metrics
from lachan.kit.i18n import DEFAULT, Catalogs
from lachan.settings import Settings
from lachan.storage.events import publish
from lachan.warnings import store
from lachan.warnings.domain import Doubt, is_doubtful
from lachan.warnings.rules.tasks import JOBS as RULE_JOBS
from lachan.warnings.service import SEND, TELL_WITHDRAWN

log = structlog.get_logger()
TEXT_UNOPENED = "warnings.text_unopened"
_TEXTS_AT_ONCE = 200


def _stage_of(settings: Settings) -> store.Stage:
    section = settings.warnings
    return store.Stage(section.staged_above, section.stage_first, section.stage_minutes)


def _doubt_of(settings: Settings) -> Doubt:
    section = settings.warnings
    return Doubt(section.dispute_first_seen, section.dispute_least, section.dispute_share_percent)


async def send(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Deliver one warning, or, on schedule, whatever waits or an ended worker left unsent.

    Each batch commits by itself: the first people are told while the last ones wait, a page sees
    the count grow, and a batch sent is not sent again. Before each batch it is asked whether those
    who saw the warning first say that it is wrong.
    """
    if "warning" in payload:
        waiting = [int(payload["warning"])]
    else:
        async with context.engine.begin() as connection:
            waiting = await store.approved_with_unsent(connection)
    for warning_id in waiting:
        sent = 0
        while not await _stopped(context, warning_id):
            async with context.engine.begin() as connection:
                batch, pushes = await store.send_batch(
                    connection,
                    warning_id,
                    context.settings.warnings.batch_size,
                    _stage_of(context.settings),
                )
                if pushes:
                    await enqueue(connection, DELIVER, {}, priority=10, once=DELIVER)
            sent += batch.count
            metrics.WARNINGS_SENT.inc(batch.count)
            if not batch.more:
                break
        log.info("warning_sent", warning=warning_id, people=sent)


async def _stopped(context: JobContext, warning_id: int) -> bool:
    """Stop the warning when too many of the first who saw it dispute it."""
    doubt = _doubt_of(context.settings)
    async with context.engine.begin() as connection:
        seen, disputed = await store.first_seen(connection, warning_id, doubt.first_seen)
        if not is_doubtful(seen, disputed, doubt):
            return False
        row = await store.stop(connection, warning_id)
        if row is None:
            return False
        await publish(connection, f"desk:{row.area}", "warning_stopped", {"id": warning_id})
        await audit.record(
            connection,
            None,
            "warning.stopped",
            area=row.area,
            object=f"warning:{warning_id}",
            details={"recipients": row.recipients, "seen": seen, "disputed": disputed},
        )
    log.warning("warning_stopped", warning=warning_id, seen=seen, disputed=disputed)
    return True


async def tell_withdrawn(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Let open pages show that a warning no longer stands."""
    last: int | None = 0
    while last is not None:
        async with context.engine.begin() as connection:
            last = await store.tell_withdrawn_batch(
                connection, int(payload["warning"]), last, context.settings.warnings.batch_size
            )


@cache
def _catalogs() -> Catalogs:
    return Catalogs()


async def text_unopened(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Text those who have no push and did not open their warning in time, up to the hour's cap.

    The text names neither place nor disease: whoever holds the phone may read it.
    """
    section = context.settings.warnings
    if section.text_after_minutes == 0:
        return
    async with context.engine.begin() as connection:
        room = section.texts_per_hour - await store.texted_last_hour(connection)
        if room <= 0:
            log.warning("warning_texts_capped", cap=section.texts_per_hour)
            return
        body = _catalogs().translate(
            DEFAULT,
            "warnings-text",
            url=f"{context.settings.web.base_url.rstrip('/')}/me/warnings?via=sms",
        )
        rows = await store.take_unopened(
            connection, section.text_after_minutes, min(room, _TEXTS_AT_ONCE)
        )
        for row in rows:
            known = sealed.opened(context.keyring, row.person_id, row.sealed)
            if known.phone:
                await send_text(
                    connection,
                    context.keyring,
                    phone=known.phone,
                    body=body,
                    purpose="warning",
                    warning_messages=row.messages,
                )
    if rows:
        log.info("warnings_texted", people=len(rows))


JOBS = [
    Job(SEND, send, schedule="* * * * *"),
    Job(TELL_WITHDRAWN, tell_withdrawn),
    Job(TEXT_UNOPENED, text_unopened, schedule="* * * * *"),
    *RULE_JOBS,
]
