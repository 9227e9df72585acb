"""Rules of paper lists: keep every row, settle what is sure, let people decide the rest.

No page ever asks who a number belongs to: rows are kept as they were written, and the worker makes
people and visits of them. So typing a number tells nobody whether it is known.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.jobs.queue import enqueue
from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.ids import uuid7
from lachan.kit.spreadsheets import Line, Sheet
from lachan.places.kinds import kind_of
from lachan.places.service import access_own_place
from lachan.settings import Settings
from lachan.visits.domain import Direction
from lachan.visits.paper import row_store, rules, sealed, store
from lachan.visits.paper.columns import Field, Reading, read_headings, unclear_in
from lachan.visits.paper.domain import (
    Judged,
    Reason,
    Setting,
    State,
    Written,
    find_namesakes,
    judge,
    tidy_cells,
    with_reason,
)
from lachan.visits.paper.errors import PaperListSettled, PaperListTooLong
from lachan.visits.paper.store import NewRow, PaperList, PaperPlace, PaperRow, Typist
from lachan.visits.paper.tables import seal_table, unseal_table

_HELD = UUID("5d1fc5c4-0d66-4a4e-9d4d-6f1b3c2a7e10")
_TYPED = UUID("9a54be4e-2a39-47d6-8a3c-43c1a9c0b7d2")
# Rows of one day's typing that are looked at for the same name; beyond, a name is taken as it is.
_LOOKED_BACK = 500


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row with what stands on it, for whoever wrote it."""

    row: PaperRow
    written: Written

    @property
    def state(self) -> str:
        return self.row.state


def typist_of(viewer: Viewer) -> Typist:
    """Who types."""
    return Typist(viewer.person_id, viewer.officer_id)


async def hold(
    connection: AsyncConnection,
    keyring: Keyring,
    *,
    place_id: int,
    room_id: int | None,
    device_id: int,
    scan_id: UUID,
    shown: str,
    direction: Direction,
    at: datetime,
    reason: str,
) -> None:
    """Keep what somebody showed at a device and could not be settled, for a tracer to decide.

    `connection` asks in the device's name (row security wants it); `shown` is the raw text, sealed
    here; `reason` is a stable code, as `phone-unconfirmed`, told by the message
    `paper-reason-<code>`. Idempotent by device and `scan_id`.
    """
    row_id = uuid5(_HELD, f"{device_id}:{scan_id}")
    await row_store.hold(
        connection,
        {
            "id": row_id,
            "place": place_id,
            "room": room_id,
            "device": device_id,
            "sealed": sealed.seal(keyring, row_id, Written(shown=shown)),
            "direction": direction.value,
            "at": at,
            "reasons": [reason],
        },
    )


async def access_place(connection: AsyncConnection, viewer: Viewer, place_id: int) -> PaperPlace:
    """A place that the viewer may bring lists of: an own one, or one of an officer's areas.

    Closed places too: lists come late. Raises `NotFound`.
    """
    roots = None
    if viewer.officer_id is None:
        await access_own_place(connection, viewer, place_id)
    else:
        roots = viewer.roots("tracer", "admin")
    found = await store.place(connection, place_id, roots)
    if found is None:
        raise NotFound
    return found


async def access_list(
    connection: AsyncConnection, viewer: Viewer, place_id: int, list_id: UUID
) -> PaperList:
    """A list that the viewer typed or imported. Raises `NotFound` for any other."""
    found = await store.find_list(connection, list_id)
    mine = typist_of(viewer)
    if (
        found is None
        or found.place_id != place_id
        or (found.typed_by_person, found.typed_by_officer) != (mine.person, mine.officer)
    ):
        raise NotFound
    return found


async def setting_of(
    connection: AsyncConnection,
    settings: Settings,
    place: PaperPlace,
    *,
    day: date | None,
    by_officer: bool,
) -> Setting:
    """Against what rows of this place are judged now."""
    minutes = place.usual_stay_minutes or kind_of(place.kind).usual_stay_minutes
    return rules.setting_of(
        settings,
        now(),
        day=day,
        rooms=await store.rooms(connection, place.id),
        usual_stay=timedelta(minutes=minutes),
        hours=place.hours,
        by_officer=by_officer,
    )


async def type_row(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    place: PaperPlace,
    written: Written,
    row_key: str,
) -> TypedRow:
    """Keep one typed row and say what becomes of it. The same `row_key` again changes nothing."""
    mine = typist_of(viewer)
    today = local_day(now(), settings.zone)
    of = await _typed_list(connection, place, mine, today)
    row_id = uuid5(of.id, row_key)
    known = await row_store.find_row(connection, row_id)
    if known is not None:
        return opened(keyring, known)
    setting = await setting_of(
        connection, settings, place, day=today, by_officer=mine.officer is not None
    )
    tidy = tidy_cells(written)
    judged = judge(tidy, setting)
    index = rules.row_index(keyring, place.id, judged)
    if judged.state is not State.REFUSED:
        if await row_store.typed_before(connection, place.id, mine, index, row_id):
            judged = with_reason(judged, Reason.REPEATED)
        elif judged.who.by_name_only:
            judged = await _among_namesakes(connection, keyring, of, judged, setting)
    row = NewRow(
        id=row_id,
        line=await row_store.last_line(connection, of.id) + 1,
        room_id=judged.room_id,
        sealed=sealed.seal(keyring, row_id, tidy),
        row_index=index,
        arrived_at=judged.arrived_at,
        left_at=judged.left_at,
        state=judged.state.value,
        reasons=[reason.value for reason in judged.reasons],
    )
    await row_store.add_row(connection, of, mine, row)
    await store.touch_typed(connection, of.id)
    if judged.state is State.READY:
        await queue_taking(connection, of.id)
    made = await row_store.find_row(connection, row_id)
    assert made is not None
    return TypedRow(made, tidy)


async def _typed_list(
    connection: AsyncConnection, place: PaperPlace, mine: Typist, today: date
) -> PaperList:
    found = await store.typed_list(connection, place.id, mine, today)
    if found is None:
        name = f"{place.id}:{mine.person}:{mine.officer}:{today.isoformat()}"
        await store.add_list(
            connection, uuid5(_TYPED, name), place, mine, kind="typed", day=today, state="open"
        )
        found = await store.typed_list(connection, place.id, mine, today)
    assert found is not None
    return found


async def _among_namesakes(
    connection: AsyncConnection, keyring: Keyring, of: PaperList, judged: Judged, setting: Setting
) -> Judged:
    earlier = await row_store.rows_of_list(
        connection, of.id, limit=_LOOKED_BACK, newest_first=True, states=("ready", "accepted")
    )
    rows = [judge(opened(keyring, row).written, setting) for row in earlier]
    alike = [
        row for row in rows if row.who.name and fold(row.who.name) == fold(judged.who.name or "")
    ]
    return find_namesakes([*alike, judged], setting.usual_stay)[-1]


async def typed_today(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    place: PaperPlace,
    *,
    limit: int,
) -> list[TypedRow]:
    """What the viewer typed at a place today, newest first."""
    today = local_day(now(), settings.zone)
    of = await store.typed_list(connection, place.id, typist_of(viewer), today)
    if of is None:
        return []
    rows = await row_store.rows_of_list(connection, of.id, limit=limit, newest_first=True)
    return [opened(keyring, row) for row in rows]


def opened(keyring: Keyring, row: PaperRow) -> TypedRow:
    """A row with what stands on it, for whoever may read it."""
    return TypedRow(row, sealed.unseal(keyring, row.id, bytes(row.sealed)))


async def add_file(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    place: PaperPlace,
    content: bytes,
    sheet: Sheet,
) -> tuple[UUID, bool]:
    """Keep an uploaded file and begin to read it: its list, and whether that is new.

    The very same file again is the same list. Raises `PaperListTooLong`.
    """
    mine = typist_of(viewer)
    digest = hashlib.sha256(content).hexdigest()
    index = keyring.blind_index("paper-file", f"{place.id}|{digest}")
    known = await store.find_file(connection, place.id, mine, index)
    if known is not None:
        return known, False
    lines = [sheet.heading, *sheet.lines]
    today = local_day(now(), settings.zone)
    reading = read_headings(lines, today)
    check_length(lines, reading)
    list_id = uuid7()
    await store.add_list(
        connection,
        list_id,
        place,
        mine,
        kind="file",
        day=today,
        content_index=index,
        sealed=seal_table(keyring, list_id, lines),
        reading=rules.stored_reading(reading),
        state="mapping" if reading.unclear else "checking",
        row_count=len(lines),
    )
    if not reading.unclear:
        await enqueue(connection, rules.CHECK, {"list": str(list_id)})
    return list_id, True


def check_length(lines: list[Line], reading: Reading) -> None:
    """Raises `PaperListTooLong`."""
    rows = sum(line.number > reading.heading for line in lines)
    if rows > rules.MOST_ROWS:
        raise PaperListTooLong(params={"rows": rows, "most": rules.MOST_ROWS})


async def access_table(connection: AsyncConnection, keyring: Keyring, of: PaperList) -> list[Line]:
    """The lines of a file that is not confirmed yet. Raises `PaperListSettled`."""
    table = await store.read_table(connection, of.id)
    if table is None:
        raise PaperListSettled
    return unseal_table(keyring, of.id, bytes(table))


async def read_another_way(
    connection: AsyncConnection,
    of: PaperList,
    columns: dict[Field, int],
    *,
    heading: int,
    day: date | None,
) -> Reading:
    """Read a file by columns that somebody chose; what is still unclear stands in the answer.

    Raises `PaperListSettled`.
    """
    if of.state not in {"mapping", "checking", "checked", "failed"}:
        raise PaperListSettled
    reading = Reading(heading, columns, day, unclear_in(columns))
    if reading.unclear:
        return reading
    await store.set_reading(connection, of.id, rules.stored_reading(reading), "checking")
    await enqueue(connection, rules.CHECK, {"list": str(of.id)})
    return reading


async def confirm(connection: AsyncConnection, of: PaperList) -> None:
    """Take the rows of a checked list; confirming twice changes nothing.

    Raises `PaperListSettled` while the list is not checked.
    """
    if not await store.confirm(connection, of.id):
        if of.state in {"taking", "done"}:
            return
        raise PaperListSettled
    await queue_taking(connection, of.id)


async def discard(connection: AsyncConnection, of: PaperList) -> None:
    """Throw a file away that was never confirmed. Raises `PaperListSettled`."""
    if not await store.discard(connection, of.id):
        raise PaperListSettled


async def queue_taking(connection: AsyncConnection, list_id: UUID | None) -> None:
    """Have the worker take what is ready, of one list or of what devices left."""
    payload = {} if list_id is None else {"list": str(list_id)}
    await enqueue(connection, rules.TAKE, payload, once=f"paper:{list_id or 'rows'}")


async def rows_of(
    connection: AsyncConnection,
    keyring: Keyring,
    of: PaperList,
    *,
    states: tuple[str, ...],
    after: int,
    limit: int,
) -> list[TypedRow]:
    """Rows of a list in these states, in the order of their lines."""
    rows = await row_store.rows_of_list(connection, of.id, states=states, after=after, limit=limit)
    return [opened(keyring, row) for row in rows]
