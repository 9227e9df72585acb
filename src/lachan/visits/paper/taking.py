"""Rows that are sure become visits, by the rules that scans follow, some hundred at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.clock import local_day, now
from lachan.kit.crypto import Keyring
from lachan.places.hours import hours_of
from lachan.places.kinds import kind_of
from lachan.settings import Settings
from lachan.visits.batch import Answer, Batch, Scan
from lachan.visits.codes import PostedSpot
from lachan.visits.domain import LONGEST_VISIT, REPEAT_WINDOW, Direction, Spot
from lachan.visits.paper import people, results
from lachan.visits.paper.domain import Reason, State, Who, read_who, unpack_shown
from lachan.visits.paper.people import Named, Somebody
from lachan.visits.paper.results import Match
from lachan.visits.paper.sealed import unseal

ROWS_AT_ONCE = 500
_SCANS = UUID("6a1f0c0e-6f57-4c39-8a55-0d1f2f6f4b11")
_PAPER, _DEVICE, _CLIENT = "paper", "device", "web"


@dataclass(frozen=True, slots=True)
class _Stay:
    """A row with its person, ready to be written."""

    row: Row[Any]
    somebody: Somebody
    zone: ZoneInfo

    @property
    def usual_stay(self) -> timedelta:
        minutes = self.row.usual_stay_minutes or kind_of(self.row.place_kind).usual_stay_minutes
        return timedelta(minutes=minutes)

    @property
    def ends_by_itself(self) -> datetime:
        """After the usual stay, never past closing."""
        row = self.row
        spot = Spot(row.place_id, row.room_id, self.usual_stay, hours_of(row.hours), self.zone)
        return spot.expected_end(row.arrived_at)

    @property
    def ends_at(self) -> datetime:
        arrived_at: datetime = self.row.arrived_at
        left_at: datetime | None = self.row.left_at
        return min(left_at, arrived_at + LONGEST_VISIT) if left_at else self.ends_by_itself

    @property
    def claimed_until(self) -> datetime:
        """Until when the list says they were there; where it tells no end, just the arrival."""
        if self.row.left_at is not None:
            return self.ends_at
        arrived_at: datetime = self.row.arrived_at
        return arrived_at + 2 * REPEAT_WINDOW + timedelta(seconds=1)

    def scans(self, received_at: datetime) -> list[Scan]:
        """What a phone would have sent."""
        row = self.row
        if row.device_id is not None:
            return [self._scan(Direction(row.direction), row.arrived_at, received_at)]
        scans = [self._scan(Direction.IN, row.arrived_at, received_at)]
        if row.left_at is not None:
            scans.append(self._scan(Direction.OUT, row.left_at, received_at))
        return scans

    def _scan(self, direction: Direction, at: datetime, received_at: datetime) -> Scan:
        row = self.row
        # A visit of which the end is written lasts until then, whatever the usual stay.
        stay = self.ends_at - row.arrived_at
        # The same line, typed by two of the staff or imported twice, is one scan.
        name = f"{row.place_id}:{bytes(row.row_index or row.id.bytes).hex()}:{direction}"
        return Scan(
            person_id=self.somebody.person_id,
            scan_id=uuid5(_SCANS, name),
            posted=PostedSpot(
                code="",
                spot=Spot(row.place_id, row.room_id, stay),
                name=row.place_name,
                kind=row.place_kind,
                room=None,
                open=True,
                withdrawn=False,
            ),
            direction=direction,
            at=at,
            device_at=None,
            received_at=received_at,
            offline=True,
            source=_PAPER if row.device_id is None else _DEVICE,
            client=_CLIENT,
            device_id=row.device_id,
        )


async def take_some(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, list_id: UUID | None
) -> int:
    """Take the next rows that are ready, of one list or of all; how many rows that were.

    One transaction; call it until it answers 0.
    """
    rows = await results.to_take(connection, list_id, ROWS_AT_ONCE)
    if not rows:
        await results.finish_lists(connection)
        return 0
    who = {
        row.id: read_who(unpack_shown(unseal(keyring, row.id, bytes(row.sealed))))[0]
        for row in rows
    }
    stays, unknown = await _find_people(connection, keyring, settings.zone, rows, who)
    overlapping = await _overlapping(connection, stays)
    moment = now()
    written = [stay for number, stay in enumerate(stays) if number not in overlapping]
    matches = [
        _match(stay, None, None) for number, stay in enumerate(stays) if number in overlapping
    ]
    matches += await _write(connection, settings, written, moment)
    settled = {match.row_id: (State.ACCEPTED.value, "") for match in matches}
    settled |= {row_id: (State.DOUBTFUL.value, reason.value) for row_id, reason in unknown.items()}
    await results.write_matches(connection, matches)
    await results.settle(connection, settled)
    handled = Counter(row.list_id for row in rows if row.list_id is not None)
    await results.note_progress(connection, handled)
    return len(rows)


async def _find_people(
    connection: AsyncConnection,
    keyring: Keyring,
    zone: ZoneInfo,
    rows: Sequence[Row[Any]],
    who: dict[UUID, Who],
) -> tuple[list[_Stay], dict[UUID, Reason]]:
    named = [
        Named(row.id, row.list_id, who[row.id], alone=Reason.SAME_NAME in row.reasons)
        for row in rows
        if row.person_id is None and who[row.id].key
    ]
    found = await people.find_people(connection, keyring, named)
    stays: list[_Stay] = []
    unknown: dict[UUID, Reason] = {}
    for row in rows:
        somebody = (
            found.get(row.id, Reason.SHOWN_UNREADABLE)
            if row.person_id is None
            else Somebody(row.person_id, enrolled=row.enrolled)
        )
        if isinstance(somebody, Reason):
            unknown[row.id] = somebody
            continue
        stays.append(_Stay(row, somebody, zone))
        if somebody.enrolled and row.drill_id is not None:
            await results.set_drill(connection, somebody.person_id, row.drill_id)
    return stays, unknown


async def _overlapping(connection: AsyncConnection, stays: Sequence[_Stay]) -> set[int]:
    """By position, the stays of people who seem to have been elsewhere at the time."""
    asked = [number for number, stay in enumerate(stays) if stay.row.match_state != "approved"]
    found = await results.overlaps(
        connection,
        [
            (
                stays[number].somebody.person_id,
                stays[number].row.place_id,
                # Clocks on paper are a few minutes off; coming from next door is no contradiction.
                stays[number].row.arrived_at + REPEAT_WINDOW,
                stays[number].claimed_until - REPEAT_WINDOW,
            )
            for number in asked
        ],
    )
    return {asked[position] for position in found}


async def _write(
    connection: AsyncConnection, settings: Settings, stays: Sequence[_Stay], moment: datetime
) -> list[Match]:
    scans: list[Scan] = []
    first: list[int] = []
    for stay in stays:
        first.append(len(scans))
        scans += stay.scans(moment)
    if not scans:
        return []
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    answers = await Batch(driver, settings.zone).write(scans)
    return [
        _match(stay, answers[number], settings) for stay, number in zip(stays, first, strict=True)
    ]


def _match(stay: _Stay, answer: Answer | None, settings: Settings | None) -> Match:
    visit = answer.stay if answer is not None else None
    return Match(
        row_id=stay.row.id,
        area=stay.row.area,
        person_id=stay.somebody.person_id,
        enrolled=stay.somebody.enrolled,
        name_index=stay.somebody.name_index,
        visit_id=visit.visit_id if visit else None,
        visit_day=local_day(visit.started_at.astimezone(UTC), settings.zone)
        if visit and settings
        else None,
        state="overlap" if answer is None else "written",
    )
