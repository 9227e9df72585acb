"""The engine that asks PostgreSQL: one statement a step, however many sources.

The statement has a branch for each local day, and so for each partition of `visit`. A join over the
whole partitioned table would do the same by run-time pruning, at twice the price: PostgreSQL then
looks at every partition again for each of the sources' visits. Many sources are shared out over
connections that see the same snapshot, so that several processors look things up (docs/adr/0005).
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    DateTime,
    Interval,
    Row,
    TextClause,
    bindparam,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases.profiles import VENTILATIONS
from lachan.kit.clock import day_bounds, local_day
from lachan.tracing.domain import LONGEST_VISIT, Exposure, ExposureKind, Rules, Source

# The planner cannot guess how few of millions of visits a nested loop over the sources' own visits
# touches, and takes a hash join over whole partitions where its guess is off by a little. A plan
# that knows the days leaves all other partitions out before it begins.
_SETTINGS = {
    "enable_hashjoin": ("off", "on"),
    "enable_mergejoin": ("off", "on"),
    "enable_seqscan": ("off", "on"),
    "plan_cache_mode": ("force_custom_plan", "auto"),
}


# Workers that PostgreSQL starts for one statement map its memory anew, page by page, and give back
# what they win; the connections of a pool mapped it long ago.
_ALONE = {"max_parallel_workers_per_gather": ("0", "2")}
FEW_SOURCES = 100
PARTS = 2
"""So many connections share more sources than `FEW_SOURCES`."""


def _settings(settings: Mapping[str, tuple[str, str]], which: int) -> TextClause:
    return text(
        "SELECT "
        + ", ".join(f"set_config('{name}', '{value[which]}', true)"
                    for name, value in settings.items())
    )  # fmt: skip


PLAN = _settings(_SETTINGS | _ALONE, 0)
"""What to tell the planner before the statement."""
_PLAN_BACK = _settings(_SETTINGS | _ALONE, 1)
_SNAPSHOT = text("SELECT pg_export_snapshot()")


_AIR = " ".join(f"WHEN '{ventilation}' THEN :air_{ventilation}" for ventilation in VENTILATIONS)

# The sources' visits that began on one day, cut to when they count. `reach_back` and `reach` bound
# the starts of visits that can have met them (a visit may begin up to a day before it meets
# anything), `first` and `last` their days. Ordered by place, the look-ups that follow walk each
# index from left to right.
_OWN = """
        SELECT *, :day_0 + width_bucket(reach_back, :midnights) - 1 AS first,
               :day_0 + width_bucket(reach, :midnights) - 1 AS last
        FROM (
          SELECT *, started_at - :longest_visit AS reach_back,
                 least(ended_at + :longest_air, :as_of) AS reach
          FROM (
            SELECT v.id, v.person_id, v.place_id, v.room_id,
                   greatest(v.started_at, s.since) AS started_at,
                   least(v.ends_at, s.until, :as_of) AS ended_at
            FROM unnest(:persons, :sinces, :untils) AS s (person_id, since, until)
            JOIN visit v ON v.person_id = s.person_id AND v.day = :day_{n}
             AND v.started_at < s.until AND v.ends_at > s.since
          ) AS cut WHERE started_at < ended_at
        ) AS reaching ORDER BY place_id, started_at"""

# The bounds that are known beforehand leave a few partitions in the plan; of those, `first` and
# `last` choose for each visit.
_MET = """
      SELECT own.person_id AS source_person_id, own.id AS source_visit_id, own.place_id,
             own.room_id AS own_room_id, own.started_at AS own_started_at, own.ended_at,
             v.person_id, v.id AS visit_id, v.room_id, v.started_at, v.ends_at
      FROM ({own}) AS own JOIN visit v ON v.place_id = own.place_id
       AND v.day BETWEEN :day_{back} AND :day_{on} AND v.day BETWEEN own.first AND own.last
       AND v.started_at > own.reach_back AND v.started_at < own.reach
       AND v.ends_at > own.started_at
      WHERE (v.room_id = own.room_id OR v.room_id IS NULL OR own.room_id IS NULL)
        AND v.person_id <> own.person_id"""

# `air`: what each visit shared with them, overlap or what lingers, for which alone the ventilation
# is looked up. The excluded are left out here and not in each branch: there the planner would weigh
# every one of them against the statistics of every partition. `day`: leaves out days that cannot
# reach a minimum even if no minute were counted twice.
_STATEMENT = """
    WITH met AS MATERIALIZED ({met}
    ), air AS MATERIALIZED (
      SELECT source_person_id, source_visit_id, m.place_id, person_id, visit_id,
             CASE WHEN room_id = own_room_id THEN room_id END AS room_id,
             m.started_at >= ended_at AS lingers,
             greatest(m.started_at, own_started_at) AS started_at,
             least(ends_at, :as_of, CASE WHEN m.started_at < ended_at THEN ended_at
               ELSE ended_at + CASE coalesce(
                 (SELECT r.ventilation FROM room r WHERE r.id = own_room_id AND r.id = m.room_id),
                 (SELECT p.ventilation FROM place p WHERE p.id = m.place_id), 'unknown')
               {air} END END) AS ended_at
      FROM met m WHERE person_id <> ALL (:excluded)
    ), day AS (
      SELECT *, sum(ended_at - started_at) OVER (PARTITION BY
        source_person_id, person_id, place_id, width_bucket(started_at, :midnights)) AS together
      FROM air WHERE started_at < ended_at
    )
    SELECT source_person_id, person_id, source_visit_id, visit_id, place_id, room_id, lingers,
           started_at, ended_at
    FROM day WHERE together >= :least
    """


def _statement(days: int, reach: int) -> str:
    """The statement over `days`, each visit reaching `reach` days on and one day back."""
    branches = [
        _MET.format(own=_OWN.format(n=n), back=max(n - 1, 0), on=min(n + reach, days - 1))
        for n in range(days)
    ]
    return _STATEMENT.format(met=" UNION ALL".join(branches), air=_AIR)


_MOMENT = DateTime(timezone=True)


@cache
def exposures_over(days: int, reach: int) -> TextClause:
    """The statement for sources whose visits, and those they met, began on so many days."""
    numbers = range(days)
    return text(_statement(days, reach)).bindparams(
        bindparam("persons", type_=ARRAY(BigInteger)),
        bindparam("sinces", type_=ARRAY(_MOMENT)),
        bindparam("untils", type_=ARRAY(_MOMENT)),
        bindparam("midnights", type_=ARRAY(_MOMENT)),
        bindparam("excluded", type_=ARRAY(BigInteger)),
        bindparam("as_of", type_=_MOMENT),
        bindparam("longest_visit", type_=Interval),
        bindparam("longest_air", type_=Interval),
        bindparam("least", type_=Interval),
        *(bindparam(f"air_{ventilation}", type_=Interval) for ventilation in VENTILATIONS),
        *(bindparam(f"day_{n}", type_=Date) for n in numbers),
    )


_HOUSEMATES = text(
    """
    SELECT me.id AS source_person_id, other.id AS person_id
    FROM person me JOIN person other ON other.household_id = me.household_id AND other.id <> me.id
    WHERE me.id = ANY (:persons) AND other.id <> ALL (:excluded)
    """
).bindparams(
    bindparam("persons", type_=ARRAY(BigInteger)),
    bindparam("excluded", type_=ARRAY(BigInteger)),
)


def _days(sources: Sequence[Source], rules: Rules) -> list[date]:
    """The local days on which visits that matter can have begun, oldest first."""
    first = local_day(min(one.since for one in sources) - LONGEST_VISIT, rules.zone)
    until = min(max(one.until for one in sources), rules.as_of)
    last = local_day(until + rules.longest_lingering, rules.zone)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def question(
    sources: Sequence[Source], rules: Rules, excluded: Collection[int]
) -> tuple[TextClause, dict[str, object]]:
    """The statement and its values."""
    days = _days(sources, rules)
    values: dict[str, object] = {
        "persons": [source.person_id for source in sources],
        "sinces": [source.since for source in sources],
        "untils": [source.until for source in sources],
        "midnights": [day_bounds(day, rules.zone)[0] for day in days],
        "excluded": list(excluded),
        "as_of": rules.as_of,
        "longest_visit": LONGEST_VISIT,
        "longest_air": rules.longest_lingering,
        "least": rules.same_room,
    }
    values |= {f"air_{ventilation}": rules.lingering[ventilation] for ventilation in VENTILATIONS}
    values |= {f"day_{number}": day for number, day in enumerate(days)}
    # A visit lasts into the next day at most; what lingers may reach further.
    reach = -(-(LONGEST_VISIT + rules.longest_lingering) // timedelta(days=1))
    return exposures_over(len(days), reach), values


async def meetings(
    connection: AsyncConnection,
    sources: Sequence[Source],
    rules: Rules,
    excluded: Collection[int],
) -> list[Row[Any]]:
    """Rows of the statement over all sources, asked on several connections when these are many.

    The others see what `connection` sees, but for what its own transaction has not committed.
    """
    if len(sources) <= FEW_SOURCES:
        return await _ask(connection, sources, rules, excluded)
    snapshot = await connection.scalar(_SNAPSHOT)

    async def ask_apart(part: Sequence[Source]) -> list[Row[Any]]:
        async with connection.engine.connect() as other:
            await other.execution_options(isolation_level="REPEATABLE READ")
            # The name is the database's own word, and no parameter may stand here.
            await other.execute(text(f"SET TRANSACTION SNAPSHOT '{snapshot}'"))
            rows = await _ask(other, part, rules, excluded)
            await other.rollback()
            return rows

    first, *rest = (sources[number::PARTS] for number in range(PARTS))
    found = await asyncio.gather(
        _ask(connection, first, rules, excluded), *(ask_apart(part) for part in rest)
    )
    return [row for rows in found for row in rows]


async def _ask(
    connection: AsyncConnection,
    sources: Sequence[Source],
    rules: Rules,
    excluded: Collection[int],
) -> list[Row[Any]]:
    await connection.execute(PLAN)
    rows = (await connection.execute(*question(sources, rules, excluded))).all()
    await connection.execute(_PLAN_BACK)
    return list(rows)


class SqlEngine:
    """Tracing in the database that holds the visits."""

    async def exposures(
        self,
        connection: AsyncConnection,
        sources: Sequence[Source],
        rules: Rules,
        excluded: Collection[int],
    ) -> list[Exposure]:
        """Visits that shared air with the sources', without the days that were too short."""
        return [
            Exposure(
                source_person_id=row.source_person_id,
                person_id=row.person_id,
                source_visit_id=row.source_visit_id,
                visit_id=row.visit_id,
                place_id=row.place_id,
                room_id=row.room_id,
                kind=_kind(row.lingers, row.room_id),
                started_at=row.started_at,
                ended_at=row.ended_at,
            )
            for row in await meetings(connection, sources, rules, excluded)
        ]

    async def housemates(
        self, connection: AsyncConnection, sources: Sequence[Source], excluded: Collection[int]
    ) -> list[tuple[Source, int]]:
        """Who lives with the sources."""
        by_person = {source.person_id: source for source in sources}
        rows = await connection.execute(
            _HOUSEMATES, {"persons": list(by_person), "excluded": list(excluded)}
        )
        return [(by_person[row.source_person_id], row.person_id) for row in rows]


def _kind(lingers: bool, room_id: int | None) -> ExposureKind:  # noqa: FBT001 - a column's value
    if lingers:
        return ExposureKind.LINGERING_AIR
    return ExposureKind.SAME_PLACE if room_id is None else ExposureKind.SAME_ROOM
