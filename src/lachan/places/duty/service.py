"""Rules of the end of the duty to check in: an officer ends it, those concerned read what follows.

Checking in stays possible. What was noted goes by its own clock: the last visit made under the duty
is dropped when the diary's time is over, counted from the day on which the duty ends.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.errors import Conflict, InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.places.duty import store
from lachan.places.kinds import KINDS

ROLE: Final = "admin"
_AHEAD: Final = timedelta(days=365)


def last_deleted_on(ends_on: date, kept_days: int) -> date:
    """The day on which nothing noted under the duty is left."""
    return ends_on + timedelta(days=kept_days + 1)


async def end(
    connection: AsyncConnection,
    viewer: Viewer,
    area: str,
    kind: str | None,
    ends_on: date,
    *,
    today: date,
) -> None:
    """End the duty to check in. Raises `InvalidInput`, or `Conflict` when it has ended there."""
    fields: dict[str, str] = {}
    if not any(area == root or area.startswith(f"{root}.") for root in viewer.roots(ROLE)):
        fields["area"] = "bulk-reason-outside"
    if kind is not None and kind not in KINDS.by_code:
        fields["kind"] = "places-field-no-kind"
    if not today - _AHEAD <= ends_on <= today + _AHEAD:
        fields["ends_on"] = "field-out-of-range"
    if fields:
        raise InvalidInput(fields=fields)
    if await store.end(connection, area, kind, ends_on, viewer.officer) is None:
        raise Conflict
    await audit.record(
        connection, viewer, "duty.ended", area=area, details={"kind": kind, "on": str(ends_on)}
    )


async def withdraw(connection: AsyncConnection, viewer: Viewer, duty_id: int) -> None:
    """Let the duty hold again. Raises `NotFound`."""
    area = await store.withdraw(connection, duty_id, viewer.officer)
    if area is None:
        raise NotFound
    await audit.record(connection, viewer, "duty.end_withdrawn", area=area)
