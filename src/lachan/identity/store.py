"""SQL about people."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEW_PERSON = text(
    "INSERT INTO person (home_area, household_id) VALUES (:area, :household) RETURNING id"
)
_HOME_AREA = text("SELECT home_area FROM person WHERE id = :person")
_AREA_EXISTS = text("SELECT 1 FROM area WHERE path = :path")


async def new_person(
    connection: AsyncConnection, *, home_area: str | None, household_id: int | None = None
) -> int:
    """A new bare person."""
    found = await connection.scalar(_NEW_PERSON, {"area": home_area, "household": household_id})
    return int(found)


async def home_area(connection: AsyncConnection, person_id: int) -> str | None:
    """The ward a person lives in."""
    found: str | None = await connection.scalar(_HOME_AREA, {"person": person_id})
    return found


async def area_exists(connection: AsyncConnection, path: str) -> bool:
    """Whether there is an area of this code."""
    return await connection.scalar(_AREA_EXISTS, {"path": path}) is not None
