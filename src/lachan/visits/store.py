"""All SQL of the diary: what a resident sees, corrects, adds, exports and deletes.

Every statement runs in the resident's own name, so row security allows only own rows. Whoever
writes takes the person's lock first, the same one that the intake takes, and sets straight where
the person was last.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.visits.batch import LOCK_SPACE
from lachan.visits.domain import EndSource

_COLUMNS = """
    v.id, v.day, v.person_id, v.place_id, v.room_id, v.started_at, v.ends_at, v.end_source,
    v.source, v.recorded_at, p.name AS place_name, p.kind AS place_kind, r.name AS room_name,
    (SELECT c.code FROM place_code c WHERE c.place_id = v.place_id
       AND c.room_id IS NOT DISTINCT FROM v.room_id AND c.revoked_at IS NULL
     ORDER BY c.created_at DESC LIMIT 1) AS code
    FROM visit v JOIN place p ON p.id = v.place_id LEFT JOIN room r ON r.id = v.room_id
"""


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """A visit with the names of where it was."""

    id: UUID
    day: date
    person_id: int
    place_id: int
    room_id: int | None
    started_at: datetime
    ends_at: datetime
    end_source: EndSource
    source: str
    recorded_at: datetime
    place_name: str
    place_kind: str
    room_name: str | None
    code: str | None

    def is_open(self, moment: datetime) -> bool:
        """Whether the person is, as far as is known, still there."""
        return self.end_source is EndSource.EXPECTED and self.started_at <= moment < self.ends_at


def _entry(row: Row[tuple[object, ...]]) -> DiaryEntry:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return DiaryEntry(**{**values, "end_source": EndSource(values["end_source"])})


async def lock_person(connection: AsyncConnection, person_id: int) -> None:
    """Hold back the intake and other corrections for this person until the transaction ends."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:space, (:person % 2147483647)::int)").bindparams(
            space=LOCK_SPACE, person=person_id
        )
    )


async def diary(
    connection: AsyncConnection,
    person_id: int,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[DiaryEntry]:
    """Visits of a person, newest first, from after the cursor `before`."""
    where = "WHERE v.person_id = :person"
    values: dict[str, object] = {"person": person_id, "limit": limit}
    if before is not None:
        where += " AND (v.started_at, v.id) < (:started_at, :id)"
        values |= {"started_at": before[0], "id": before[1]}
    rows = await connection.execute(
        text(f"SELECT {_COLUMNS} {where} ORDER BY v.started_at DESC, v.id DESC LIMIT :limit"),
        values,
    )
    return [_entry(row) for row in rows]


async def every_visit(connection: AsyncConnection, person_id: int) -> AsyncIterator[DiaryEntry]:
    """All visits of a person, oldest first, streamed."""
    rows = await connection.stream(
        text(f"SELECT {_COLUMNS} WHERE v.person_id = :person ORDER BY v.started_at, v.id"),
        {"person": person_id},
    )
    async for row in rows:
        yield _entry(row)


async def find(
    connection: AsyncConnection, person_id: int, visit_id: UUID, *, days: tuple[date, date]
) -> DiaryEntry | None:
    """One visit of a person, looked for in the partitions of `days` (both included)."""
    row = (
        await connection.execute(
            text(
                f"SELECT {_COLUMNS} WHERE v.id = :id AND v.person_id = :person "
                "AND v.day BETWEEN :first AND :last"
            ),
            {"id": visit_id, "person": person_id, "first": days[0], "last": days[1]},
        )
    ).one_or_none()
    return _entry(row) if row else None


async def latest(connection: AsyncConnection, person_id: int) -> DiaryEntry | None:
    """The visit that began last."""
    found = await diary(connection, person_id, before=None, limit=1)
    return found[0] if found else None


async def add(
    connection: AsyncConnection,
    *,
    visit_id: UUID,
    day: date,
    person_id: int,
    place_id: int,
    room_id: int | None,
    started_at: datetime,
    ends_at: datetime,
    client: str,
) -> None:
    """Write a visit that was added by hand."""
    await connection.execute(
        text(
            """
            INSERT INTO visit (id, day, person_id, place_id, room_id, started_at, ends_at,
                               end_source, source, client, offline)
            VALUES (:id, :day, :person, :place, :room, :started_at, :ends_at, 'corrected',
                    'by_hand', :client, false)
            """
        ),
        {
            "id": visit_id,
            "day": day,
            "person": person_id,
            "place": place_id,
            "room": room_id,
            "started_at": started_at,
            "ends_at": ends_at,
            "client": client,
        },
    )


async def set_end(
    connection: AsyncConnection, entry: DiaryEntry, ends_at: datetime, source: EndSource
) -> None:
    """Give a visit another end."""
    await connection.execute(
        text("UPDATE visit SET ends_at = :at, end_source = :source WHERE id = :id AND day = :day"),
        {"at": ends_at, "source": source.value, "id": entry.id, "day": entry.day},
    )


async def delete(connection: AsyncConnection, entry: DiaryEntry) -> None:
    """Remove a visit for good."""
    await connection.execute(
        text("DELETE FROM visit WHERE id = :id AND day = :day"), {"id": entry.id, "day": entry.day}
    )


async def delete_all(connection: AsyncConnection, person_id: int) -> int:
    """Remove everything that was kept about where a person was; how many visits that were."""
    deleted = await connection.execute(
        text("DELETE FROM visit WHERE person_id = :person"), {"person": person_id}
    )
    await connection.execute(
        text("DELETE FROM scan WHERE person_id = :person"), {"person": person_id}
    )
    await connection.execute(
        text("DELETE FROM last_visit WHERE person_id = :person"), {"person": person_id}
    )
    return deleted.rowcount


async def set_last_straight(connection: AsyncConnection, person_id: int) -> None:
    """Make `last_visit` agree with the visits again, after one was changed by hand."""
    await connection.execute(
        text("DELETE FROM last_visit WHERE person_id = :person"), {"person": person_id}
    )
    await connection.execute(
        text(
            """
            INSERT INTO last_visit (person_id, visit_id, day, place_id, room_id, started_at,
                                    ends_at, end_source)
            SELECT person_id, id, day, place_id, room_id, started_at, ends_at, end_source
            FROM visit WHERE person_id = :person ORDER BY started_at DESC, id DESC LIMIT 1
            """
        ),
        {"person": person_id},
    )


async def last_scan_of(
    connection: AsyncConnection, entry: DiaryEntry
) -> Row[tuple[object, ...]] | None:
    """The newest scan that led to, or ended, a visit: its outcome and when it came."""
    return (
        await connection.execute(
            text(
                """
                SELECT outcome, received_at FROM scan
                WHERE person_id = :person AND visit_id = :visit AND day BETWEEN :first AND :last
                  AND outcome <> 'repeated'
                ORDER BY received_at DESC LIMIT 1
                """
            ),
            {
                "person": entry.person_id,
                "visit": entry.id,
                "first": entry.day,
                "last": entry.day + timedelta(days=2),
            },
        )
    ).one_or_none()


async def visit_ended_by(
    connection: AsyncConnection, entry: DiaryEntry
) -> Row[tuple[object, ...]] | None:
    """The visit that the arrival of `entry` ended, if any."""
    return (
        await connection.execute(
            text(
                """
                SELECT v.id, v.day, v.started_at, p.usual_stay_minutes, p.kind
                FROM visit v JOIN place p ON p.id = v.place_id
                WHERE v.person_id = :person AND v.ends_at = :at AND v.end_source = 'next_arrival'
                  AND v.day BETWEEN :first AND :last
                """
            ),
            {
                "person": entry.person_id,
                "at": entry.started_at,
                "first": entry.day - timedelta(days=1),
                "last": entry.day,
            },
        )
    ).one_or_none()


async def household_of(connection: AsyncConnection, person_id: int) -> set[int]:
    """The people of one's household, oneself included."""
    rows = await connection.execute(
        text(
            """
            SELECT id FROM person WHERE id = :person OR household_id =
              (SELECT household_id FROM person WHERE id = :person AND household_id IS NOT NULL)
            """
        ),
        {"person": person_id},
    )
    return {row.id for row in rows}
