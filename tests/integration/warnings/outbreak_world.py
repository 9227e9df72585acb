"""A small outbreak of real visits: a case at a school and a market, and those who met it."""

from dataclasses import dataclass
from datetime import timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.tracing import tasks as tracing
from tests.conftest import AREA, Someone
from tests.integration.tracing.conftest import moment, write_visit

NINE = 9 * 60


@dataclass(frozen=True, slots=True)
class Outbreak:
    """The case, its places, and who met it: two hours in class, half an hour, ten minutes."""

    case: int
    school: int
    market: int
    long: int
    half: int
    short: int


async def _one(owner: AsyncEngine, statement: str, **values: object) -> int:
    async with owner.begin() as connection:
        return int((await connection.execute(text(statement), values)).scalar_one())


async def make_outbreak(owner: AsyncEngine, officer: int, people: list[int]) -> Outbreak:
    """A case of yesterday-but-nine whose visits are still kept; `people` are long, half, short."""
    person = await _one(owner, "INSERT INTO person DEFAULT VALUES RETURNING id")
    place = (
        "INSERT INTO place (name, kind, area, folded) "
        "VALUES (:name, :kind, :area, :folded) RETURNING id"
    )
    school = await _one(
        owner, place, name="Trường Thử", kind="school", area=AREA, folded="truong thu"
    )
    market = await _one(owner, place, name="Chợ Thử", kind="market", area=AREA, folded="cho thu")
    room = await _one(
        owner, "INSERT INTO room (place_id, name) VALUES (:place, 'Lớp 2A') RETURNING id",
        place=school,
    )  # fmt: skip
    case = await _one(
        owner,
        "INSERT INTO case_record (code, person_id, disease, profile_version, classification, "
        "infectious_from, infectious_until, area, opened_by) VALUES ('CA-26-1', :person, "
        "'covid-19', '1', 'confirmed', :begun, :ended, :area, :officer) RETURNING id",
        person=person,
        begun=moment(0),
        ended=now() + timedelta(days=1),
        area=AREA,
        officer=officer,
    )
    long, half, short = people
    async with owner.begin() as connection:
        for who, where, in_room, start, end in (
            (person, school, room, NINE, NINE + 180),
            (person, market, None, NINE + 300, NINE + 360),
            (long, school, room, NINE, NINE + 120),
            (half, market, None, NINE + 300, NINE + 330),
            (short, market, None, NINE + 310, NINE + 320),
        ):
            await write_visit(connection, who, where, in_room, moment(start), moment(end))
    return Outbreak(case, school, market, long, half, short)


async def trace(
    context: JobContext, client: httpx.AsyncClient, officer: Someone, case: int
) -> None:
    """Ask for a trace as the officer, and compute it."""
    answer = await client.post(
        f"/api/v1/cases/{case}/traces", json={"max_level": 1}, headers=officer.headers
    )
    assert answer.status_code == 202, answer.text
    await tracing.run_trace(context, {"run": answer.json()["run_id"]})
