"""The engine that asks PostgreSQL: one statement a step, however many sources."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Interval, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases.profiles import VENTILATIONS
from lachan.kit.clock import local_day
from lachan.tracing.domain import LONGEST_VISIT, Exposure, ExposureKind, Rules, Source

# The planner cannot guess how few of millions of visits a nested loop over the sources' own visits
# touches, and takes a hash join over whole partitions where its guess is off by a little.
_PLAN = text(
    "SELECT set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true)"
)
_PLAN_BACK = text(
    "SELECT set_config('enable_hashjoin', 'on', true),"
    " set_config('enable_mergejoin', 'on', true), set_config('enable_seqscan', 'on', true)"
)

# `own`: the sources' visits, cut to when they count and to the present; `first` and `last` bound
# the days, and so the partitions, in which others can have met them (a visit may begin up to a day
# before it meets anything). `air`: what each visit there shared with them, overlap or what lingers,
# for which alone the ventilation is looked up. `day`: leaves out days that cannot reach a minimum
# even if no minute were counted twice.
EXPOSURES = text(
    """
    WITH own AS MATERIALIZED (
      SELECT v.id, v.person_id, v.place_id, v.room_id,
             greatest(v.started_at, s.since) AS started_at,
             least(v.ends_at, s.until, :as_of) AS ended_at,
             ((greatest(v.started_at, s.since) - :longest_visit) AT TIME ZONE :zone)::date AS first,
             ((least(v.ends_at, s.until, :as_of) + :longest_air) AT TIME ZONE :zone)::date AS last
      FROM unnest(:persons, :sinces, :untils) AS s (person_id, since, until)
      JOIN visit v ON v.person_id = s.person_id
       AND v.day BETWEEN :first_day AND :last_day
       AND v.started_at < s.until AND v.started_at < :as_of AND v.ends_at > s.since
    ), air AS (
      SELECT own.person_id AS source_person_id, own.id AS source_visit_id, own.place_id,
             v.person_id, v.id AS visit_id,
             CASE WHEN v.room_id = own.room_id THEN v.room_id END AS room_id,
             v.started_at >= own.ended_at AS lingers,
             greatest(v.started_at, own.started_at) AS started_at,
             least(v.ends_at, :as_of,
                   CASE WHEN v.started_at < own.ended_at THEN own.ended_at
                   ELSE own.ended_at + coalesce((
                     SELECT l.lasts FROM unnest(:ventilations, :lasts) AS l (ventilation, lasts)
                     WHERE l.ventilation = coalesce(
                       (SELECT r.ventilation FROM room r
                        WHERE r.id = own.room_id AND r.id = v.room_id),
                       (SELECT p.ventilation FROM place p WHERE p.id = own.place_id),
                       'unknown')), interval '0') END) AS ended_at
      FROM own JOIN visit v ON v.place_id = own.place_id
       AND v.day BETWEEN own.first AND own.last
       AND v.started_at > own.started_at - :longest_visit
       AND v.started_at < own.ended_at + :longest_air
       AND v.ends_at > own.started_at AND v.started_at < :as_of
       AND v.person_id <> own.person_id
       AND (v.room_id = own.room_id OR v.room_id IS NULL OR own.room_id IS NULL)
      WHERE own.started_at < own.ended_at
    ), day AS (
      SELECT *, sum(ended_at - started_at) OVER (
        PARTITION BY source_person_id, person_id, place_id, (started_at AT TIME ZONE :zone)::date
      ) AS together
      FROM air WHERE started_at < ended_at AND person_id <> ALL (:excluded)
    )
    SELECT source_person_id, person_id, source_visit_id, visit_id, place_id, room_id, lingers,
           started_at, ended_at
    FROM day WHERE together >= :least
    """
).bindparams(
    bindparam("persons", type_=ARRAY(BigInteger)),
    bindparam("sinces", type_=ARRAY(DateTime(timezone=True))),
    bindparam("untils", type_=ARRAY(DateTime(timezone=True))),
    bindparam("excluded", type_=ARRAY(BigInteger)),
    bindparam("ventilations", type_=ARRAY(Text)),
    bindparam("lasts", type_=ARRAY(Interval)),
    bindparam("as_of", type_=DateTime(timezone=True)),
    bindparam("first_day", type_=Date),
    bindparam("last_day", type_=Date),
    bindparam("longest_visit", type_=Interval),
    bindparam("longest_air", type_=Interval),
    bindparam("zone", type_=Text),
    bindparam("least", type_=Interval),
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


def values_of(
    sources: Sequence[Source], rules: Rules, excluded: Collection[int]
) -> dict[str, object]:
    """The values of `EXPOSURES`; the days are those of the partitions that can hold own visits."""
    return {
        "persons": [source.person_id for source in sources],
        "sinces": [source.since for source in sources],
        "untils": [source.until for source in sources],
        "excluded": list(excluded),
        "ventilations": list(VENTILATIONS),
        "lasts": [rules.lingering[ventilation] for ventilation in VENTILATIONS],
        "as_of": rules.as_of,
        "first_day": local_day(min(one.since for one in sources) - LONGEST_VISIT, rules.zone),
        "last_day": local_day(max(one.until for one in sources), rules.zone),
        "longest_visit": LONGEST_VISIT,
        "longest_air": rules.longest_lingering or timedelta(0),
        "zone": rules.zone.key,
        "least": rules.same_room,
    }


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
        await connection.execute(_PLAN)
        rows = (await connection.execute(EXPOSURES, values_of(sources, rules, excluded))).all()
        await connection.execute(_PLAN_BACK)
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
            for row in rows
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
