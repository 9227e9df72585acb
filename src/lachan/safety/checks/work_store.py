"""All SQL of the jobs: which places are late and who runs them, and what is kept no longer."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.colours.day_store import open_on


async def sets_in_use(connection: AsyncConnection) -> list[int]:
    """The versions by which places that take part are judged."""
    rows = await connection.execute(
        text("SELECT DISTINCT set_id FROM place_safety WHERE set_id IS NOT NULL ORDER BY set_id")
    )
    return [int(one) for one in rows.scalars()]


async def note_late(
    connection: AsyncConnection, set_id: int, day: date, moment: str, due: datetime
) -> list[int]:
    """Note once a reminder for each open place that has not reported a moment; which these are."""
    rows = await connection.execute(
        text(
            f"""
            INSERT INTO safety_reminder (place_id, day, moment)
            SELECT s.place_id, :day, :moment FROM place_safety s JOIN place p ON p.id = s.place_id
            WHERE s.set_id = :set AND p.state = 'active' AND p.drill_id IS NULL AND {open_on("day")}
              AND s.joined_at < :due
              AND EXISTS (SELECT FROM place_staff f WHERE f.place_id = s.place_id)
              AND NOT EXISTS (SELECT FROM daily_check c WHERE c.place_id = s.place_id
                AND c.day = :day AND c.moment IN (:moment, 'day'))
            ORDER BY s.place_id ON CONFLICT DO NOTHING RETURNING place_id
            """  # noqa: S608 - put together from constants of this file
        ),
        {"set": set_id, "day": day, "moment": moment, "due": due},
    )
    return list(rows.scalars())


async def tell_staff(
    connection: AsyncConnection, places: Sequence[int], day: date, moment: str
) -> int:
    """Tell whoever runs these places, on open pages and by push; how many browsers.

    Who wants no reminders of a place gets none.
    """
    values = {"places": list(places), "moment": moment, "day": day}
    await connection.execute(
        text(
            """
            INSERT INTO event (topic, kind, payload)
            SELECT 'person:' || f.person_id, 'safety_reminder',
              jsonb_build_object('place_id', f.place_id, 'day', CAST(:day AS date),
                'moment', CAST(:moment AS text))
            FROM place_staff f WHERE f.place_id = ANY (:places) AND NOT EXISTS (
              SELECT FROM safety_quiet q
              WHERE q.place_id = f.place_id AND q.person_id = f.person_id)
            """
        ),
        values,
    )
    # One push a browser, however many places its owner runs.
    pushed = await connection.execute(
        text(
            """
            INSERT INTO push_delivery (subscription_id, purpose, target)
            SELECT DISTINCT s.id, 'safety_due', '/safety' FROM place_staff f
            JOIN push_subscription s ON s.person_id = f.person_id
            JOIN session x ON x.token_hash = s.session_hash
            WHERE f.place_id = ANY (:places) AND x.revoked_at IS NULL AND x.expires_at > now()
              AND NOT EXISTS (SELECT FROM safety_quiet q
                WHERE q.place_id = f.place_id AND q.person_id = f.person_id)
            """
        ),
        {"places": list(places)},
    )
    return pushed.rowcount


async def clean_up(
    connection: AsyncConnection, *, photo_days: int, check_days: int
) -> tuple[int, int]:
    """Delete what is kept no longer, and photos that belong to nothing; how many photos, checks."""
    photos = await connection.execute(
        text(
            """
            DELETE FROM safety_photo WHERE created_at < now() - make_interval(days => :days)
              OR (created_at < now() - interval '1 day' AND check_id IS NULL
                AND inspection_id IS NULL AND feedback_id IS NULL)
            """
        ),
        {"days": photo_days},
    )
    await connection.execute(
        text("DELETE FROM safety_reminder WHERE sent_at < now() - interval '30 days'")
    )
    # A whole day at a time, so that no check outlives the one that replaced it.
    checks = await connection.execute(
        text("DELETE FROM daily_check WHERE day < current_date - CAST(:days AS integer)"),
        {"days": check_days},
    )
    return photos.rowcount, checks.rowcount
