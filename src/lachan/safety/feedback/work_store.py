"""The SQL of the jobs of answers from the public."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def mark_overdue(connection: AsyncConnection) -> list[tuple[int, str]]:
    """Mark what a place let pass unanswered, once; the places with their areas."""
    rows = await connection.execute(
        text(
            """
            WITH late AS (
              UPDATE feedback SET overdue_at = now()
              WHERE state IN ('open', 'reopened') AND due_at < now() AND overdue_at IS NULL
              RETURNING place_id
            )
            SELECT DISTINCT p.id, p.area FROM late JOIN place p ON p.id = late.place_id
            ORDER BY p.id
            """
        )
    )
    return [(row.id, row.area) for row in rows]


async def forget_reporters(connection: AsyncConnection, days: int) -> int:
    """Forget who sent what ended so long ago; how many reports."""
    done = await connection.execute(
        text(
            """
            UPDATE feedback SET person_id = NULL, source_hash = NULL
            WHERE (person_id IS NOT NULL OR source_hash IS NOT NULL)
              AND ((state IN ('dismissed', 'closed')
                    AND decided_at < now() - make_interval(days => :days))
                OR (state = 'answered' AND answered_at < now() - make_interval(days => :days)))
            """
        ),
        {"days": days},
    )
    return done.rowcount
