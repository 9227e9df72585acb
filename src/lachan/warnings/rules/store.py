"""All SQL about trying a version of the rules on past cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

_TRIAL = "id, rule_id, area, present, state, requested_at, finished_at FROM rule_trial"
_NEWEST = text(f"SELECT {_TRIAL} WHERE rule_id = :rule ORDER BY id DESC LIMIT 1")
_CASES = text(
    """
    SELECT case_id, case_code, would, present, gained, lost, kinds FROM rule_trial_case
    WHERE trial_id = :trial ORDER BY would - present DESC, case_code
    """
)
_BEGIN = text(
    """
    UPDATE rule_trial SET state = 'running' WHERE id = :trial AND state IN ('queued', 'running')
    RETURNING rule_id, area
    """
)
# Past cases whose contacts' visits are still kept; a drill proves nothing about people.
_PAST = text(
    """
    SELECT c.id, c.code, c.area, c.person_id, c.infectious_from, c.infectious_until
    FROM case_record c
    WHERE c.disease = :disease AND c.classification <> 'discarded' AND c.drill_id IS NULL
      AND (c.area = :area OR starts_with(c.area, :area || '.')) AND c.infectious_until > :since
      AND EXISTS (SELECT FROM trace_run t
                  WHERE t.case_id = c.id AND t.state = 'done' AND NOT t.dry_run)
    ORDER BY c.id DESC LIMIT :limit
    """
)
_NOTE = text(
    """
    INSERT INTO rule_trial_case (trial_id, case_id, case_code, would, present, gained, lost, kinds)
    VALUES (:trial, :case, :code, :would, :present, :gained, :lost, CAST(:kinds AS jsonb))
    ON CONFLICT (trial_id, case_id) DO NOTHING
    """
)
_KINDS = text("SELECT id, kind FROM place WHERE id = ANY (:places)")


@dataclass(frozen=True, slots=True)
class Compared:
    """One past case: whom the version would warn, whom the one in force, and who differs."""

    case_id: int
    code: str
    would: int
    present: int
    gained: int
    lost: int
    kinds: Mapping[str, int]


async def insert_trial(
    connection: AsyncConnection, *, rule_id: int, area: str, present: str, officer: int
) -> int:
    """Ask for a trial; its number."""
    made = await connection.execute(
        text(
            "INSERT INTO rule_trial (rule_id, area, present, requested_by) "
            "VALUES (:rule, :area, :present, :officer) RETURNING id"
        ),
        {"rule": rule_id, "area": area, "present": present, "officer": officer},
    )
    return int(made.scalar_one())


async def newest_trial(connection: AsyncConnection, rule_id: int) -> Row[Any] | None:
    """The newest trial of a version, for an admin of its area."""
    return (await connection.execute(_NEWEST, {"rule": rule_id})).one_or_none()


async def cases_of(connection: AsyncConnection, trial_id: int) -> Sequence[Row[Any]]:
    """What a trial found, the largest difference first."""
    return (await connection.execute(_CASES, {"trial": trial_id})).all()


async def begin(connection: AsyncConnection, trial_id: int) -> Row[Any] | None:
    """Take a trial that waits; None when it is over."""
    return (await connection.execute(_BEGIN, {"trial": trial_id})).one_or_none()


async def past_cases(
    connection: AsyncConnection, *, disease: str, area: str, since: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Traced cases of an area that could infect after `since`, newest first."""
    values = {"disease": disease, "area": area, "since": since, "limit": limit}
    return (await connection.execute(_PAST, values)).all()


async def place_kinds(connection: AsyncConnection, places: Sequence[int]) -> dict[int, str]:
    """The kinds of places, those that are gone left out."""
    rows = await connection.execute(_KINDS, {"places": list(places)})
    return {row.id: row.kind for row in rows}


async def note(connection: AsyncConnection, trial_id: int, found: Compared) -> None:
    """Write down what one case showed."""
    await connection.execute(
        _NOTE,
        {
            "trial": trial_id,
            "case": found.case_id,
            "code": found.code,
            "would": found.would,
            "present": found.present,
            "gained": found.gained,
            "lost": found.lost,
            "kinds": orjson.dumps(dict(found.kinds)).decode(),
        },
    )


async def finish(connection: AsyncConnection, trial_id: int, state: str) -> None:
    """End a trial."""
    await connection.execute(
        text("UPDATE rule_trial SET state = :state, finished_at = now() WHERE id = :trial"),
        {"trial": trial_id, "state": state},
    )
