"""All SQL about cases. Row security decides which of them an officer meets here."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.cases.domain import Classification

_FIELDS = """
    c.id, c.code, c.person_id, c.disease, c.profile_version, c.classification, c.onset_on,
    c.sampled_on, c.infectious_from, c.infectious_until, c.area, c.opened_at, c.closed_at,
    c.drill_id, a.full_name AS area_name, up.full_name AS province_name
"""
_COLUMNS = f"""
    {_FIELDS} FROM case_record c JOIN area a ON a.path = c.area
    LEFT JOIN area up ON up.path = a.parent AND up.level = 1
"""
# The newest of each ward, then the newest of those: with row security in the way the planner cannot
# tell how many of a province's cases it must look through, and reads them all.
_NEWEST_BY_WARD = """
    SELECT {fields} FROM area a
    CROSS JOIN LATERAL (
      SELECT * FROM case_record c WHERE c.area = a.path AND c.id < :before AND {where}
      ORDER BY c.id DESC LIMIT :limit
    ) c
    LEFT JOIN area up ON up.path = a.parent AND up.level = 1
    WHERE a.path = ANY (:wards) OR a.parent = ANY (:wards)
    ORDER BY c.id DESC LIMIT :limit
"""
_COUNTRY = "VN"
_ROWS_A_STEP = 1_000
_ONE = text(f"SELECT {_COLUMNS} WHERE c.id = :id")

_INSERT = text(
    """
    INSERT INTO case_record (code, person_id, disease, profile_version, classification, onset_on,
      sampled_on, infectious_from, infectious_until, area, opened_by, drill_id)
    VALUES (:prefix || '-' || :year || '-' || lpad(nextval('case_number')::text, 6, '0'), :person,
      :disease, :version, :classification, :onset, :sampled, :since, :until, :area, :officer,
      (SELECT drill_id FROM person WHERE id = :person))
    ON CONFLICT DO NOTHING RETURNING id
    """
)

_CHANGE = text(
    """
    UPDATE case_record SET classification = :classification, onset_on = :onset,
      sampled_on = :sampled, infectious_from = :since, infectious_until = :until,
      profile_version = :version
    WHERE id = :id
    """
)

_TIMELINE = text(
    """
    SELECT v.id, v.place_id, v.room_id, v.started_at, v.ends_at, v.end_source,
           coalesce(p.name, '') AS place, coalesce(p.area, '') AS area, r.name AS room
    FROM visit v LEFT JOIN place p ON p.id = v.place_id LEFT JOIN room r ON r.id = v.room_id
    WHERE v.person_id = :person AND v.day BETWEEN :first AND :last
      AND v.started_at < :until AND v.ends_at > :since
    ORDER BY v.started_at, v.id
    """
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case record with the name of its area."""

    id: int
    code: str
    person_id: int
    disease: str
    profile_version: str
    classification: Classification
    onset_on: date | None
    sampled_on: date | None
    infectious_from: datetime
    infectious_until: datetime
    area: str
    opened_at: datetime
    closed_at: datetime | None
    drill_id: int | None
    area_name: str
    province_name: str | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.classification is not Classification.DISCARDED

    @property
    def full_area_name(self) -> str:
        """The ward with its province: many wards share their name."""
        return ", ".join(part for part in (self.area_name, self.province_name) if part)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases; None and empty mean: any."""

    roots: Sequence[str] = ()
    disease: str | None = None
    classification: Classification | None = None
    open: bool | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit of the case with the names of where it was."""

    id: UUID
    place_id: int
    room_id: int | None
    started_at: datetime
    ends_at: datetime
    end_source: str
    place: str
    area: str
    room: str | None

    def is_open(self, moment: datetime) -> bool:
        return self.end_source == "expected" and self.started_at <= moment < self.ends_at


def _case(row: Row[Any]) -> Case:
    columns = list(row)
    columns[5] = Classification(columns[5])
    return Case(*columns)


async def find(connection: AsyncConnection, case_id: int) -> Case | None:
    """A case that the asking officer may see."""
    row = (await connection.execute(_ONE, {"id": case_id})).one_or_none()
    return None if row is None else _case(row)


async def insert(
    connection: AsyncConnection,
    *,
    prefix: str,
    year: int,
    person: int,
    disease: str,
    version: str,
    classification: Classification,
    days: tuple[date | None, date | None],
    window: tuple[datetime, datetime],
    area: str,
    officer: int,
) -> int | None:
    """Write a case; its id, None when the person has an open record of the disease already."""
    made: int | None = await connection.scalar(
        _INSERT,
        {
            "prefix": prefix,
            "year": str(year),
            "person": person,
            "disease": disease,
            "version": version,
            "classification": classification.value,
            "onset": days[0],
            "sampled": days[1],
            "since": window[0],
            "until": window[1],
            "area": area,
            "officer": officer,
        },
    )
    return made


async def change(
    connection: AsyncConnection,
    case: Case,
    *,
    classification: Classification,
    days: tuple[date | None, date | None],
    window: tuple[datetime, datetime],
    version: str,
) -> None:
    """Rewrite what is known of a case."""
    await connection.execute(
        _CHANGE,
        {
            "id": case.id,
            "classification": classification.value,
            "onset": days[0],
            "sampled": days[1],
            "since": window[0],
            "until": window[1],
            "version": version,
        },
    )


async def set_closed(connection: AsyncConnection, case_id: int, moment: datetime | None) -> None:
    """Close a case, or open it again."""
    await connection.execute(
        text("UPDATE case_record SET closed_at = :at WHERE id = :id"),
        {"at": moment, "id": case_id},
    )


async def open_case_of(connection: AsyncConnection, person: int, disease: str) -> str | None:
    """The code of a person's open case, where the asking officer may see it."""
    found: str | None = await connection.scalar(
        text(
            "SELECT code FROM case_record WHERE person_id = :person AND disease = :disease "
            "AND closed_at IS NULL AND classification <> 'discarded'"
        ),
        {"person": person, "disease": disease},
    )
    return found


async def may_name(connection: AsyncConnection, person: int) -> bool:
    """Whether an officer may name this person by id: of a drill, or among own cases and contacts.

    Row security keeps the last two to what the officer sees.
    """
    return bool(
        await connection.scalar(
            text(
                """
                SELECT EXISTS (SELECT FROM person WHERE id = :person AND drill_id IS NOT NULL)
                    OR EXISTS (SELECT FROM contact WHERE person_id = :person)
                    OR EXISTS (SELECT FROM case_record WHERE person_id = :person)
                """
            ),
            {"person": person},
        )
    )


def _where(filters: Filters, *, areas: bool = True) -> tuple[str, dict[str, object]]:
    parts, values = ["true"], dict[str, object]()
    if filters.roots and areas and _COUNTRY not in filters.roots:
        # "VN.01" up to "VN.01/" is VN.01 and all below it: "." sorts just before "/". The pattern
        # operators follow the index, whatever the database's collation.
        ranges = []
        for number, root in enumerate(filters.roots):
            ranges.append(f"(c.area ~>=~ :root{number} AND c.area ~<~ :over{number})")
            values |= {f"root{number}": root, f"over{number}": f"{root}/"}
        parts.append(f"({' OR '.join(ranges)})")
    if filters.disease is not None:
        parts.append("c.disease = :disease")
        values["disease"] = filters.disease
    if filters.classification is not None:
        parts.append("c.classification = :classification")
        values["classification"] = filters.classification.value
    if filters.code:
        parts.append("c.code = :code")
        values["code"] = filters.code
    if filters.open is not None:
        parts.append("c.closed_at IS NULL" if filters.open else "c.closed_at IS NOT NULL")
    return " AND ".join(parts), values


async def page(
    connection: AsyncConnection, filters: Filters, *, before: int, limit: int
) -> list[Case]:
    """Cases from the newest on, below the id `before`."""
    by_ward = bool(filters.roots) and _COUNTRY not in filters.roots
    where, values = _where(filters, areas=not by_ward)
    values |= {"before": before, "limit": limit}
    if by_ward:
        statement = text(_NEWEST_BY_WARD.format(fields=_FIELDS, where=where)).bindparams(
            bindparam("wards", type_=ARRAY(Text))
        )
        values["wards"] = list(filters.roots)
    else:
        statement = text(
            f"SELECT {_COLUMNS} WHERE {where} AND c.id < :before ORDER BY c.id DESC LIMIT :limit"
        )
    return [_case(row) for row in await connection.execute(statement, values)]


async def every(connection: AsyncConnection, filters: Filters) -> AsyncIterator[Case]:
    """All cases from the newest on, streamed."""
    where, values = _where(filters)
    rows = await connection.stream(
        text(f"SELECT {_COLUMNS} WHERE {where} ORDER BY c.id DESC"), values
    )
    async for some in rows.partitions(_ROWS_A_STEP):
        for row in some:
            yield _case(row)


async def count(connection: AsyncConnection, filters: Filters, *, most: int) -> int:
    """How many there are, counting no further than `most`."""
    where, values = _where(filters)
    found = await connection.scalar(
        text(
            f"SELECT count(*) FROM (SELECT FROM case_record c WHERE {where} LIMIT :most) AS counted"
        ),
        {**values, "most": most},
    )
    return int(found or 0)


async def stays(
    connection: AsyncConnection, case: Case, *, days: tuple[date, date], until: datetime
) -> list[Stay]:
    """Where the case was while infectious, up to `until`, oldest first."""
    rows = await connection.execute(
        _TIMELINE,
        {
            "person": case.person_id,
            "first": days[0] - timedelta(days=1),
            "last": days[1],
            "since": case.infectious_from,
            "until": min(case.infectious_until, until),
        },
    )
    return [Stay(*row) for row in rows]
