"""All SQL about trace runs and contacts, but for the engine's own."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

_RUN = """
    id, case_id, requested_by, profile_version, max_level, dry_run, state, error, progress, counts,
    as_of, requested_at, started_at, finished_at FROM trace_run
"""
_INSERT_RUN = text(
    """
    INSERT INTO trace_run (case_id, requested_by, profile_version, rules, max_level, dry_run)
    VALUES (:case, :officer, :version, CAST(:rules AS jsonb), :max_level, :dry_run) RETURNING id
    """
)
# A run whose worker died is no longer under way: it must not keep the button from working.
_UNDER_WAY = text(
    f"""
    SELECT {_RUN} WHERE case_id = :case AND state IN ('queued', 'running')
      AND max_level = :max_level AND dry_run = :dry_run
      AND coalesce(started_at, requested_at) > now() - interval '15 minutes'
    ORDER BY id DESC LIMIT 1
    """
)

# What a list shows of a contact: the longest exposure stands for the others.
_CONTACT_OF = """
    c.id, c.case_id, k.code AS case_code, c.person_id, c.level, c.area,
    concat_ws(', ', a.full_name, up.full_name) AS area_name, c.first_exposure, c.last_exposure,
    c.minutes, c.household, c.status, c.updated_at, x.kind, x.place_id, p.name AS place,
    r.name AS room, x.started_at, x.ended_at, x.minutes AS exposure_minutes,
    coalesce(x.together, 0) AS exposures,
    EXISTS (SELECT FROM case_record o WHERE o.person_id = c.person_id AND o.id <> c.case_id
            AND o.classification <> 'discarded') AS is_case
    FROM {contacts}
    LEFT JOIN case_record k ON k.id = c.case_id
    LEFT JOIN area a ON a.path = c.area
    LEFT JOIN area up ON up.path = a.parent AND up.level = 1
    LEFT JOIN LATERAL (
      SELECT e.*, count(*) OVER () AS together FROM exposure e WHERE e.contact_id = c.id
      ORDER BY e.minutes DESC, e.started_at, e.id LIMIT 1
    ) x ON true
    LEFT JOIN place p ON p.id = x.place_id
    LEFT JOIN room r ON r.id = x.room_id
"""
_CONTACT = _CONTACT_OF.format(contacts="contact c")
# As for cases: the newest of each ward first, because row security hides from the planner how many.
_NEWEST_BY_WARD = """(
      SELECT n.* FROM area w CROSS JOIN LATERAL (
        SELECT * FROM contact c WHERE c.area = w.path AND c.id < :before AND {where}
        ORDER BY c.id DESC LIMIT :limit
      ) n
      WHERE w.path = ANY (:wards) OR w.parent = ANY (:wards) ORDER BY n.id DESC LIMIT :limit
    ) c
"""
_COUNTRY = "VN"

_EVIDENCE = text(
    """
    SELECT e.kind, e.source_person_id, e.source_visit_id, e.visit_id, e.place_id,
           coalesce(p.name, '') AS place, r.name AS room, e.started_at, e.ended_at, e.minutes,
           e.lingering_minutes
    FROM exposure e LEFT JOIN place p ON p.id = e.place_id LEFT JOIN room r ON r.id = e.room_id
    WHERE e.contact_id = :contact ORDER BY e.started_at, e.id
    """
)


@dataclass(frozen=True, slots=True)
class Run:
    """A trace run."""

    id: int
    case_id: int
    requested_by: int | None
    profile_version: str
    max_level: int
    dry_run: bool
    state: str
    error: str | None
    progress: int
    counts: dict[str, int] = field(hash=False)
    as_of: datetime | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def under_way(self) -> bool:
        return self.state in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact with its longest exposure and the names around it."""

    id: int
    case_id: int
    case_code: str | None
    person_id: int
    level: int
    area: str
    area_name: str
    first_exposure: datetime
    last_exposure: datetime
    minutes: int
    household: bool
    status: str
    updated_at: datetime
    kind: str | None
    place_id: int | None
    place: str | None
    room: str | None
    started_at: datetime | None
    ended_at: datetime | None
    exposure_minutes: int | None
    exposures: int
    is_case: bool


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One exposure with the names of where it was."""

    kind: str
    source_person_id: int
    source_visit_id: UUID
    visit_id: UUID
    place_id: int
    place: str
    room: str | None
    started_at: datetime
    ended_at: datetime
    minutes: int
    lingering_minutes: int


@dataclass(frozen=True, slots=True)
class ContactFilters:
    """Which contacts; None and empty mean: any."""

    case_id: int | None = None
    level: int | None = None
    status: str | None = None
    roots: Sequence[str] = ()


Key = tuple[int, int, int]
"""Where a page of contacts of a case begins: level, minutes, id."""


def _run(row: Row[Any]) -> Run:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    counts = values["counts"]
    return Run(**{**values, "counts": counts if isinstance(counts, dict) else orjson.loads(counts)})


async def area_of_case(connection: AsyncConnection, case_id: int) -> str:
    """Where a case is worked; the rules of that area are its rules."""
    found = await connection.scalar(
        text("SELECT area FROM case_record WHERE id = :case"), {"case": case_id}
    )
    return str(found or _COUNTRY)


async def insert_run(
    connection: AsyncConnection,
    *,
    case_id: int,
    officer: int | None,
    version: str,
    rules: dict[str, object],
    max_level: int,
    dry_run: bool,
) -> int:
    """Write a run that waits for a worker; its id."""
    made = await connection.scalar(
        _INSERT_RUN,
        {
            "case": case_id,
            "officer": officer,
            "version": version,
            "rules": orjson.dumps(rules).decode(),
            "max_level": max_level,
            "dry_run": dry_run,
        },
    )
    return int(made or 0)


async def run_under_way(
    connection: AsyncConnection, case_id: int, *, max_level: int, dry_run: bool
) -> Run | None:
    """A run of the same kind that has not finished."""
    row = (
        await connection.execute(
            _UNDER_WAY, {"case": case_id, "max_level": max_level, "dry_run": dry_run}
        )
    ).one_or_none()
    return None if row is None else _run(row)


async def find_run(connection: AsyncConnection, case_id: int, run_id: int) -> Run | None:
    """A run of a case."""
    row = (
        await connection.execute(
            text(f"SELECT {_RUN} WHERE id = :run AND case_id = :case"),
            {"run": run_id, "case": case_id},
        )
    ).one_or_none()
    return None if row is None else _run(row)


async def runs(connection: AsyncConnection, case_id: int, *, limit: int) -> list[Run]:
    """The newest runs of a case, newest first."""
    rows = await connection.execute(
        text(f"SELECT {_RUN} WHERE case_id = :case ORDER BY id DESC LIMIT :limit"),
        {"case": case_id, "limit": limit},
    )
    return [_run(row) for row in rows]


async def runs_under_way(connection: AsyncConnection, *, limit: int) -> list[tuple[Run, str]]:
    """Runs that wait or compute in the officer's areas, each with the code of its case."""
    rows = (
        await connection.execute(
            text(
                f"""
                SELECT t.*, c.code FROM (SELECT {_RUN} WHERE state IN ('queued', 'running')) t
                JOIN case_record c ON c.id = t.case_id ORDER BY t.id DESC LIMIT :limit
                """
            ),
            {"limit": limit},
        )
    ).all()
    found = []
    for row in rows:
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        code = values.pop("code")
        counts = values["counts"]
        values["counts"] = counts if isinstance(counts, dict) else orjson.loads(counts)
        found.append((Run(**values), code))
    return found


def _where(wanted: ContactFilters, *, areas: bool = True) -> tuple[str, dict[str, object]]:
    parts, values = ["true"], dict[str, object]()
    for name, column in (("case_id", "case_id"), ("level", "level"), ("status", "status")):
        value = getattr(wanted, name)
        if value is not None:
            parts.append(f"c.{column} = :{name}")
            values[name] = value
    if wanted.roots and areas and _COUNTRY not in wanted.roots:
        ranges = []
        for number, root in enumerate(wanted.roots):
            # As for cases: "VN.01" up to "VN.01/" is VN.01 and everything below it.
            ranges.append(f"(c.area ~>=~ :root{number} AND c.area ~<~ :over{number})")
            values |= {f"root{number}": root, f"over{number}": f"{root}/"}
        parts.append(f"({' OR '.join(ranges)})")
    return " AND ".join(parts), values


async def contacts_of_case(
    connection: AsyncConnection, wanted: ContactFilters, *, after: Key | None, limit: int
) -> list[ContactRow]:
    """Contacts of a case by level, the longest exposed first."""
    where, values = _where(wanted)
    if after is not None:
        where += (
            " AND (c.level, -c.minutes, c.id) > (CAST(:level_at AS int), -CAST(:minutes_at AS int),"
            " CAST(:id_at AS bigint))"
        )
        values |= {"level_at": after[0], "minutes_at": after[1], "id_at": after[2]}
    rows = await connection.execute(
        text(
            f"SELECT {_CONTACT} WHERE {where} ORDER BY c.level, c.minutes DESC, c.id LIMIT :limit"
        ),
        {**values, "limit": limit},
    )
    return [ContactRow(*row) for row in rows]


async def contacts(
    connection: AsyncConnection, wanted: ContactFilters, *, before: int, limit: int
) -> list[ContactRow]:
    """Contacts of all cases, newest first, below the id `before`."""
    by_ward = bool(wanted.roots) and _COUNTRY not in wanted.roots
    where, values = _where(wanted, areas=not by_ward)
    values |= {"before": before, "limit": limit}
    if by_ward:
        source = _NEWEST_BY_WARD.format(where=where)
        statement = text(
            f"SELECT {_CONTACT_OF.format(contacts=source)} ORDER BY c.id DESC"
        ).bindparams(bindparam("wards", type_=ARRAY(Text)))
        values["wards"] = list(wanted.roots)
    else:
        statement = text(
            f"SELECT {_CONTACT} WHERE {where} AND c.id < :before ORDER BY c.id DESC LIMIT :limit"
        )
    return [ContactRow(*row) for row in await connection.execute(statement, values)]


async def every_contact(
    connection: AsyncConnection, wanted: ContactFilters
) -> AsyncIterator[ContactRow]:
    """All contacts, streamed, by level, the longest exposed first."""
    where, values = _where(wanted)
    rows = await connection.stream(
        text(f"SELECT {_CONTACT} WHERE {where} ORDER BY c.level, c.minutes DESC, c.id"), values
    )
    async for some in rows.partitions(1_000):
        for row in some:
            yield ContactRow(*row)


async def count_contacts(connection: AsyncConnection, wanted: ContactFilters, *, most: int) -> int:
    """How many there are, counting no further than `most`."""
    where, values = _where(wanted)
    found = await connection.scalar(
        text(f"SELECT count(*) FROM (SELECT FROM contact c WHERE {where} LIMIT :most) AS counted"),
        {**values, "most": most},
    )
    return int(found or 0)


async def find_contact(connection: AsyncConnection, contact_id: int) -> ContactRow | None:
    """A contact that the asking officer may see."""
    row = (
        await connection.execute(
            text(f"SELECT {_CONTACT} WHERE c.id = :contact"), {"contact": contact_id}
        )
    ).one_or_none()
    return None if row is None else ContactRow(*row)


async def exposures_of(connection: AsyncConnection, contact_id: int) -> list[ExposureRow]:
    """The evidence of a contact, oldest first."""
    rows = await connection.execute(_EVIDENCE, {"contact": contact_id})
    return [ExposureRow(*row) for row in rows]


async def set_status(connection: AsyncConnection, contact_id: int, status: str) -> None:
    """Note how far the tracer has come."""
    await connection.execute(
        text("UPDATE contact SET status = :status, updated_at = now() WHERE id = :contact"),
        {"status": status, "contact": contact_id},
    )
