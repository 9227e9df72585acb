"""One batch of scans, written in one transaction: lock, read, decide, write.

Each statement works on the whole batch through arrays, so a commit of 300 scans costs little more
than a commit of one. Rows of one person are kept in order by an advisory lock a person, because
several writers, here or in another process, may hold scans of the same person at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from lachan.kit.clock import local_day
from lachan.kit.ids import uuid7
from lachan.visits.codes import PostedSpot
from lachan.visits.domain import (
    Decision,
    Direction,
    EndSource,
    Outcome,
    Stay,
    decide,
    leave,
)

# Advisory locks of scans are (this, person id modulo 2^31); migrations use the one-number space.
LOCK_SPACE = 0x5CA9
# An arrival that comes later than this may be younger here than the departure that follows it.
_LATE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that passed all checks, for one person."""

    person_id: int
    scan_id: UUID
    posted: PostedSpot
    direction: Direction
    at: datetime
    device_at: datetime | None
    received_at: datetime
    offline: bool
    source: str
    client: str
    device_id: int | None = None
    proof: str = "none"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a scan; `stay` is the visit it began, ended or repeated."""

    outcome: Outcome
    stay: Stay | None


@dataclass(slots=True)
class _Last:
    stay: Stay
    day: date
    changed: bool = False


_LOCK = (
    "SELECT pg_advisory_xact_lock($1, (k % 2147483647)::int) "
    "FROM unnest($2::bigint[]) WITH ORDINALITY AS p(k, n) ORDER BY n"
)
_KNOWN = """
SELECT s.person_id, s.scan_id, s.outcome, s.visit_id, s.visit_day
FROM unnest($1::bigint[], $2::uuid[], $3::date[]) AS u(person_id, scan_id, day)
JOIN scan s ON s.person_id = u.person_id AND s.scan_id = u.scan_id
  AND s.day >= u.day AND s.day <= $4
"""
_LAST = """
SELECT person_id, visit_id, day, place_id, room_id, started_at, ends_at, end_source
FROM last_visit WHERE person_id = ANY($1::bigint[])
"""
_BEFORE = """
SELECT id, day, place_id, room_id, started_at, ends_at, end_source FROM visit
WHERE person_id = $1 AND started_at <= $2 AND day BETWEEN $3 AND $4
ORDER BY started_at DESC, id DESC LIMIT 1
"""
_FOLLOWING = """
SELECT min(started_at) FROM visit
WHERE person_id = $1 AND started_at > $2 AND started_at < $3 AND day BETWEEN $4 AND $5
"""
# Departures that another door reported before the arrivals of these people.
_LEFT = """
SELECT s.person_id, s.place_id, s.at
FROM unnest($1::bigint[], $2::bigint[]) AS u(person_id, place_id)
JOIN scan s ON s.person_id = u.person_id AND s.place_id = u.place_id
WHERE s.outcome = 'not_inside' AND s.day BETWEEN $3 AND $4 ORDER BY s.at
"""
_VISIT = """
SELECT id, day, place_id, room_id, started_at, ends_at, end_source FROM visit
WHERE id = $1 AND day = $2
"""
_BEGIN = """
INSERT INTO visit (id, day, person_id, place_id, room_id, started_at, ends_at, end_source, source,
                   client, offline, device_id, proof, recorded_at)
SELECT * FROM unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::bigint[],
  $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::boolean[],
  $12::bigint[], $13::text[], $14::timestamptz[])
"""
_END = """
UPDATE visit v SET ends_at = u.ends_at, end_source = u.end_source
FROM unnest($2::uuid[], $3::timestamptz[], $4::text[]) AS u(id, ends_at, end_source)
WHERE v.id = u.id AND v.day = $1
"""
_REMEMBER = """
INSERT INTO last_visit
  (person_id, visit_id, day, place_id, room_id, started_at, ends_at, end_source)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::date[], $4::bigint[], $5::bigint[],
  $6::timestamptz[], $7::timestamptz[], $8::text[])
ON CONFLICT (person_id) DO UPDATE SET visit_id = excluded.visit_id, day = excluded.day,
  place_id = excluded.place_id, room_id = excluded.room_id, started_at = excluded.started_at,
  ends_at = excluded.ends_at, end_source = excluded.end_source
"""
_NOTE = """
INSERT INTO scan (person_id, scan_id, day, visit_id, visit_day, place_id, room_id, outcome, client,
                  at, device_at, received_at)
SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::date[], $4::uuid[], $5::date[], $6::bigint[],
  $7::bigint[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[],
  $12::timestamptz[])
"""


def _stay(row: asyncpg.Record, id_column: str = "id") -> Stay:
    return Stay(
        visit_id=row[id_column],
        place_id=row["place_id"],
        room_id=row["room_id"],
        started_at=row["started_at"],
        ends_at=row["ends_at"],
        end_source=EndSource(row["end_source"]),
    )


class Batch:
    """The work on one batch; used once, inside a transaction."""

    def __init__(self, connection: asyncpg.Connection, zone: ZoneInfo) -> None:
        self._connection = connection
        self._zone = zone
        self._last: dict[int, _Last] = {}
        self._begun: list[tuple[object, ...]] = []
        self._begun_at: dict[UUID, int] = {}
        self._ended: dict[date, dict[UUID, tuple[datetime, EndSource]]] = {}
        self._noted: list[tuple[object, ...]] = []
        self._left: dict[tuple[int, int], list[datetime]] = {}

    async def write(self, scans: Sequence[Scan]) -> list[Answer]:
        """Write `scans`; the answers stand in the same order."""
        people = sorted({scan.person_id for scan in scans})
        await self._connection.execute(_LOCK, LOCK_SPACE, people)
        answers = await self._already_known(scans)
        for row in await self._connection.fetch(_LAST, people):
            self._last[row["person_id"]] = _Last(_stay(row, "visit_id"), row["day"])
        await self._departures(scans)
        order = sorted(range(len(scans)), key=lambda index: scans[index].at)
        for index in order:
            scan = scans[index]
            key = (scan.person_id, scan.scan_id)
            if key not in answers:
                answers[key] = await self._take(scan)
        await self._save()
        return [answers[scan.person_id, scan.scan_id] for scan in scans]

    async def _already_known(self, scans: Sequence[Scan]) -> dict[tuple[int, UUID], Answer]:
        """Scans that were written before, with the visit as it is now.

        A client may send a scan without its time and repeat it with it, or over midnight: the day
        before is looked at too.
        """
        today = local_day(max(scan.received_at for scan in scans), self._zone)
        rows = await self._connection.fetch(
            _KNOWN,
            [scan.person_id for scan in scans],
            [scan.scan_id for scan in scans],
            [local_day(scan.at, self._zone) - timedelta(days=1) for scan in scans],
            today + timedelta(days=1),
        )
        answers = {}
        for row in rows:
            visit = None
            if row["visit_id"] is not None:
                visit = await self._connection.fetchrow(_VISIT, row["visit_id"], row["visit_day"])
            answers[row["person_id"], row["scan_id"]] = Answer(
                Outcome(row["outcome"]), _stay(visit) if visit else None
            )
        return answers

    async def _take(self, scan: Scan) -> Answer:
        last = self._last.get(scan.person_id)
        if last is None or scan.at >= last.stay.started_at:
            stay, stay_day = (last.stay, last.day) if last else (None, None)
            following: datetime | None = None
        else:
            stay, stay_day, following = await self._around(scan)
        decision = decide(stay, following, scan.posted.spot, scan.direction, scan.at)
        result, result_day = stay, stay_day
        if decision.end is not None and stay is not None and stay_day is not None:
            self._end(stay, stay_day, *decision.end)
            if last is not None and last.stay.visit_id == stay.visit_id:
                last.stay, last.changed = stay, True
        if decision.begin_until is not None:
            result, result_day = begun, day = self._begin(scan, decision)
            self._leave_as_reported(scan.person_id, begun, day, following)
        elif decision.outcome is Outcome.NOT_INSIDE:
            result = result_day = None
        self._noted.append(
            (
                scan.person_id,
                scan.scan_id,
                local_day(scan.at, self._zone),
                result.visit_id if result else None,
                result_day,
                scan.posted.spot.place_id,
                scan.posted.spot.room_id,
                decision.outcome.value,
                scan.client,
                scan.at,
                scan.device_at,
                scan.received_at,
            )
        )
        # A copy: a later scan of this batch may end the very same stay.
        return Answer(decision.outcome, replace(result) if result else None)

    async def _around(self, scan: Scan) -> tuple[Stay | None, date | None, datetime | None]:
        """The visit begun before a late scan, its day, and the start of the one that follows.

        Visits of this very batch count too, so what was decided so far is written first.
        """
        await self._save()
        day = local_day(scan.at, self._zone)
        row = await self._connection.fetchrow(
            _BEFORE, scan.person_id, scan.at, day - timedelta(days=2), day
        )
        following = await self._connection.fetchval(
            _FOLLOWING,
            scan.person_id,
            scan.at,
            scan.at + timedelta(hours=24),
            day,
            day + timedelta(days=2),
        )
        return (_stay(row), row["day"], following) if row else (None, None, following)

    async def _departures(self, scans: Sequence[Scan]) -> None:
        """Read what may end a stay that a late arrival begins."""
        late = [scan for scan in scans if scan.received_at - scan.at > _LATE]
        if not late:
            return
        pairs = {(scan.person_id, scan.posted.spot.place_id) for scan in late}
        days = [local_day(scan.at, self._zone) for scan in late]
        rows = await self._connection.fetch(
            _LEFT, *_columns(list(pairs)), min(days), max(days) + timedelta(days=1)
        )
        for row in rows:
            self._left.setdefault((row["person_id"], row["place_id"]), []).append(row["at"])

    def _leave_as_reported(
        self, person_id: int, stay: Stay, day: date, following: datetime | None
    ) -> None:
        """End a stay whose departure came before its arrival: two doors, one on line sooner.

        What that door was told (`not_inside`) stays its answer, also when it asks again.
        """
        for left in self._left.get((person_id, stay.place_id), ()):
            if left > stay.started_at and (following is None or left < following):
                end = leave(stay, left, following).end
                if end is not None:
                    self._end(stay, day, *end)
                return

    def _begin(self, scan: Scan, decision: Decision) -> tuple[Stay, date]:
        until = decision.begin_until
        assert until is not None
        spot = scan.posted.spot
        day = local_day(scan.at, self._zone)
        stay = Stay(
            visit_id=uuid7(int(scan.at.astimezone(UTC).timestamp() * 1000)),
            place_id=spot.place_id,
            room_id=spot.room_id,
            started_at=scan.at,
            ends_at=until,
            end_source=EndSource.EXPECTED,
        )
        self._begun_at[stay.visit_id] = len(self._begun)
        self._begun.append(
            (
                stay.visit_id,
                day,
                scan.person_id,
                stay.place_id,
                stay.room_id,
                stay.started_at,
                stay.ends_at,
                stay.end_source.value,
                scan.source,
                scan.client,
                scan.offline,
                scan.device_id,
                scan.proof,
                scan.received_at,
            )
        )
        last = self._last.get(scan.person_id)
        if last is None or stay.started_at >= last.stay.started_at:
            self._last[scan.person_id] = _Last(stay, day, changed=True)
        return stay, day

    def _end(self, stay: Stay, day: date, ends_at: datetime, source: EndSource) -> None:
        stay.ends_at, stay.end_source = ends_at, source
        begun = self._begun_at.get(stay.visit_id)
        if begun is None:
            self._ended.setdefault(day, {})[stay.visit_id] = (ends_at, source)
        else:
            row = self._begun[begun]
            self._begun[begun] = (*row[:6], ends_at, source.value, *row[8:])

    async def _save(self) -> None:
        if self._begun:
            await self._connection.execute(_BEGIN, *_columns(self._begun))
            self._begun, self._begun_at = [], {}
        for day, ends in self._ended.items():
            await self._connection.execute(
                _END,
                day,
                list(ends),
                [ends_at for ends_at, _ in ends.values()],
                [source.value for _, source in ends.values()],
            )
        self._ended = {}
        changed = [(person, last) for person, last in self._last.items() if last.changed]
        if changed:
            await self._connection.execute(
                _REMEMBER, *_columns([_remembered(person, last) for person, last in changed])
            )
            for _, last in changed:
                last.changed = False
        if self._noted:
            await self._connection.execute(_NOTE, *_columns(self._noted))
            self._noted = []


def _remembered(person_id: int, last: _Last) -> tuple[object, ...]:
    stay = last.stay
    return (
        person_id,
        stay.visit_id,
        last.day,
        stay.place_id,
        stay.room_id,
        stay.started_at,
        stay.ends_at,
        stay.end_source.value,
    )


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    """Rows as the arrays that unnest wants."""
    return [list(column) for column in zip(*rows, strict=True)]
