"""Rules of drills: synthetic people for an hour, told apart from everybody, gone without trace."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.drill import store
from lachan.drill.errors import NoSuchArea
from lachan.drill.schemas import DrillPerson, DrillStarted, NewDrill
from lachan.drill.tokens import token_maker
from lachan.identity import audit, sessions
from lachan.identity.cards import service as cards
from lachan.jobs.queue import enqueue
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Viewer

ROLE = "admin"
REMOVE = "drill.remove"
SESSION_LIFE = timedelta(hours=6)
"""A drill's people can act for so long."""
_AT_ONCE = 2_000
_SIZES = (1, 1, 2, 2, 3, 4, 5)


def household_sizes(people: int, dice: random.Random) -> list[int]:
    """Sizes of households, 1 to 5, that add up to `people`."""
    sizes: list[int] = []
    left = people
    while left:
        sizes.append(min(dice.choice(_SIZES), left))
        left -= sizes[-1]
    return sizes


async def start(
    connection: AsyncConnection, viewer: Viewer, keyring: Keyring, wanted: NewDrill
) -> DrillStarted:
    """Make the people of a drill, with sessions. Raises `NotAllowed`, `NoSuchArea`."""
    roots = viewer.roots(ROLE)
    area = wanted.area or roots[0]
    if not any(area == root or area.startswith(f"{root}.") for root in roots):
        raise NotAllowed
    wards = await store.wards(connection, area)
    if not wards:
        raise NoSuchArea(fields={"area": "drill-field-area"})
    drill_id = await store.insert(connection, wanted.label, viewer.officer)
    # The number of the drill decides who lives where, so that a drill can be looked at again.
    dice = random.Random(drill_id)  # noqa: S311 - a population, not a secret
    sizes = household_sizes(wanted.people, dice)
    shared = iter(await store.make_households(connection, sum(1 for size in sizes if size > 1)))
    areas: list[str] = []
    households: list[int | None] = []
    for size in sizes:
        areas += [dice.choice(wards)] * size
        households += [next(shared) if size > 1 else None] * size
    people: list[DrillPerson] = []
    make_token = token_maker(keyring, now() + SESSION_LIFE)
    for begin in range(0, wanted.people, _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        ids = await store.make_people(connection, drill_id, areas[part], households[part])
        tokens = await sessions.open_many(
            connection,
            keyring,
            ids,
            minutes=SESSION_LIFE // timedelta(minutes=1),
            client="drill",
            make_token=make_token,
        )
        people += [
            DrillPerson(person_id=person, token=token, area=home, household=household, card=card)
            for person, token, home, household, card in zip(
                ids,
                tokens,
                areas[part],
                households[part],
                await _cards(connection, viewer, keyring, drill_id, area, len(ids)),
                strict=True,
            )
        ]
    await audit.record(
        connection,
        viewer,
        "drill.started",
        area=area,
        object=f"drill:{drill_id}",
        details={"people": wanted.people},
    )
    return DrillStarted(id=drill_id, area=area, people=people)


async def _cards(
    connection: AsyncConnection,
    viewer: Viewer,
    keyring: Keyring,
    drill_id: int,
    area: str,
    count: int,
) -> list[str]:
    """Numbers of `count` blank cards of a batch that goes with the drill."""
    batch = await cards.make_batch(
        connection, keyring, viewer, label=f"Diễn tập {drill_id}", size=count, area=area
    )
    await store.mark_batch(connection, drill_id, batch)
    return cards.numbers_of(keyring, batch, range(1, count + 1))


async def access_drill(connection: AsyncConnection, viewer: Viewer, drill_id: int) -> Row[Any]:
    """A drill of the asking officer, or any for an admin of the whole country.

    Raises `NotFound`.
    """
    row = await store.drill(connection, drill_id)
    if row is None or (row.created_by != viewer.officer and "VN" not in viewer.roots(ROLE)):
        raise NotFound
    return row


async def end(connection: AsyncConnection, viewer: Viewer, drill_id: int) -> Row[Any]:
    """Have everything of a drill removed; the worker does it. Raises `NotFound`."""
    row = await access_drill(connection, viewer, drill_id)
    if row.closed_at is None:
        await enqueue(
            connection, REMOVE, {"drill": drill_id}, priority=5, once=f"{REMOVE}:{drill_id}"
        )
        await audit.record(connection, viewer, "drill.ended", object=f"drill:{drill_id}")
    return row
