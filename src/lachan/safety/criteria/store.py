"""All SQL of criteria sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.criteria.domain import CriteriaSet, Item
from lachan.safety.criteria.rules import rules_from, rules_to

State = Literal["draft", "published", "withdrawn"]

_COLUMNS = (
    "id, code, version, title, kinds, area, rules, repair_hours, source, verified, valid_from,"
    " state, created_at, published_at"
)
# The nearest area with a set for this kind, and there the newest that is in force.
_IN_FORCE = text(
    """
    SELECT id FROM criteria_set
    WHERE state = 'published' AND :kind = ANY (kinds) AND valid_from <= :day
      AND (:area = area OR starts_with(:area, area || '.'))
    ORDER BY length(area) DESC, valid_from DESC, published_at DESC, id DESC LIMIT 1
    """
)
_ONE = text(f"SELECT {_COLUMNS} FROM criteria_set WHERE id = :id")  # noqa: S608 - our own names
_ALL = text(f"SELECT {_COLUMNS} FROM criteria_set ORDER BY code, id DESC")  # noqa: S608
_ITEMS = text(
    """
    SELECT code, position, chapter, moment, wording, points, graded, compulsory, evidence
    FROM criteria_item WHERE set_id = :id ORDER BY position, code
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored version and what became of it; `criteria` without items where many are listed."""

    criteria: CriteriaSet
    state: State
    created_at: datetime
    published_at: datetime | None


def _kept(row: Row[Any], items: Sequence[Item] = ()) -> Kept:
    return Kept(
        CriteriaSet(
            id=row.id,
            code=row.code,
            version=row.version,
            title=row.title,
            kinds=tuple(row.kinds),
            area=row.area,
            items=tuple(items),
            rules=rules_from(row.rules),
            repair_hours=row.repair_hours,
            source=row.source,
            verified=row.verified,
            valid_from=row.valid_from,
        ),
        row.state,
        row.created_at,
        row.published_at,
    )


async def in_force(connection: AsyncConnection, kind: str, area: str, day: date) -> int | None:
    """The id of the nearest published set for a kind of place."""
    found = await connection.scalar(_IN_FORCE, {"kind": kind, "area": area, "day": day})
    return None if found is None else int(found)


async def find(connection: AsyncConnection, set_id: int) -> Kept | None:
    """One version with its items, as far as the asker may see it."""
    row = (await connection.execute(_ONE, {"id": set_id})).one_or_none()
    if row is None:
        return None
    items = await connection.execute(_ITEMS, {"id": set_id})
    return _kept(row, [Item(**one) for one in items.mappings()])


async def listed(connection: AsyncConnection) -> list[Kept]:
    """Every version that the asker may see, without items, newest of each set first."""
    return [_kept(row) for row in await connection.execute(_ALL)]


async def find_version(
    connection: AsyncConnection, code: str, version: str
) -> tuple[int, State] | None:
    """The id and state of a version by its names."""
    row = (
        await connection.execute(
            text("SELECT id, state FROM criteria_set WHERE code = :code AND version = :version"),
            {"code": code, "version": version},
        )
    ).one_or_none()
    return None if row is None else (row.id, row.state)


async def insert(
    connection: AsyncConnection,
    criteria: CriteriaSet,
    *,
    officer_id: int | None,
    state: State = "draft",
) -> int | None:
    """Keep a version with its items; its id, or None when there is one of this name."""
    set_id = await connection.scalar(
        text(
            """
            INSERT INTO criteria_set (code, version, title, kinds, area, rules, repair_hours,
              source, verified, valid_from, state, created_by, published_at)
            VALUES (:code, :version, CAST(:title AS jsonb), :kinds, :area, CAST(:rules AS jsonb),
              :hours, :source, :verified, :valid_from, :state, :officer,
              CASE WHEN :state = 'published' THEN now() END)
            ON CONFLICT (code, version) DO NOTHING RETURNING id
            """
        ),
        {
            "code": criteria.code,
            "version": criteria.version,
            "title": orjson.dumps(dict(criteria.title)).decode(),
            "kinds": list(criteria.kinds),
            "area": criteria.area,
            "rules": orjson.dumps(rules_to(criteria.rules)).decode(),
            "hours": criteria.repair_hours,
            "source": criteria.source,
            "verified": criteria.verified,
            "valid_from": criteria.valid_from,
            "state": state,
            "officer": officer_id,
        },
    )
    if set_id is None:
        return None
    assert isinstance(set_id, int)
    await connection.execute(
        text(
            """
            INSERT INTO criteria_item (set_id, code, position, chapter, moment, wording, points,
              graded, compulsory, evidence)
            VALUES (:set, :code, :position, CAST(:chapter AS jsonb), :moment,
              CAST(:wording AS jsonb), :points, :graded, :compulsory, :evidence)
            """
        ),
        [
            {
                "set": set_id,
                "code": item.code,
                "position": item.position,
                "chapter": orjson.dumps(dict(item.chapter)).decode(),
                "moment": item.moment,
                "wording": orjson.dumps(dict(item.wording)).decode(),
                "points": item.points,
                "graded": item.graded,
                "compulsory": item.compulsory,
                "evidence": item.evidence,
            }
            for item in criteria.items
        ],
    )
    return set_id


async def drop_draft(connection: AsyncConnection, set_id: int) -> int:
    """Remove a draft; how many that were."""
    done = await connection.execute(
        text("DELETE FROM criteria_set WHERE id = :id AND state = 'draft'"), {"id": set_id}
    )
    return done.rowcount


async def publish(connection: AsyncConnection, set_id: int) -> int:
    """Put a draft in force; how many that were."""
    done = await connection.execute(
        text(
            "UPDATE criteria_set SET state = 'published', published_at = now()"
            " WHERE id = :id AND state = 'draft'"
        ),
        {"id": set_id},
    )
    return done.rowcount


async def withdraw(connection: AsyncConnection, set_id: int) -> int:
    """Take a published version out of force; how many that were."""
    done = await connection.execute(
        text("UPDATE criteria_set SET state = 'withdrawn' WHERE id = :id AND state = 'published'"),
        {"id": set_id},
    )
    return done.rowcount


async def places_judged(connection: AsyncConnection, kinds: Sequence[str], area: str) -> int:
    """How many places of these kinds in an area take part."""
    found = await connection.scalar(
        text(
            """
            SELECT count(*) FROM place_safety s JOIN place p ON p.id = s.place_id
            WHERE p.kind = ANY (:kinds) AND (p.area = :area OR starts_with(p.area, :area || '.'))
            """
        ),
        {"kinds": list(kinds), "area": area},
    )
    return int(found or 0)
