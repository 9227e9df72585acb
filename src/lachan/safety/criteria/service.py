"""Which criteria are in force where, and how a version comes into force."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.areas import store as areas
from lachan.identity import audit
from lachan.kit.errors import NotAllowed, NotFound
from lachan.kit.http.access import Viewer
from lachan.safety.criteria import sheets, store
from lachan.safety.criteria.contradictions import Contradiction, check_set
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.errors import (
    CriteriaContradict,
    CriteriaPublished,
    CriteriaTaken,
    NoCriteria,
)
from lachan.safety.criteria.reference import published_sets
from lachan.safety.criteria.sheets import RowError
from lachan.storage.roles import asyncpg_url

# What is published never changes: read once a process. By engine, as each has its database.
_remembered: WeakKeyDictionary[Engine, dict[int, CriteriaSet]] = WeakKeyDictionary()


async def set_for(connection: AsyncConnection, kind: str, area: str, day: date) -> CriteriaSet:
    """The nearest published set in force for a kind of place. Raises `NoCriteria`."""
    found = await store.in_force(connection, kind, area, day)
    if found is None:
        raise NoCriteria
    return await set_by_id(connection, found)


async def find_set(connection: AsyncConnection, set_id: int) -> CriteriaSet | None:
    """A version by its id, None when the asker may not see it or it is gone."""
    try:
        return await set_by_id(connection, set_id)
    except NotFound:
        return None


async def set_by_id(connection: AsyncConnection, set_id: int) -> CriteriaSet:
    """A version by its id, remembered once it is published. Raises `NotFound`."""
    known = _remembered.setdefault(connection.sync_engine, {})
    if set_id in known:
        return known[set_id]
    kept = await store.find(connection, set_id)
    if kept is None:
        raise NotFound
    if kept.state != "draft":
        known[set_id] = kept.criteria
    return kept.criteria


async def access_set(connection: AsyncConnection, set_id: int) -> store.Kept:
    """A version as the asker may see it. Raises `NotFound`."""
    kept = await store.find(connection, set_id)
    if kept is None:
        raise NotFound
    return kept


async def load_published(connection: AsyncConnection) -> int:
    """Put the sets that come with the program in force, as its owner; how many were new."""
    new = 0
    for criteria in published_sets():
        if await store.find_version(connection, criteria.code, criteria.version) is None:
            await store.insert(connection, criteria, officer_id=None, state="published")
            new += 1
    return new


def check_contradictions(found: list[Contradiction]) -> None:
    """Raises `CriteriaContradict` when there are any."""
    if found:
        raise CriteriaContradict(
            fields={
                f"{one.where or 'set'}": f"safety-contradiction-{one.code}"
                for one in reversed(found)
            }
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: a draft that was kept (`id`), rows that cannot be read, contradictions."""

    id: int | None
    criteria: CriteriaSet | None
    errors: list[RowError]
    contradictions: list[Contradiction]


async def read_file(connection: AsyncConnection, viewer: Viewer, raw: bytes, *, keep: bool) -> Read:
    """Look at an Excel file; when it can be read and is to be kept, keep it as a draft.

    Raises `CriteriaUnreadable`, what `read_book` raises, `NotAllowed`, `CriteriaPublished` or
    `CriteriaTaken`. What could not even be stored stays a matter of the file: codes and areas are
    checked first.
    """
    criteria, errors = await asyncio.to_thread(sheets.read, raw)
    if criteria is None:
        return Read(None, None, errors, [])
    found = check_set(criteria)
    if not await areas.get(connection, criteria.area):
        found.append(Contradiction("area", criteria.area))
    if not keep or any(one.code in _UNSTORABLE for one in found):
        return Read(None, criteria, [], found)
    return Read(await draft(connection, viewer, criteria), criteria, [], found)


# What the tables themselves would refuse.
_UNSTORABLE: Final = frozenset(
    (
        "area",
        "code",
        "version",
        "item-code",
        "item-twice",
        "points-range",
        "repair-hours",
        "items-none",
    )
)


async def draft(connection: AsyncConnection, viewer: Viewer, criteria: CriteriaSet) -> int:
    """Keep a version as a draft, in the place of a draft of the same name; its id.

    Raises `NotAllowed` outside the officer's areas, `CriteriaPublished`, and `CriteriaTaken` when
    the name is that of a draft which the officer may not even see.
    """
    check_admin(viewer, criteria.area)
    before = await store.find_version(connection, criteria.code, criteria.version)
    if before is not None and (
        before[1] != "draft" or not await store.drop_draft(connection, before[0])
    ):
        raise CriteriaPublished
    made = await store.insert(connection, criteria, officer_id=viewer.officer)
    if made is None:
        raise CriteriaTaken
    return made


def check_admin(viewer: Viewer, area: str) -> None:
    """Raises `NotAllowed` unless the officer administers `area`."""
    if not any(area == root or area.startswith(f"{root}.") for root in viewer.roots("admin")):
        raise NotAllowed


async def publish(connection: AsyncConnection, viewer: Viewer, set_id: int) -> CriteriaSet:
    """Put a draft in force from its day on.

    Raises `NotFound`, `NotAllowed`, `CriteriaPublished` or `CriteriaContradict`.
    """
    kept = await access_set(connection, set_id)
    check_admin(viewer, kept.criteria.area)
    check_contradictions(check_set(kept.criteria))
    if not await store.publish(connection, set_id):
        raise CriteriaPublished
    await _note(connection, viewer, "criteria.published", kept.criteria)
    return kept.criteria


async def withdraw(connection: AsyncConnection, viewer: Viewer, set_id: int) -> CriteriaSet:
    """Take a version out of force. Raises `NotFound`, `NotAllowed` or `CriteriaPublished`."""
    kept = await access_set(connection, set_id)
    check_admin(viewer, kept.criteria.area)
    if not await store.withdraw(connection, set_id):
        raise CriteriaPublished
    await _note(connection, viewer, "criteria.withdrawn", kept.criteria)
    return kept.criteria


async def _note(
    connection: AsyncConnection, viewer: Viewer, action: str, criteria: CriteriaSet
) -> None:
    await audit.record(
        connection,
        viewer,
        action,
        area=criteria.area,
        object=f"criteria:{criteria.id}",
        details={"code": criteria.code, "version": criteria.version},
    )


async def fill_criteria(
    _settings: object, owner_url: str, _keyring: object, _told: Callable[[str], None]
) -> list[str]:
    """`load_published` as the owner, in a transaction of its own; what `lachan run` fills in."""
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await load_published(connection)
    finally:
        await engine.dispose()
    return []
