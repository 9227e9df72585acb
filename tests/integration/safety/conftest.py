"""A school that takes part, by the criteria that come with the program."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from lachan.places.domain import cell_of
from lachan.safety.checks.service import join
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.service import load_published, set_for
from tests.conftest import OTHER_AREA, MakeResident, Someone
from tests.days import today


@dataclass(frozen=True, slots=True)
class Facility:
    """A place with its owner and the set by which it is judged."""

    id: int
    area: str
    owner: Someone
    criteria: CriteriaSet

    def check(self, moment: str = "day", *, zero: tuple[str, ...] = (), **more: Any) -> dict:
        """A commit of now in which everything is met but the items of `zero`."""
        return {
            "commit_id": str(uuid4()),
            "moment": moment,
            "day": today().isoformat(),
            "made_at": now().isoformat(),
            "answers": {
                item.code: 0 if item.code in zero else item.points
                for item in self.criteria.items_of(moment)
            },
        } | more


MakeFacility = Callable[..., Awaitable[Facility]]


@pytest.fixture
async def criteria(owner: AsyncEngine) -> None:
    """The sets that come with the program are in force."""
    async with owner.begin() as connection:
        await load_published(connection)


@pytest.fixture
def make_facility(owner: AsyncEngine, criteria: None, make_resident: MakeResident) -> MakeFacility:
    """Make a place that takes part: `await make_facility(kind="school", area=AREA)`."""

    async def make(*, kind: str = "school", area: str = OTHER_AREA) -> Facility:
        runs = await make_resident(area=area)
        async with owner.begin() as connection:
            place = await connection.scalar(
                text(
                    "INSERT INTO place (name, kind, area, lat, lon, h3, hours) VALUES"
                    " ('Trường thử', :kind, :area, 10.77, 106.7, :h3, :hours) RETURNING id"
                ),
                {
                    "kind": kind,
                    "area": area,
                    "h3": cell_of(10.77, 106.7),
                    # Every day, so that no test goes by the weekday on which it runs.
                    "hours": [0, 1440] * 7,
                },
            )
            await connection.execute(
                text("INSERT INTO place_staff VALUES (:place, :person, 'owner')"),
                {"place": place, "person": runs.id},
            )
            await join(connection, place, today())
            return Facility(place, area, runs, await set_for(connection, kind, area, today()))

    return make


@pytest.fixture
async def school(make_facility: MakeFacility) -> Facility:
    """A school of Hồ Chí Minh City that takes part."""
    return await make_facility()
