"""Rules of names: whose looks like another's waits for the desk before it counts as registered."""

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.places.reviews import store
from lachan.places.reviews.domain import Names, has_odd_letters


async def look_at_name(
    connection: AsyncConnection, place_id: int, name: str, area: str, *, runner: int
) -> bool:
    """Ask the desk to look when a new or renamed place might be taken for another; whether so."""
    if has_odd_letters(name):
        await store.ask(connection, place_id, "odd_letters", None)
        return True
    similar = Names(await store.names_in(connection, area, but_of=runner)).like(name)
    if similar is None:
        return False
    await store.ask(connection, place_id, "similar_name", similar)
    return True


async def decide(
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    decision: Literal["accepted", "refused"],
) -> None:
    """Let a place count as registered, or not. Raises `NotFound`."""
    area = await store.decide(connection, place_id, decision, viewer.officer)
    if area is None:
        raise NotFound
    await audit.record(
        connection, viewer, f"place.name_{decision}", area=area, object=f"place:{place_id}"
    )
