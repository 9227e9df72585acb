"""Rules of listing who was at a place: for the tracer of a case that was there, without names.

A person appears under a sealed id, the same throughout a case and another in each: it joins the
rows of one list, and leads nowhere without the key file.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.cases.visitors import store
from lachan.identity import audit
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer

DAYS: Final = 14
_LONGEST: Final = timedelta(days=31)
_SEALED: Final = 10


def sealer(keyring: Keyring, case_id: int) -> Callable[[int], str]:
    """Turns person ids into sealed ids of a case: twenty hex digits, a keyed hash of 80 bits."""
    key = keyring.derive(f"visitors:{case_id}")

    @cache
    def seal(person_id: int) -> str:
        raw = person_id.to_bytes(8, "big")
        return hashlib.blake2b(raw, digest_size=_SEALED, key=key).hexdigest()

    return seal


def window_of(
    since: datetime | None, until: datetime | None, moment: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The window asked for, by default the last fourteen days. Raises `InvalidInput`."""
    ends = until or moment
    begins = since or (ends.astimezone(zone) - timedelta(days=DAYS))
    if begins >= ends:
        raise InvalidInput(fields={"until": "visits-field-end-before-start"})
    if ends - begins > _LONGEST:
        raise InvalidInput(fields={"since": "field-out-of-range"})
    return begins, ends


async def access_place(
    connection: AsyncConnection,
    viewer: Viewer,
    case_id: int,
    place_id: int,
    *,
    note: bool,
) -> dict[int, str]:
    """The rooms of a place whose visitors the viewer may list; `note` writes the listing down.

    Raises `NotFound` when the case gives no right to the place.
    """
    if not await store.touched(connection, case_id, place_id):
        raise NotFound
    rooms = await store.rooms(connection, place_id)
    if note:
        await audit.record(
            connection,
            viewer,
            "place.visitors_listed",
            area=next(iter(viewer.roots("tracer")), None),
            object=f"place:{place_id}",
            details={"case": case_id},
        )
    return rooms
