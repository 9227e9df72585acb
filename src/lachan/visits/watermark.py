"""How far a job that looks at new visits has come; each such job has a table of one row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOCKS = 6203


@dataclass(frozen=True, slots=True)
class Watermark:
    """The moment up to which recorded visits were looked at; `number` names the job's lock."""

    table: str
    number: int

    async def lock(self, connection: AsyncConnection) -> None:
        """Be the only one who looks, until the transaction ends.

        Two workers must not look at the same visits: the second waits and then finds nothing left.
        """
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:locks, :number)"),
            {"locks": _LOCKS, "number": self.number},
        )

    async def reached(self, connection: AsyncConnection) -> datetime | None:
        """Up to when visits have been looked at; None before the first look."""
        found: datetime | None = await connection.scalar(
            text(f"SELECT recorded_until FROM {self.table}")  # noqa: S608 - a constant of the code
        )
        return found

    async def move(self, connection: AsyncConnection, until: datetime) -> None:
        """Note up to when visits have been looked at."""
        await connection.execute(
            text(
                f"INSERT INTO {self.table} (recorded_until) VALUES (:until) "  # noqa: S608 - as above
                "ON CONFLICT (one) DO UPDATE SET recorded_until = excluded.recorded_until"
            ),
            {"until": until},
        )
