"""SQL about people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEW_PERSON = text(
    "INSERT INTO person (home_area, household_id) VALUES (:area, :household) RETURNING id"
)
_HOME_AREA = text("SELECT home_area FROM person WHERE id = :person")
_AREA_EXISTS = text("SELECT 1 FROM area WHERE path = :path")
# The province is part of a ward's name: many wards of the country share theirs.
_OWN_PERSON = text(
    """
    SELECT p.home_area, p.created_at,
           CASE WHEN a.level = 2 THEN concat_ws(', ', a.full_name, up.full_name)
                ELSE a.full_name END AS home_area_name
    FROM person p
    LEFT JOIN area a ON a.path = p.home_area
    LEFT JOIN area up ON up.path = a.parent
    WHERE p.id = :person
    """
)


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """The bare facts of a person."""

    home_area: str | None
    created_at: datetime
    home_area_name: str | None


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


async def own_person(connection: AsyncConnection, person_id: int) -> OwnPerson | None:
    """A person's bare facts with the name of the home area."""
    row = (await connection.execute(_OWN_PERSON, {"person": person_id})).one_or_none()
    return None if row is None else OwnPerson(row.home_area, row.created_at, row.home_area_name)


async def set_home(connection: AsyncConnection, path: str | None) -> None:
    """Move the asking resident and those of the household who have no phone."""
    await connection.execute(text("SELECT lachan_set_home(:path)"), {"path": path})


async def stay(connection: AsyncConnection) -> None:
    """Forget an earlier wish of the asking resident to be erased."""
    await connection.execute(text("SELECT lachan_stay()"))


async def add_dependent(connection: AsyncConnection) -> int:
    """A new person in the asking resident's household."""
    return int(await connection.scalar(text("SELECT lachan_add_dependent()")))


async def erase_dependent(connection: AsyncConnection, person_id: int) -> bool:
    """Erase somebody without a phone in the asking resident's household; False: not one."""
    return bool(
        await connection.scalar(
            text("SELECT lachan_erase_dependent(:person)"), {"person": person_id}
        )
    )


async def erase_me(connection: AsyncConnection) -> None:
    """Erase the asking resident and the household members without a phone."""
    await connection.execute(text("SELECT lachan_erase_me()"))
