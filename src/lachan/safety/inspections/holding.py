"""What a place is held at: by open inspections, and by what inspectors confirmed of reports."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.safety.colours import service as colours
from lachan.safety.colours.domain import Colour
from lachan.safety.criteria import service as criteria
from lachan.safety.feedback import store as feedback
from lachan.safety.feedback.domain import turns_yellow
from lachan.safety.inspections import store
from lachan.safety.inspections.domain import Open, held_by
from lachan.settings import Safety


async def lock(connection: AsyncConnection, place_id: int) -> bool:
    """Let nobody else decide about a place meanwhile; False when it takes no part.

    Two inspectors who confirm two reports at once would each see one of them alone.
    """
    return await store.lock_standing(connection, place_id)


async def hold(connection: AsyncConnection, place_id: int, today: date, settings: Safety) -> Colour:
    """Hold a place at what stands against it now, or let it go, and settle its colour.

    For officers of its area; the caller holds `lock`.
    """
    found = []
    for one in await store.open_at(connection, place_id):
        outcome = (await criteria.set_by_id(connection, one.set_id)).outcome(one.outcome)
        found.append(Open(is_unsafe=outcome is None or outcome.colour == "red", orders=one.orders))
    reporters, weight = await feedback.confirmed(connection, place_id)
    held = held_by(found, confirmed=turns_yellow(reporters, weight, settings.confirmed_weight))
    await store.set_held(connection, place_id, held)
    return await colours.settle(connection, place_id, today)
