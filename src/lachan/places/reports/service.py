"""Rules of reporting a case among the staff; an officer decides what comes of it.

`sealed` is JSON `{"contact": ..., "note": ...}` under the name `place_report:<id>`: how to reach
the person, and what else there is to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Viewer
from lachan.kit.ids import uuid7
from lachan.places.reports import store
from lachan.places.service import access_open_place, check_text
from lachan.storage.events import publish

NOTE_LENGTH: Final = 1000
CONTACT_LENGTH: Final = 200
_BACK: Final = timedelta(days=21)
_LONGEST_DUTY: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Report:
    """What was said. `on_duty` is from the first to the last moment at the place."""

    on_duty: tuple[datetime, datetime]
    tested_on: date
    room_ids: Sequence[int]
    contact: str
    note: str


async def report(
    connection: AsyncConnection,
    keyring: Keyring,
    viewer: Viewer,
    place_id: int,
    said: Report,
    *,
    moment: datetime,
) -> UUID:
    """Tell the health authority of a case among the staff; the report's id.

    Raises `NotFound`, `PlaceClosed` or `InvalidInput`.
    """
    place = await access_open_place(connection, viewer, place_id)
    fields: dict[str, str] = {}
    contact = check_text(fields, "contact", said.contact, CONTACT_LENGTH)
    if not contact:
        fields.setdefault("contact", "field-missing")
    if len(said.note) > NOTE_LENGTH:
        fields["note"] = "field-too-long"
    begins, ends = said.on_duty
    if ends <= begins:
        fields["to"] = "visits-field-end-before-start"
    elif ends - begins > _LONGEST_DUTY or moment - begins > _BACK:
        fields["from"] = "place-report-too-long-ago"
    elif begins > moment:
        fields["from"] = "visits-field-future"
    if said.tested_on > moment.date() + timedelta(days=1):
        fields["tested_on"] = "visits-field-future"
    if not set(said.room_ids) <= {room.id for room in place.rooms}:
        fields["rooms"] = "field-invalid"
    if fields:
        raise InvalidInput(fields=fields)
    report_id = uuid7()
    sealed = keyring.seal(
        orjson.dumps({"contact": contact, "note": said.note.strip()}),
        about=f"place_report:{report_id}",
    )
    await store.add(
        connection,
        report_id=report_id,
        place_id=place_id,
        area=place.facts.area,
        room_ids=said.room_ids,
        on_duty=said.on_duty,
        tested_on=said.tested_on,
        sealed=sealed,
        person_id=viewer.person,
    )
    await publish(connection, f"desk:{place.facts.area}", "place_report", {"id": str(report_id)})
    await audit.record(
        connection,
        viewer,
        "place.case_reported",
        area=place.facts.area,
        object=f"place_report:{report_id}",
    )
    return report_id
