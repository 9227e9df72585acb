"""Jobs of credentials: what can no longer be asked about is forgotten."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import text

from lachan.identity.credentials.domain import STEP_SECONDS, step_of
from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now

log = structlog.get_logger()

# A door may send what it took off line for so many days; a day more is for its clock.
_SLACK: Final = timedelta(days=1)
_AT_ONCE: Final = 50_000

_KEYS = text("DELETE FROM phone_key WHERE ends_at < :before")
# In pieces: a day of a country is millions of rows, and nothing waits for them to go.
_USES = text(
    """
    DELETE FROM phone_code_use WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM phone_code_use WHERE step < :before ORDER BY step LIMIT :most))
    """
)


async def clean_up(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Delete phones' keys and the uses of their codes that no scan can name any more."""
    before = now() - timedelta(days=context.settings.intake.offline_days) - _SLACK
    async with context.engine.begin() as connection:
        keys = (await connection.execute(_KEYS, {"before": before})).rowcount
    uses, deleted = 0, _AT_ONCE
    while deleted == _AT_ONCE:
        async with context.engine.begin() as connection:
            deleted = (
                await connection.execute(
                    _USES,
                    {"before": step_of(before) - 60 // STEP_SECONDS, "most": _AT_ONCE},
                )
            ).rowcount
        uses += deleted
    log.info("credentials_cleaned_up", keys=keys, uses=uses)


JOBS = (Job("credentials.clean_up", clean_up, schedule="37 * * * *"),)
