"""All SQL of places that have not reported today, and of reminding them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.colours.day_store import open_on

SHOWN = 100

# A place that rests on this day of the week owes nothing.
_SILENT = f"""
    p.state = 'active' AND p.drill_id IS NULL AND s.day IS DISTINCT FROM :today
      AND {open_on("today")}
    """
_WANTED = """
    NOT EXISTS (SELECT FROM safety_quiet q
      WHERE q.place_id = t.place_id AND q.person_id = t.person_id)
    """
_WITHIN = "(p.area = :area OR starts_with(p.area, :area || '.'))"


@dataclass(frozen=True, slots=True)
class Part:
    """A unit below an area: how many places take part, have not reported today, were reminded."""

    area: str
    name: str
    places: int
    silent: int
    reminded: int


async def parts(connection: AsyncConnection, area: str, today: date) -> list[Part]:
    """The units right below an area (of a ward, itself), those with most silent places first."""
    rows = await connection.execute(
        text(
            f"""
            WITH counted AS (
              SELECT array_to_string((string_to_array(p.area, '.'))[
                  1 : cardinality(string_to_array(:area, '.')) + 1], '.') AS part,
                ({_SILENT}) AS silent, r.place_id IS NOT NULL AS reminded
              FROM place_safety s JOIN place p ON p.id = s.place_id
                LEFT JOIN safety_reminder r
                  ON r.place_id = p.id AND r.day = :today AND r.moment = 'day'
              WHERE p.state = 'active' AND p.drill_id IS NULL AND {_WITHIN}
            )
            SELECT c.part AS area, a.full_name AS name, count(*)::integer AS places,
              count(*) FILTER (WHERE c.silent)::integer AS silent,
              count(*) FILTER (WHERE c.silent AND c.reminded)::integer AS reminded
            FROM counted c JOIN area a ON a.path = c.part
            GROUP BY c.part, a.full_name ORDER BY 4 DESC, a.full_name
            """  # noqa: S608 - our own conditions
        ),
        {"area": area, "today": today},
    )
    return [Part(**row) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class Silent:
    """A place that has not reported today."""

    place_id: int
    name: str
    kind: str
    area_name: str
    address: str
    last_day: date | None
    reminded_at: datetime | None


_LIST = f"""
    SELECT p.id AS place_id, p.name, p.kind, a.name AS area_name, p.address,
      (SELECT max(d.day) FROM safety_day d WHERE d.place_id = p.id AND d.score IS NOT NULL)
        AS last_day,
      r.sent_at AS reminded_at
    FROM place_safety s JOIN place p ON p.id = s.place_id JOIN area a ON a.path = p.area
      LEFT JOIN safety_reminder r ON r.place_id = p.id AND r.day = :today AND r.moment = 'day'
    WHERE {_WITHIN} AND {_SILENT} AND p.id > :after ORDER BY p.id
    """  # noqa: S608 - our own conditions


async def silent(
    connection: AsyncConnection, area: str, today: date, *, after: int = 0, most: int = SHOWN
) -> list[Silent]:
    """Places of an area that have not reported, by id."""
    rows = await connection.execute(
        text(f"{_LIST} LIMIT :most"), {"area": area, "today": today, "after": after, "most": most}
    )
    return [Silent(**row) for row in rows.mappings()]


async def every_silent(
    connection: AsyncConnection, area: str, today: date
) -> AsyncIterator[Silent]:
    """All of them, streamed."""
    rows = await connection.stream(text(_LIST), {"area": area, "today": today, "after": 0})
    async for row in rows.mappings():
        yield Silent(**row)


async def remind(
    connection: AsyncConnection, area: str, today: date, officer_id: int
) -> tuple[int, datetime | None]:
    """Note a reminder for each silent place of an area that had none today; how many, and when."""
    rows = (
        await connection.execute(
            text(
                f"""
                INSERT INTO safety_reminder (place_id, day, moment, officer_id)
                SELECT p.id, :today, 'day', :officer
                FROM place_safety s JOIN place p ON p.id = s.place_id
                WHERE {_WITHIN} AND {_SILENT}
                ON CONFLICT DO NOTHING RETURNING sent_at
                """  # noqa: S608 - our own conditions
            ),
            {"area": area, "today": today, "officer": officer_id},
        )
    ).all()
    return len(rows), rows[0].sent_at if rows else None


async def reminded_at(connection: AsyncConnection, officer_id: int, sent_at: datetime) -> list[int]:
    """The places that one press of an officer reminded. For jobs."""
    rows = await connection.execute(
        text(
            "SELECT place_id FROM safety_reminder"
            " WHERE officer_id = :officer AND sent_at = :sent_at ORDER BY place_id"
        ),
        {"officer": officer_id, "sent_at": sent_at},
    )
    return [row.place_id for row in rows]


async def tell_staff(connection: AsyncConnection, places: Sequence[int], day: date) -> None:
    """Tell those who run some places on open pages and by push, one push a browser. For jobs.

    Who wants no reminders of a place gets none; its page shows it all the same.
    """
    values = {"places": list(places), "day": day}
    await connection.execute(
        text(
            f"""
            INSERT INTO event (topic, kind, payload)
            SELECT 'person:' || t.person_id, 'safety_reminder', jsonb_build_object(
              'place_id', t.place_id, 'day', CAST(:day AS date), 'moment', 'day')
            FROM place_staff t WHERE t.place_id = ANY (:places) AND {_WANTED}
            """  # noqa: S608 - our own condition
        ),
        values,
    )
    await connection.execute(
        text(
            f"""
            INSERT INTO push_delivery (subscription_id, purpose, target)
            SELECT DISTINCT s.id, 'safety_report', '/safety'
            FROM place_staff t JOIN push_subscription s ON s.person_id = t.person_id
              JOIN session x ON x.token_hash = s.session_hash
            WHERE t.place_id = ANY (:places) AND x.revoked_at IS NULL AND x.expires_at > now()
              AND {_WANTED}
            """  # noqa: S608 - our own condition
        ),
        {"places": list(places)},
    )


async def push_to_staff(
    connection: AsyncConnection, places: Sequence[int], purpose: str, target: str
) -> int:
    """Queue a push to all who run some places, `{place}` in the target being its id. For jobs.

    Of deadlines, which no quiet puts off.
    """
    done = await connection.execute(
        text(
            """
            INSERT INTO push_delivery (subscription_id, purpose, target)
            SELECT s.id, :purpose, replace(:target, '{place}', t.place_id::text)
            FROM place_staff t JOIN push_subscription s ON s.person_id = t.person_id
              JOIN session x ON x.token_hash = s.session_hash
            WHERE t.place_id = ANY (:places) AND x.revoked_at IS NULL AND x.expires_at > now()
            """
        ),
        {"places": list(places), "purpose": purpose, "target": target},
    )
    return done.rowcount
