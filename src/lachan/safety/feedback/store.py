"""All SQL of answers from the public. Nothing here reads a reporter: the role has no right to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.feedback.domain import Decision, Proof, State

SHOWN = 200


@dataclass(frozen=True, slots=True)
class About:
    """A place that takes part, as a report needs it."""

    id: int
    name: str
    kind: str
    area: str
    area_name: str
    address: str
    set_id: int | None


async def about(connection: AsyncConnection, place_id: int) -> About | None:
    """A place that is open and takes part; None for any other."""
    row = (
        (
            await connection.execute(
                text(
                    """
                SELECT p.id, p.name, p.kind, p.area, a.name AS area_name, p.address, s.set_id
                FROM place p JOIN place_safety s ON s.place_id = p.id JOIN area a ON a.path = p.area
                WHERE p.id = :place AND p.state = 'active'
                """
                ),
                {"place": place_id},
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else About(**row)


async def was_here(connection: AsyncConnection, place_id: int) -> bool:
    """Whether the asking resident was at the place in the last 14 days."""
    return bool(
        await connection.scalar(text("SELECT lachan_was_here_lately(:place)"), {"place": place_id})
    )


async def flood(
    connection: AsyncConnection, place_id: int, source: bytes, since: datetime
) -> tuple[int, int]:
    """How many reports came since on the place, and from this source or person."""
    row = (
        await connection.execute(
            text("SELECT of_place, of_source FROM lachan_feedback_flood(:place, :source, :since)"),
            {"place": place_id, "source": source, "since": since},
        )
    ).one()
    return row.of_place, row.of_source


async def insert(
    connection: AsyncConnection,
    *,
    handle_hash: bytes,
    place_id: int,
    item_code: str | None,
    body: str,
    proof: Proof,
    weight: int,
    person_id: int | None,
    source_hash: bytes,
    state: State,
    due_at: datetime,
) -> None:
    """Write a report. It is not read back: whoever reports may not read reports."""
    await connection.execute(
        text(
            """
            INSERT INTO feedback (handle_hash, place_id, item_code, body, proof, weight, person_id,
              source_hash, state, due_at)
            VALUES (:handle_hash, :place_id, :item_code, :body, :proof, :weight, :person_id,
              :source_hash, :state, :due_at)
            """
        ),
        {
            "handle_hash": handle_hash,
            "place_id": place_id,
            "item_code": item_code,
            "body": body,
            "proof": proof,
            "weight": weight,
            "person_id": person_id,
            "source_hash": source_hash,
            "state": state,
            "due_at": due_at,
        },
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """A report as its reporter sees it again."""

    id: int
    place_id: int
    item_code: str | None
    body: str
    state: State
    created_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    reopened_at: datetime | None
    reopened_because: str | None
    decided_at: datetime | None
    remark: str | None


async def by_handle(connection: AsyncConnection, handle_hash: bytes) -> Followed | None:
    """The report that is followed by a handle."""
    row = (
        (
            await connection.execute(
                text("SELECT * FROM lachan_feedback_by_handle(:hash)"), {"hash": handle_hash}
            )
        )
        .mappings()
        .one()
    )
    return None if row["id"] is None else Followed(**row)


async def reopen(
    connection: AsyncConnection, handle_hash: bytes, until: datetime, why: str
) -> bool:
    """Say that the answer is not enough; False when there is none, or it was said before."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_reopen_feedback(:hash, :until, :why)"),
            {"hash": handle_hash, "until": until, "why": why},
        )
    )


async def takes_photo(connection: AsyncConnection, report_id: int, place_id: int) -> bool:
    """Whether a photo may still be joined to a report."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_takes_photo(:report, :place)"),
            {"report": report_id, "place": place_id},
        )
    )


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the place and the inspectors of its area see it."""

    id: int
    place_id: int
    place_name: str
    area: str
    area_name: str
    item_code: str | None
    body: str
    proof: Proof
    weight: int
    state: State
    created_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    reopened_at: datetime | None
    reopened_because: str | None
    decided_at: datetime | None
    remark: str | None
    overdue_at: datetime | None
    set_id: int | None
    photos: tuple[UUID, ...]


_REPORT = """
    SELECT f.id, f.place_id, p.name AS place_name, p.area, a.name AS area_name, f.item_code, f.body,
      f.proof, f.weight, f.state, f.created_at, f.due_at, f.answer, f.answered_at, f.reopened_at,
      f.reopened_because, f.decided_at, f.remark, f.overdue_at, s.set_id,
      ARRAY(SELECT h.id FROM safety_photo h WHERE h.feedback_id = f.id ORDER BY h.id) AS photos
    FROM feedback f JOIN place p ON p.id = f.place_id JOIN area a ON a.path = p.area
      JOIN place_safety s ON s.place_id = p.id
    """


def _report(row: RowMapping) -> Report:
    facts = dict(row)
    facts["photos"] = tuple(facts["photos"])
    return Report(**facts)


async def of_place(connection: AsyncConnection, place_id: int) -> list[Report]:
    """The reports on a place that the asker may see: those that wait first, then the newest."""
    rows = await connection.execute(
        text(
            f"""
            {_REPORT} WHERE f.place_id = :place
            ORDER BY f.state IN ('open', 'reopened') DESC,
              CASE WHEN f.state IN ('open', 'reopened') THEN f.due_at END, f.id DESC LIMIT :most
            """
        ),
        {"place": place_id, "most": SHOWN},
    )
    return [_report(row) for row in rows.mappings()]


async def find(connection: AsyncConnection, report_id: int) -> Report | None:
    """One report, as far as the asker may see it."""
    row = (
        (
            await connection.execute(
                text(f"{_REPORT} WHERE f.id = :id"),
                {"id": report_id},
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _report(row)


_IN_AREA = """
    EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) r
      WHERE p.area = r OR starts_with(p.area, r || '.'))
    """


async def queue(
    connection: AsyncConnection,
    roots: Sequence[str],
    states: Sequence[State],
    *,
    overdue_at: datetime | None = None,
    most: int = SHOWN,
) -> list[Report]:
    """Reports of some areas in some states, `overdue_at` a moment only; what weighs more first."""
    rows = await connection.execute(
        text(
            f"""
            {_REPORT} WHERE f.state = ANY (:states) AND {_IN_AREA}
              AND (CAST(:moment AS timestamptz) IS NULL OR f.due_at < :moment)
            ORDER BY f.weight DESC, f.due_at, f.id LIMIT :most
            """
        ),
        {"roots": list(roots), "states": list(states), "moment": overdue_at, "most": most},
    )
    return [_report(row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class HeldAtPlace:
    """What a flood held back at a place: one line for an inspector, however many there are."""

    place_id: int
    place_name: str
    area_name: str
    reports: int
    newest: datetime


async def held(connection: AsyncConnection, roots: Sequence[str]) -> list[HeldAtPlace]:
    """Places with reports that were held back, the most first."""
    rows = await connection.execute(
        text(
            f"""
            SELECT f.place_id, p.name AS place_name, a.name AS area_name,
              count(*)::integer AS reports, max(f.created_at) AS newest
            FROM feedback f JOIN place p ON p.id = f.place_id JOIN area a ON a.path = p.area
            WHERE f.state = 'held' AND {_IN_AREA}
            GROUP BY f.place_id, p.name, a.name ORDER BY count(*) DESC, f.place_id LIMIT :most
            """  # noqa: S608 - our own columns
        ),
        {"roots": list(roots), "most": SHOWN},
    )
    return [HeldAtPlace(**row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports of some areas are in which state; held ones by place."""

    waiting: int
    overdue: int
    answered: int
    reopened: int
    confirmed: int
    held_places: int


async def counts(connection: AsyncConnection, roots: Sequence[str], moment: datetime) -> Counts:
    """What stands in the queue of an inspector."""
    row = (
        (
            await connection.execute(
                text(
                    f"""
                SELECT count(*) FILTER (WHERE f.state = 'open')::integer AS waiting,
                  count(*) FILTER (WHERE f.state IN ('open', 'reopened') AND f.due_at < :moment)
                    ::integer AS overdue,
                  count(*) FILTER (WHERE f.state = 'answered')::integer AS answered,
                  count(*) FILTER (WHERE f.state = 'reopened')::integer AS reopened,
                  count(*) FILTER (WHERE f.state = 'confirmed')::integer AS confirmed,
                  count(DISTINCT f.place_id) FILTER (WHERE f.state = 'held')::integer AS held_places
                FROM feedback f JOIN place p ON p.id = f.place_id
                WHERE f.state NOT IN ('dismissed', 'closed') AND {_IN_AREA}
                """  # noqa: S608 - our own columns
                ),
                {"roots": list(roots), "moment": moment},
            )
        )
        .mappings()
        .one()
    )
    return Counts(**row)


async def answer(connection: AsyncConnection, place_id: int, report_id: int, said: str) -> bool:
    """Answer a report as the place; False when it does not wait for one."""
    done = await connection.execute(
        text(
            """
            UPDATE feedback SET state = 'answered', answer = :said, answered_at = now()
            WHERE id = :id AND place_id = :place AND state IN ('open', 'reopened')
            """
        ),
        {"id": report_id, "place": place_id, "said": said},
    )
    return bool(done.rowcount)


async def decide(
    connection: AsyncConnection,
    report_id: int,
    decision: Decision,
    remark: str,
    *,
    officer_id: int,
    of_states: Sequence[State],
) -> bool:
    """Decide a report as an inspector; False when it is in none of `of_states` any more."""
    done = await connection.execute(
        text(
            """
            UPDATE feedback SET state = :state, decided_by = :officer, decided_at = now(),
              remark = coalesce(nullif(:remark, ''), remark)
            WHERE id = :id AND state = ANY (:states)
            """
        ),
        {
            "id": report_id,
            "state": decision,
            "officer": officer_id,
            "remark": remark,
            "states": list(of_states),
        },
    )
    return bool(done.rowcount)


async def close_confirmed(
    connection: AsyncConnection, place_id: int, remark: str, *, officer_id: int
) -> int:
    """Close every confirmed report on a place; how many."""
    done = await connection.execute(
        text(
            """
            UPDATE feedback SET state = 'closed', decided_by = :officer, decided_at = now(),
              remark = coalesce(nullif(:remark, ''), remark)
            WHERE place_id = :place AND state = 'confirmed'
            """
        ),
        {"place": place_id, "officer": officer_id, "remark": remark},
    )
    return done.rowcount


async def release(connection: AsyncConnection, reports: Sequence[int], until: datetime) -> int:
    """Let what was held back through to the places; how many."""
    found = await connection.scalar(
        text("SELECT lachan_release_feedback(CAST(:ids AS bigint[]), :until)"),
        {"ids": list(reports), "until": until},
    )
    return int(found or 0)


async def held_of(connection: AsyncConnection, place_id: int) -> list[Report]:
    """What was held back at one place, what weighs more first."""
    rows = await connection.execute(
        text(
            f"""
            {_REPORT} WHERE f.place_id = :place AND f.state = 'held'
            ORDER BY f.weight DESC, f.id LIMIT :most
            """
        ),
        {"place": place_id, "most": SHOWN},
    )
    return [_report(row) for row in rows.mappings()]


async def confirmed(connection: AsyncConnection, place_id: int) -> tuple[int, int]:
    """How many different people stand behind the confirmed reports of a place, and their weight."""
    row = (
        await connection.execute(
            text("SELECT reporters, weight FROM lachan_confirmed_weight(:place)"),
            {"place": place_id},
        )
    ).one()
    return row.reporters, row.weight
