"""Daily checks: who may commit what for which day, and what becomes of it."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.kit.errors import NotFound
from lachan.safety.checks import store
from lachan.safety.criteria import service as criteria_service


async def join(connection: AsyncConnection, place_id: int, today: date) -> bool:
    """Let a place take part in the safety map; False when it does already.

    For whoever runs the place, or officers of its area. Raises `NotFound`, or `NoCriteria` where no
    set is in force for such a place.
    """
    found = await store.kind_and_area(connection, place_id)
    if found is None:
        raise NotFound
    criteria = await criteria_service.set_for(connection, *found, today)
    return bool(await store.join(connection, place_id, criteria.id))
