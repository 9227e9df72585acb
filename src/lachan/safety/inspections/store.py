"""All SQL of inspections and of who has not reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.safety.colours.domain import Colour, Held

SHOWN = 200
State = Literal["open", "closed"]
OrderState = Literal["open", "repaired", "accepted"]

_IN_AREA = """
    EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) r
      WHERE p.area = r OR starts_with(p.area, r || '.'))
    """


async def lock_standing(connection: AsyncConnection, place_id: int) -> bool:
    """Lock how a place stands till the end of the transaction; False when it takes no part."""
    found = await connection.scalar(
        text("SELECT place_id FROM place_safety WHERE place_id = :place FOR UPDATE"),
        {"place": place_id},
    )
    return found is not None


async def set_held(connection: AsyncConnection, place_id: int, held: Held | None) -> None:
    """Hold a place at a colour, or let it go."""
    await connection.execute(
        text(
            "UPDATE place_safety SET held = CAST(:held AS text)"
            " WHERE place_id = :place AND held IS DISTINCT FROM CAST(:held AS text)"
        ),
        {"place": place_id, "held": held},
    )


@dataclass(frozen=True, slots=True)
class OpenAt:
    id: int
    set_id: int
    outcome: str
    orders: int


async def open_at(connection: AsyncConnection, place_id: int) -> list[OpenAt]:
    """The inspections of a place that are not closed, with how many orders are not accepted."""
    rows = await connection.execute(
        text(
            """
            SELECT i.id, i.set_id, i.outcome, (SELECT count(*) FROM repair_order o
              WHERE o.inspection_id = i.id AND o.state <> 'accepted')::integer AS orders
            FROM inspection i WHERE i.place_id = :place AND i.state = 'open' ORDER BY i.id
            """
        ),
        {"place": place_id},
    )
    return [OpenAt(**row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be repaired, and how far that is."""

    item_code: str
    wording: str
    state: OrderState


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection as officers of the area and those who run the place see it."""

    id: int
    place_id: int
    place_name: str
    area: str
    area_name: str
    set_id: int
    recheck_of: int | None
    day: date
    answers: Mapping[str, int]
    notes: Mapping[str, str]
    score: int
    maximum: int
    outcome: str
    deviation: Mapping[str, Sequence[int]]
    remark: str
    state: State
    due_at: datetime | None
    repaired_at: datetime | None
    closed_at: datetime | None
    overdue_at: datetime | None
    created_at: datetime
    orders: tuple[Order, ...]


_INSPECTION = """
    SELECT i.id, i.place_id, p.name AS place_name, p.area, a.name AS area_name, i.set_id,
      i.recheck_of, i.day, i.answers, i.notes, i.score, i.maximum, i.outcome, i.deviation, i.remark,
      i.state, i.due_at, i.repaired_at, i.closed_at, i.overdue_at, i.created_at,
      coalesce((SELECT jsonb_agg(jsonb_build_array(o.item_code, o.wording, o.state)
        ORDER BY o.item_code) FROM repair_order o WHERE o.inspection_id = i.id), '[]') AS orders
    FROM inspection i JOIN place p ON p.id = i.place_id JOIN area a ON a.path = p.area
    """


def _inspection(row: RowMapping) -> Inspection:
    facts = dict(row)
    facts["orders"] = tuple(Order(*one) for one in facts["orders"])
    return Inspection(**facts)


async def find(connection: AsyncConnection, inspection_id: int) -> Inspection | None:
    """One inspection, as far as the asker may see it."""
    row = (
        (await connection.execute(text(f"{_INSPECTION} WHERE i.id = :id"), {"id": inspection_id}))
        .mappings()
        .one_or_none()
    )
    return None if row is None else _inspection(row)


async def of_place(connection: AsyncConnection, place_id: int) -> list[Inspection]:
    """The inspections of a place, newest first."""
    rows = await connection.execute(
        text(f"{_INSPECTION} WHERE i.place_id = :place ORDER BY i.id DESC LIMIT :most"),
        {"place": place_id, "most": SHOWN},
    )
    return [_inspection(row) for row in rows.mappings()]


async def still_open(connection: AsyncConnection, roots: Sequence[str]) -> list[Inspection]:
    """Open inspections of some areas: what is said to be repaired first, then by deadline."""
    rows = await connection.execute(
        text(
            f"""
            {_INSPECTION} WHERE i.state = 'open' AND {_IN_AREA}
            ORDER BY i.repaired_at IS NULL, i.due_at, i.id LIMIT :most
            """
        ),
        {"roots": list(roots), "most": SHOWN},
    )
    return [_inspection(row) for row in rows.mappings()]


async def insert(
    connection: AsyncConnection,
    *,
    place_id: int,
    officer_id: int,
    set_id: int,
    recheck_of: int | None,
    day: date,
    answers: Mapping[str, int],
    notes: Mapping[str, str],
    score: int,
    maximum: int,
    outcome: str,
    deviation: Mapping[str, tuple[int, int]],
    remark: str,
    state: State,
    due_at: datetime | None,
) -> int:
    """Write an inspection; its id."""
    made = await connection.scalar(
        text(
            """
            INSERT INTO inspection (place_id, officer_id, set_id, recheck_of, day, answers, notes,
              score, maximum, outcome, deviation, remark, state, due_at, closed_at)
            VALUES (:place, :officer, :set, :recheck_of, :day, CAST(:answers AS jsonb),
              CAST(:notes AS jsonb), :score, :maximum, :outcome, CAST(:deviation AS jsonb), :remark,
              CAST(:state AS text), :due_at,
              CASE WHEN CAST(:state AS text) = 'closed' THEN now() END)
            RETURNING id
            """
        ),
        {
            "place": place_id,
            "officer": officer_id,
            "set": set_id,
            "recheck_of": recheck_of,
            "day": day,
            "answers": orjson.dumps(dict(answers)).decode(),
            "notes": orjson.dumps(dict(notes)).decode(),
            "score": score,
            "maximum": maximum,
            "outcome": outcome,
            "deviation": orjson.dumps(dict(deviation)).decode(),
            "remark": remark,
            "state": state,
            "due_at": due_at,
        },
    )
    assert isinstance(made, int)
    return made


async def add_orders(
    connection: AsyncConnection, inspection_id: int, orders: Mapping[str, str]
) -> None:
    """Write what is to be repaired, as item -> sentence."""
    await connection.execute(
        text(
            "INSERT INTO repair_order (inspection_id, item_code, wording)"
            " VALUES (:inspection, :item, :wording)"
        ),
        [
            {"inspection": inspection_id, "item": item, "wording": wording}
            for item, wording in orders.items()
        ],
    )


async def close(connection: AsyncConnection, inspection_id: int, remark: str) -> bool:
    """Close an inspection and accept what it ordered; False when it is closed already."""
    done = await connection.execute(
        text(
            """
            UPDATE inspection SET state = 'closed', closed_at = now(),
              remark = CASE WHEN :remark = '' THEN remark
                WHEN remark = '' THEN :remark ELSE remark || chr(10) || :remark END
            WHERE id = :id AND state = 'open'
            """
        ),
        {"id": inspection_id, "remark": remark},
    )
    if not done.rowcount:
        return False
    await connection.execute(
        text("UPDATE repair_order SET state = 'accepted' WHERE inspection_id = :id"),
        {"id": inspection_id},
    )
    return True


async def say_repaired(connection: AsyncConnection, inspection_id: int) -> bool:
    """Say, as the place, that what was ordered is done; False when it is not open, or was said."""
    return bool(
        await connection.scalar(text("SELECT lachan_say_repaired(:id)"), {"id": inspection_id})
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A place that takes part, found by its name."""

    id: int
    name: str
    kind: str
    area_name: str
    address: str
    colour: Colour


async def places(
    connection: AsyncConnection, roots: Sequence[str], typed: str, today: date, *, most: int = 20
) -> list[Found]:
    """Places of some areas whose name holds what was typed, accents or not."""
    rows = await connection.execute(
        text(
            f"""
            SELECT p.id, p.name, p.kind, a.name AS area_name, p.address,
              lachan_colour(s, :today) AS colour
            FROM place_safety s JOIN place p ON p.id = s.place_id JOIN area a ON a.path = p.area
            WHERE p.state = 'active' AND {_IN_AREA} AND strpos(p.folded, :folded) > 0
            ORDER BY p.name, p.id LIMIT :most
            """  # noqa: S608 - our own columns
        ),
        {"roots": list(roots), "folded": fold(typed), "today": today, "most": most},
    )
    return [Found(**row) for row in rows.mappings()]


async def last_reported(connection: AsyncConnection, place_id: int, since: date) -> date | None:
    """The last day on which a place checked itself."""
    found = await connection.scalar(
        text("SELECT max(day) FROM daily_check WHERE place_id = :place AND day >= :since"),
        {"place": place_id, "since": since},
    )
    return found if isinstance(found, date) else None


async def mark_overdue(connection: AsyncConnection) -> list[tuple[int, str]]:
    """Mark orders whose deadline passed, once; the places with their areas. For jobs."""
    rows = await connection.execute(
        text(
            """
            WITH late AS (
              UPDATE inspection SET overdue_at = now()
              WHERE state = 'open' AND repaired_at IS NULL AND due_at < now() AND overdue_at IS NULL
              RETURNING place_id
            )
            SELECT DISTINCT p.id, p.area FROM late JOIN place p ON p.id = late.place_id
            ORDER BY p.id
            """
        )
    )
    return [(row.id, row.area) for row in rows]
