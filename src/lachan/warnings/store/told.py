"""Who would be told what: the contacts of a case, or the visitors of a place, under a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import SmallInteger, Text

from lachan.diseases.rules import Rule

# Of several exposures the longest is told, the others are counted; who has none lives with the one
# they met. What happened at a kind of place that the rule leaves out tells nobody. Who was told of
# this case before, at this level or nearer, is not told again.
_TOLD_OF_CASE = """
    WITH candidate AS MATERIALIZED (
      SELECT c.id, c.person_id, c.level, c.area, c.first_exposure, c.last_exposure, c.minutes,
             c.household
      FROM contact c
      WHERE c.case_id = :case AND c.level = ANY (:levels)
    ), warned AS MATERIALIZED (
      SELECT m.person_id, min(m.level) AS level FROM warning_message m
      JOIN warning w ON w.id = m.warning_id
      WHERE w.case_id = :case AND w.state = 'approved' GROUP BY m.person_id
    ), met AS MATERIALIZED (
      SELECT e.contact_id, e.place_id, e.room_id, e.started_at, e.ended_at, e.minutes, e.kind,
             CASE :mode WHEN 'only' THEN coalesce(p.kind = ANY (:place_kinds), false)
                        WHEN 'except' THEN coalesce(p.kind <> ALL (:place_kinds), true)
                        ELSE true END AS counts
      FROM exposure e LEFT JOIN place p ON p.id = e.place_id
      WHERE e.contact_id IN (SELECT id FROM candidate)
    ), longest AS (
      SELECT DISTINCT ON (e.contact_id) e.contact_id, e.place_id, e.room_id, e.started_at,
             e.ended_at, e.minutes, e.kind, count(*) OVER (PARTITION BY e.contact_id) - 1 AS others
      FROM met e WHERE e.counts
      ORDER BY e.contact_id, e.minutes DESC, e.started_at
    ), found AS (
      SELECT k.person_id, k.area, k.level, l.place_id, l.room_id,
             coalesce(l.started_at, k.first_exposure) AS window_from,
             coalesce(l.ended_at, k.last_exposure) AS window_to,
             coalesce(l.minutes, k.minutes) AS minutes,
             coalesce(l.kind, 'household') AS reason, coalesce(l.others, 0) AS others
      FROM candidate k LEFT JOIN longest l ON l.contact_id = k.id
      WHERE (l.contact_id IS NOT NULL OR k.household
             OR NOT EXISTS (SELECT 1 FROM met m WHERE m.contact_id = k.id))
        AND NOT EXISTS (SELECT 1 FROM warned d
                        WHERE d.person_id = k.person_id AND d.level <= k.level)
"""
# Whoever was at the reported place while its staff was on duty. The visits of strangers are closed
# to pages; the function lets an officer of the place's area see those of one accepted report.
_TOLD_OF_REPORT = """
    WITH warned AS MATERIALIZED (
      SELECT DISTINCT m.person_id FROM warning_message m JOIN warning w ON w.id = m.warning_id
      WHERE w.place_report_id = :report AND w.state = 'approved'
    ), found AS (
      SELECT v.person_id, v.area, CAST(1 AS smallint) AS level, v.place_id, v.room_id,
             v.window_from, v.window_to, v.minutes, v.reason, v.others
      FROM lachan_visitors_of_report(:report, :same_room, :same_place) v
      WHERE NOT EXISTS (SELECT 1 FROM warned d WHERE d.person_id = v.person_id)
"""
# The class of message: that of the rule's first step that fits, unless the officer made it another.
_CLASSED = """
    ), classed AS (
      SELECT f.*, coalesce((
        SELECT s ->> 'kind' FROM jsonb_array_elements(CAST(:steps AS jsonb))
          WITH ORDINALITY AS t (s, n)
        WHERE s -> 'levels' @> to_jsonb(CAST(f.level AS integer))
          AND f.minutes >= CAST(s ->> 'minutes' AS integer)
          AND (s -> 'reasons' = '[]' OR jsonb_exists(s -> 'reasons', f.reason))
        ORDER BY n LIMIT 1), 'watch') AS by_rule
      FROM found f
    ), told AS (
      SELECT *, coalesce(CAST(:changes AS jsonb) ->> by_rule, by_rule) AS kind FROM classed
    )
"""
_OF_CASE = _TOLD_OF_CASE + _CLASSED
_OF_REPORT = _TOLD_OF_REPORT + _CLASSED
_DRAFTED = (
    "WITH told AS (SELECT *, kind AS by_rule FROM warning_message WHERE warning_id = :warning)"
)

_FILL = """
    INSERT INTO warning_message (warning_id, person_id, area, disease, level, advice_version,
      rule_version, note, place_id, room_id, window_from, window_to, minutes, reason, others, kind)
    SELECT :warning, person_id, area, :disease, level, :advice_version, :rule_version, :note,
      place_id, room_id, window_from, window_to, minutes, reason, others, kind
    FROM told ORDER BY person_id
"""
_TOTALS = """
    SELECT count(*) AS recipients,
           count(*) FILTER (WHERE p.drill_id IS NULL) AS real_recipients,
           count(*) FILTER (WHERE NOT EXISTS (
             SELECT 1 FROM unnest(cast(:roots AS text[])) r
             WHERE told.area = r OR starts_with(told.area, r || '.'))) AS outside
    FROM told JOIN person p ON p.id = told.person_id
"""
_PLACES = """
    SELECT p.name, r.name AS room, p.area, bool_and(told.reason = 'household') AS household,
           min(told.window_from) AS window_from, max(told.window_to) AS window_to,
           count(*) AS recipients
    FROM told LEFT JOIN place p ON p.id = told.place_id LEFT JOIN room r ON r.id = told.room_id
    GROUP BY told.place_id, told.room_id, p.name, r.name, p.area
    ORDER BY count(*) DESC, min(told.window_from) LIMIT :limit
"""
# One message of each class: the longest exposure of the nearest level.
_SAMPLES = """
    SELECT DISTINCT ON (told.by_rule, told.kind) told.by_rule, told.kind, told.level,
           told.window_from, told.window_to, told.minutes, told.reason, told.others,
           p.name AS place, r.name AS room,
           count(*) OVER (PARTITION BY told.by_rule, told.kind) AS recipients
    FROM told LEFT JOIN place p ON p.id = told.place_id LEFT JOIN room r ON r.id = told.room_id
    ORDER BY told.by_rule, told.kind, told.level, told.minutes DESC, told.window_from
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose dry run is counted: contacts of a case or visitors of a place, or a draft's messages.

    `changes` is what the officer made of the rule's classes, from class to class.
    """

    rule: Rule
    case_id: int | None = None
    report_id: UUID | None = None
    levels: Sequence[int] = ()
    changes: Mapping[str, str] = field(default_factory=dict, hash=False)
    warning_id: int | None = None

    def told(self) -> str:
        if self.warning_id is not None:
            return _DRAFTED
        return _OF_CASE if self.report_id is None else _OF_REPORT

    def values(self) -> dict[str, object]:
        if self.warning_id is not None:
            return {"warning": self.warning_id}
        return self.fresh_values()

    def fresh_values(self) -> dict[str, object]:
        """What the statement needs that draws the recipients up anew."""
        body = self.rule.body()
        classes = {
            "steps": orjson.dumps(body["steps"]).decode(),
            "changes": orjson.dumps(dict(self.changes)).decode(),
        }
        if self.report_id is not None:
            place = self.rule.same_place_minutes
            return {
                **classes,
                "report": self.report_id,
                "same_room": self.rule.same_room_minutes,
                "same_place": place,
            }
        return {
            **classes,
            "case": self.case_id,
            "levels": list(self.levels),
            "mode": self.rule.mode,
            "place_kinds": list(self.rule.kinds),
        }


def _statement(source: Source, told: str, what: str) -> Any:  # noqa: ANN401 - text() is untyped
    statement = text(told + what)
    if source.report_id is None and told is _OF_CASE:
        return statement.bindparams(
            bindparam("levels", type_=ARRAY(SmallInteger)),
            bindparam("place_kinds", type_=ARRAY(Text)),
            bindparam("mode", type_=Text),
        )
    return statement


async def _ask(
    connection: AsyncConnection, source: Source, what: str, **more: object
) -> Sequence[Row[Any]]:
    statement = _statement(source, source.told(), what)
    return (await connection.execute(statement, {**source.values(), **more})).all()


async def totals(connection: AsyncConnection, source: Source, roots: Sequence[str]) -> Row[Any]:
    """Recipients, those of them not of a drill, and those living outside `roots`."""
    return (await _ask(connection, source, _TOTALS, roots=list(roots)))[0]


async def places(connection: AsyncConnection, source: Source, limit: int) -> Sequence[Row[Any]]:
    """Places of a dry run, most people first."""
    return await _ask(connection, source, _PLACES, limit=limit)


async def samples(connection: AsyncConnection, source: Source) -> Sequence[Row[Any]]:
    """One message of each class of a dry run, with how many people get that class."""
    return await _ask(connection, source, _SAMPLES)


async def fill(
    connection: AsyncConnection,
    warning_id: int,
    source: Source,
    *,
    run_id: int | None,
    disease: str,
    advice_version: str,
    note: str,
) -> int:
    """Draw up the messages of a draft afresh from the contacts as they are; returns how many."""
    await connection.execute(
        text("DELETE FROM warning_message WHERE warning_id = :warning AND sent_at IS NULL"),
        {"warning": warning_id},
    )
    told = _OF_CASE if source.report_id is None else _OF_REPORT
    filled = await connection.execute(
        _statement(source, told, _FILL),
        {
            **source.fresh_values(),
            "warning": warning_id,
            "disease": disease,
            "advice_version": advice_version,
            "rule_version": source.rule.version,
            "note": note,
        },
    )
    await connection.execute(
        text(
            "UPDATE warning SET recipients = :count, run_id = :run, rule_id = :rule, "
            "rule_version = :version, kinds = CAST(:kinds AS jsonb) WHERE id = :warning"
        ),
        {
            "warning": warning_id,
            "count": filled.rowcount,
            "run": run_id,
            "rule": source.rule.id,
            "version": source.rule.version,
            "kinds": orjson.dumps(dict(source.changes)).decode(),
        },
    )
    return int(filled.rowcount)
