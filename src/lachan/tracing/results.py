"""SQL of the worker's side: a run's progress, and the contacts that a trace found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Row,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.tracing.domain import Contact

_ROWS_A_STATEMENT = 5_000

# A job that is delivered twice begins a run again; one that has ended stays ended.
_BEGIN = text(
    """
    UPDATE trace_run t SET state = 'running', started_at = now(), progress = 0, as_of = :as_of
    FROM case_record c WHERE t.id = :run AND t.state IN ('queued', 'running') AND c.id = t.case_id
    RETURNING t.id, t.case_id, t.max_level, t.dry_run, t.rules, c.person_id, c.disease,
              c.infectious_from, c.infectious_until, c.area
    """
)
_PROGRESS = text("UPDATE trace_run SET progress = :progress WHERE id = :run")
_FINISH = text(
    """
    UPDATE trace_run SET state = 'done', progress = 100, counts = CAST(:counts AS jsonb),
      finished_at = now(), profile_version = :version
    WHERE id = :run
    """
)
_FAIL = text(
    "UPDATE trace_run SET state = 'failed', error = :error, finished_at = now() "
    "WHERE id = :run AND state IN ('queued', 'running') RETURNING case_id"
)
_LOCK_CASE = text("SELECT 1 FROM case_record WHERE id = :case FOR UPDATE")
_REMOVE_GONE = text(
    "DELETE FROM contact WHERE case_id = :case AND person_id <> ALL (:people)"
).bindparams(bindparam("people", type_=ARRAY(BigInteger)))
_REMOVE_EVIDENCE = text(
    "DELETE FROM exposure e USING contact c WHERE c.case_id = :case AND e.contact_id = c.id"
)
# Who was a contact before keeps the status that a tracer gave.
_WRITE_CONTACTS = text(
    """
    INSERT INTO contact (case_id, run_id, person_id, level, area, first_exposure, last_exposure,
                         minutes, household)
    SELECT :case, :run, f.person_id, f.level, coalesce(p.home_area, :area), f.first_exposure,
           f.last_exposure, f.minutes, f.household
    FROM unnest(:people, :levels, :firsts, :lasts, :minutes, :households)
      AS f (person_id, level, first_exposure, last_exposure, minutes, household)
    JOIN person p ON p.id = f.person_id
    ON CONFLICT (case_id, person_id) DO UPDATE SET run_id = excluded.run_id,
      level = excluded.level, area = excluded.area, first_exposure = excluded.first_exposure,
      last_exposure = excluded.last_exposure, minutes = excluded.minutes,
      household = excluded.household
    RETURNING id, person_id, (xmax = 0) AS added
    """
).bindparams(
    bindparam("people", type_=ARRAY(BigInteger)),
    bindparam("levels", type_=ARRAY(SmallInteger)),
    bindparam("firsts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("lasts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("minutes", type_=ARRAY(Integer)),
    bindparam("households", type_=ARRAY(Boolean)),
)
_WRITE_EVIDENCE = text(
    """
    INSERT INTO exposure (contact_id, kind, source_person_id, source_visit_id, visit_id, place_id,
                          room_id, started_at, ended_at, minutes, lingering_minutes)
    SELECT * FROM unnest(:contacts, :kinds, :sources, :source_visits, :visits, :places, :rooms,
                         :starts, :ends, :minutes, :lingering)
    """
).bindparams(
    bindparam("contacts", type_=ARRAY(BigInteger)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("sources", type_=ARRAY(BigInteger)),
    bindparam("source_visits", type_=ARRAY(Uuid)),
    bindparam("visits", type_=ARRAY(Uuid)),
    bindparam("places", type_=ARRAY(BigInteger)),
    bindparam("rooms", type_=ARRAY(BigInteger)),
    bindparam("starts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("ends", type_=ARRAY(DateTime(timezone=True))),
    bindparam("minutes", type_=ARRAY(Integer)),
    bindparam("lingering", type_=ARRAY(Integer)),
)
# Cases to trace anew because one of their contacts became a case, with how far they went last time.
_AROUND = text(
    """
    SELECT c.id, c.disease, max(t.max_level) AS max_level
    FROM contact k JOIN case_record c ON c.id = k.case_id JOIN trace_run t ON t.case_id = c.id
    WHERE k.person_id = :person AND c.id <> :but AND c.closed_at IS NULL
      AND c.classification <> 'discarded' AND t.state = 'done' AND NOT t.dry_run
    GROUP BY c.id, c.disease ORDER BY c.id
    """
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A run as its worker needs it."""

    id: int
    case_id: int
    max_level: int
    dry_run: bool
    rules: Mapping[str, Any] = field(hash=False)
    person_id: int
    disease: str
    infectious_from: datetime
    infectious_until: datetime
    area: str


@dataclass(frozen=True, slots=True)
class Written:
    """What changed among the contacts of a case."""

    added: int
    kept: int
    removed: int


async def begin(connection: AsyncConnection, run_id: int, as_of: datetime) -> Begun | None:
    """Take a run up; None when there is none or it has ended."""
    row = (await connection.execute(_BEGIN, {"run": run_id, "as_of": as_of})).one_or_none()
    return None if row is None else Begun(*row)


async def set_progress(connection: AsyncConnection, run_id: int, progress: int) -> None:
    """Note how far a run has come, in percent."""
    await connection.execute(_PROGRESS, {"run": run_id, "progress": progress})


async def finish(
    connection: AsyncConnection, run_id: int, counts: Mapping[str, int], version: str
) -> None:
    """End a run well."""
    await connection.execute(
        _FINISH,
        {"run": run_id, "counts": orjson.dumps(dict(counts)).decode(), "version": version},
    )


async def fail(connection: AsyncConnection, run_id: int, error: str) -> int | None:
    """End a run with a stable error code; its case, None when it had ended already."""
    found: int | None = await connection.scalar(_FAIL, {"run": run_id, "error": error})
    return found


async def write(connection: AsyncConnection, run: Begun, contacts: Sequence[Contact]) -> Written:
    """Make `contacts` the contacts of the case; who was one before keeps the status.

    Holds the case's row to the end of the transaction, so that two runs write one after the other.
    """
    await connection.execute(_LOCK_CASE, {"case": run.case_id})
    people = [contact.person_id for contact in contacts]
    removed = (
        await connection.execute(_REMOVE_GONE, {"case": run.case_id, "people": people})
    ).rowcount
    await connection.execute(_REMOVE_EVIDENCE, {"case": run.case_id})
    ids: dict[int, int] = {}
    added = 0
    for some in _chunks(contacts):
        rows = await connection.execute(_WRITE_CONTACTS, _contact_values(run, some))
        for row in rows:
            ids[row.person_id] = row.id
            added += bool(row.added)
    evidence = [
        (ids[contact.person_id], exposure)
        for contact in contacts
        if contact.person_id in ids
        for exposure in contact.exposures
    ]
    for part in _chunks(evidence):
        await connection.execute(
            _WRITE_EVIDENCE,
            {
                "contacts": [contact for contact, _ in part],
                "kinds": [one.kind.value for _, one in part],
                "sources": [one.source_person_id for _, one in part],
                "source_visits": [one.source_visit_id for _, one in part],
                "visits": [one.visit_id for _, one in part],
                "places": [one.place_id for _, one in part],
                "rooms": [one.room_id for _, one in part],
                "starts": [one.started_at for _, one in part],
                "ends": [one.ended_at for _, one in part],
                "minutes": [one.minutes for _, one in part],
                "lingering": [one.lingering_minutes for _, one in part],
            },
        )
    return Written(added=added, kept=len(ids) - added, removed=removed)


def _contact_values(run: Begun, contacts: Sequence[Contact]) -> dict[str, object]:
    return {
        "case": run.case_id,
        "run": run.id,
        "area": run.area,
        "people": [one.person_id for one in contacts],
        "levels": [one.level for one in contacts],
        "firsts": [one.first_exposure for one in contacts],
        "lasts": [one.last_exposure for one in contacts],
        "minutes": [one.minutes for one in contacts],
        "households": [one.household for one in contacts],
    }


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        yield rows[start : start + _ROWS_A_STATEMENT]


async def cases_around(connection: AsyncConnection, person: int, but: int) -> Sequence[Row[Any]]:
    """Open, traced cases of which the person is a contact: id, disease, max_level."""
    return (await connection.execute(_AROUND, {"person": person, "but": but})).all()
