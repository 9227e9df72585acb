"""All SQL of daily checks and their photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def join(connection: AsyncConnection, place_id: int, set_id: int | None) -> int:
    """Let a place take part; 0 when it does already."""
    done = await connection.execute(
        text(
            "INSERT INTO place_safety (place_id, set_id) VALUES (:place, :set)"
            " ON CONFLICT (place_id) DO NOTHING"
        ),
        {"place": place_id, "set": set_id},
    )
    return done.rowcount


async def kind_and_area(connection: AsyncConnection, place_id: int) -> tuple[str, str] | None:
    """What a place is and where; None when there is none, or it is closed."""
    row = (
        await connection.execute(
            text("SELECT kind, area FROM place WHERE id = :place AND state = 'active'"),
            {"place": place_id},
        )
    ).one_or_none()
    return None if row is None else (row.kind, row.area)


async def staff_label(connection: AsyncConnection, place_id: int, person_id: int) -> str | None:
    """By what label the asking resident runs a place; None: not at all."""
    found = await connection.scalar(
        text("SELECT label FROM place_staff WHERE place_id = :place AND person_id = :person"),
        {"place": place_id, "person": person_id},
    )
    return None if found is None else str(found)


async def has_committed(connection: AsyncConnection, place_id: int, person_id: int) -> bool:
    """Whether somebody ever committed a check of a place."""
    return bool(
        await connection.scalar(
            text(
                "SELECT EXISTS (SELECT FROM daily_check"
                " WHERE person_id = :person AND place_id = :place)"
            ),
            {"place": place_id, "person": person_id},
        )
    )


@dataclass(frozen=True, slots=True)
class Check:
    """A commit as it is kept; `committed_as` is sealed as `daily_check:<commit id>`."""

    id: int
    commit_id: UUID
    place_id: int
    set_id: int
    day: date
    moment: str
    person_id: int | None
    committed_as: bytes | None
    made_at: datetime
    received_at: datetime
    late: bool
    answers: Mapping[str, int]
    notes: Mapping[str, str]
    score: int
    maximum: int
    outcome: str
    replaced_by: int | None
    replaces: int | None


_CHECK = """
    SELECT c.id, c.commit_id, c.place_id, c.set_id, c.day, c.moment, c.person_id,
      c.name_sealed AS committed_as,
      c.made_at, c.received_at, c.late, c.answers, c.notes, c.score, c.maximum, c.outcome,
      c.replaced_by, (SELECT max(o.id) FROM daily_check o WHERE o.replaced_by = c.id
        AND o.place_id = c.place_id AND o.day = c.day) AS replaces
    FROM daily_check c
    """


def _check(row: Row[Any]) -> Check:
    return Check(**row._mapping)  # noqa: SLF001 - how SQLAlchemy names it


async def find_commit(connection: AsyncConnection, commit_id: UUID) -> Check | None:
    """A commit by the id its phone gave it, as far as the asker may see it."""
    row = (
        await connection.execute(text(f"{_CHECK} WHERE c.commit_id = :id"), {"id": commit_id})
    ).one_or_none()
    return None if row is None else _check(row)


async def find_check(connection: AsyncConnection, check_id: int) -> Check | None:
    """A commit, as far as the asker may see it."""
    row = (
        await connection.execute(text(f"{_CHECK} WHERE c.id = :id"), {"id": check_id})
    ).one_or_none()
    return None if row is None else _check(row)


async def checks_of(
    connection: AsyncConnection, place_id: int, since: date, until: date
) -> list[Check]:
    """The commits of a place from `since` to `until`, both included, oldest first."""
    rows = await connection.execute(
        text(
            f"{_CHECK} WHERE c.place_id = :place AND c.day BETWEEN :since AND :until ORDER BY c.id"
        ),
        {"place": place_id, "since": since, "until": until},
    )
    return [_check(row) for row in rows]


# The one that counted until now is marked in the same statement; there is at most one, as the
# commits of a place come one after the other.
_INSERT = text(
    """
    WITH made AS (
      INSERT INTO daily_check (commit_id, place_id, set_id, day, moment, person_id, name_sealed,
        made_at, received_at, late, answers, notes, score, maximum, outcome)
      VALUES (:commit, :place, :set, :day, :moment, :person, :name, :made, :received, :late,
        CAST(:answers AS jsonb), CAST(:notes AS jsonb), :score, :maximum, :outcome)
      ON CONFLICT (commit_id) DO NOTHING RETURNING id, place_id, day, moment
    ), replaced AS (
      UPDATE daily_check c SET replaced_by = made.id FROM made
      WHERE c.place_id = made.place_id AND c.day = made.day AND c.moment = made.moment
        AND c.replaced_by IS NULL RETURNING c.id
    )
    SELECT made.id, replaced.id AS replaces FROM made LEFT JOIN replaced ON true
    """
)


async def insert_check(connection: AsyncConnection, check: Check) -> Check | None:
    """Keep a commit (its id and what it replaces are found here); None when its id is taken."""
    row = (
        await connection.execute(
            _INSERT,
            {
                "commit": check.commit_id,
                "place": check.place_id,
                "set": check.set_id,
                "day": check.day,
                "moment": check.moment,
                "person": check.person_id,
                "name": check.committed_as,
                "made": check.made_at,
                "received": check.received_at,
                "late": check.late,
                "answers": orjson.dumps(dict(check.answers)).decode(),
                "notes": orjson.dumps(dict(check.notes)).decode(),
                "score": check.score,
                "maximum": check.maximum,
                "outcome": check.outcome,
            },
        )
    ).one_or_none()
    return None if row is None else replace(check, id=row.id, replaces=row.replaces)


async def insert_photo(
    connection: AsyncConnection,
    photo: UUID,
    *,
    place_id: int,
    jpeg: bytes,
    width: int,
    height: int,
    taken_by: int | None,
    inspection_id: int | None,
    feedback_id: int | None,
    item_code: str | None,
) -> None:
    """Keep a photo that was drawn anew."""
    await connection.execute(
        text(
            """
            INSERT INTO safety_photo (id, place_id, inspection_id, feedback_id, item_code, picture,
              width, height, taken_by)
            VALUES (:id, :place, :inspection, :feedback, :item, :jpeg, :width, :height, :by)
            """
        ),
        {
            "id": photo,
            "place": place_id,
            "inspection": inspection_id,
            "feedback": feedback_id,
            "item": item_code,
            "jpeg": jpeg,
            "width": width,
            "height": height,
            "by": taken_by,
        },
    )


async def free_photos(
    connection: AsyncConnection, place_id: int, photos: Sequence[UUID]
) -> set[UUID]:
    """Which of these photos are of a place and belong to nothing yet."""
    rows = await connection.execute(
        text(
            """
            SELECT id FROM safety_photo WHERE id = ANY (:photos) AND place_id = :place
              AND check_id IS NULL AND inspection_id IS NULL AND feedback_id IS NULL
            """
        ),
        {"photos": list(photos), "place": place_id},
    )
    return set(rows.scalars())


async def attach_photos(
    connection: AsyncConnection, check: int, item_code: str, photos: Sequence[UUID]
) -> None:
    """Give photos to an item of a commit."""
    await connection.execute(
        text(
            "UPDATE safety_photo SET check_id = :check, item_code = :item WHERE id = ANY (:photos)"
        ),
        {"check": check, "item": item_code, "photos": list(photos)},
    )


async def photos_of(
    connection: AsyncConnection, checks: Sequence[int]
) -> list[tuple[int, str, UUID]]:
    """Commit, item and id of the photos of these commits."""
    rows = await connection.execute(
        text(
            "SELECT check_id, item_code, id FROM safety_photo WHERE check_id = ANY (:checks)"
            " ORDER BY id"
        ),
        {"checks": list(checks)},
    )
    return [(row.check_id, row.item_code, row.id) for row in rows]


async def photo(connection: AsyncConnection, photo_id: UUID) -> bytes | None:
    """A photo, as far as the asker may see it."""
    found = await connection.scalar(
        text("SELECT picture FROM safety_photo WHERE id = :id"), {"id": photo_id}
    )
    return None if found is None else bytes(found)


async def photo_area(connection: AsyncConnection, photo_id: UUID) -> str | None:
    """The area of the place of a photo, as far as the asker may see it."""
    found: str | None = await connection.scalar(
        text(
            "SELECT p.area FROM safety_photo h JOIN place p ON p.id = h.place_id WHERE h.id = :id"
        ),
        {"id": photo_id},
    )
    return found


async def moments_done(connection: AsyncConnection, place_id: int, day: date) -> list[str]:
    """Which moments of a day a place has reported; public."""
    found = await connection.scalar(
        text("SELECT lachan_moments_done(:place, :day)"), {"place": place_id, "day": day}
    )
    return list(found or [])


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What a place is called and where it is, in one line."""

    name: str
    where: str


async def place_name(connection: AsyncConnection, place_id: int) -> PlaceName | None:
    """Name and place of a place that is still run."""
    row = (
        await connection.execute(
            text(
                """
                SELECT p.name, concat_ws(', ', nullif(p.address, ''), a.full_name, u.full_name)
                  AS located
                FROM place p JOIN area a ON a.path = p.area LEFT JOIN area u ON u.path = a.parent
                WHERE p.id = :place AND p.state = 'active'
                """
            ),
            {"place": place_id},
        )
    ).one_or_none()
    return None if row is None else PlaceName(row.name, row.located)
