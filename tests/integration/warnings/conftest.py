"""A traced case with contacts, written straight into the tables that the tracer writes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.warnings import tasks
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone

MEETING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Traced:
    """A case whose trace is done."""

    id: int
    code: str
    run_id: int
    person: int
    place: int
    room: int


async def one(connection: AsyncConnection, statement: str, **values: object) -> int:
    found = await connection.scalar(text(statement), values)
    assert isinstance(found, int)
    return found


async def add_run(connection: AsyncConnection, case: int) -> int:
    return await one(
        connection,
        "INSERT INTO trace_run (case_id, profile_version, rules, max_level, state, finished_at) "
        "VALUES (:case, '1', '{}', 2, 'done', now()) RETURNING id",
        case=case,
    )


async def add_contact(
    connection: AsyncConnection,
    traced: Traced,
    person: int,
    *,
    level: int = 1,
    area: str = AREA,
    minutes: Sequence[int] = (45,),
    kind: str = "same_room",
) -> int:
    contact = await one(
        connection,
        "INSERT INTO contact (case_id, run_id, person_id, level, area, first_exposure, "
        "last_exposure, minutes) VALUES (:case, :run, :person, :level, :area, :at, :at, :minutes) "
        "RETURNING id",
        case=traced.id,
        run=traced.run_id,
        person=person,
        level=level,
        area=area,
        at=MEETING,
        minutes=sum(minutes),
    )
    for day, length in enumerate(minutes):
        begun = MEETING + timedelta(days=day)
        await connection.execute(
            text(
                "INSERT INTO exposure (contact_id, kind, source_person_id, source_visit_id, "
                "visit_id, place_id, room_id, started_at, ended_at, minutes) VALUES (:contact, "
                ":kind, :source, :visit, :visit, :place, :room, :begun, :ended, :minutes)"
            ),
            {
                "contact": contact,
                "kind": kind,
                "source": traced.person,
                "visit": uuid4(),
                "place": traced.place,
                "room": traced.room,
                "begun": begun,
                "ended": begun + timedelta(minutes=length),
                "minutes": length,
            },
        )
    return contact


MakeTraced = Callable[..., Awaitable[Traced]]


def traced_by(owner: AsyncEngine) -> MakeTraced:
    """Make a case in `area` with one F1 contact for each person given."""

    async def make(
        *people: int, officer: int, area: str = AREA, disease: str = "covid-19", traced: bool = True
    ) -> Traced:
        async with owner.begin() as connection:
            person = await one(connection, "INSERT INTO person DEFAULT VALUES RETURNING id")
            place = await one(
                connection,
                "INSERT INTO place (name, kind, area) VALUES ('Chợ Thử', 'market', :area) "
                "RETURNING id",
                area=area,
            )
            room = await one(
                connection,
                "INSERT INTO room (place_id, name) VALUES (:place, 'Dãy hàng cá') RETURNING id",
                place=place,
            )
            code = f"CA-{uuid4().hex[:8]}"
            case = await one(
                connection,
                "INSERT INTO case_record (code, person_id, disease, profile_version, "
                "classification, infectious_from, infectious_until, area, opened_by) VALUES "
                "(:code, :person, :disease, '1', 'confirmed', :begun, :ended, :area, :officer) "
                "RETURNING id",
                code=code,
                person=person,
                disease=disease,
                begun=MEETING - timedelta(days=2),
                ended=MEETING + timedelta(days=8),
                area=area,
                officer=officer,
            )
            run = await add_run(connection, case) if traced else 0
            made = Traced(case, code, run, person, place, room)
            for one_person in people:
                await add_contact(connection, made, one_person)
        return made

    return make


@pytest.fixture
def make_traced(owner: AsyncEngine) -> MakeTraced:
    return traced_by(owner)


@dataclass(frozen=True, slots=True)
class Station:
    """Officers and residents of a test, and what they do with warnings over HTTP."""

    client: httpx.AsyncClient
    owner: AsyncEngine
    context: JobContext
    make_officer: MakeOfficer
    make_resident: MakeResident
    make_traced: MakeTraced

    async def residents(self, count: int) -> list[Someone]:
        return [await self.make_resident() for _ in range(count)]

    async def draft(self, officer: Someone, case: int, **more: object) -> dict[str, Any]:
        answer = await self.client.post(
            "/api/v1/warnings", json={"case_id": case, **more}, headers=officer.headers
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def approve(self, officer: Someone, warning: int, recipients: int) -> httpx.Response:
        return await self.client.post(
            f"/api/v1/warnings/{warning}/approve",
            json={"recipients": recipients},
            headers=officer.headers,
        )

    async def send(self, warning: int) -> None:
        await tasks.send(self.context, {"warning": warning})

    async def approved(self, officer: Someone, case: int, recipients: int) -> int:
        """A warning of a case that an officer approved; nobody is told yet."""
        made = await self.draft(officer, case)
        answer = await self.approve(officer, made["id"], recipients)
        assert answer.status_code == 200, answer.text
        return int(made["id"])

    async def warn(self, officer: Someone, *people: Someone) -> int:
        """A warning that has reached the inboxes of these people, of a case of its own."""
        case = await self.make_traced(*[one.id for one in people], officer=officer.id)
        warning = await self.approved(officer, case.id, len(people))
        await self.send(warning)
        return warning

    async def inbox(self, who: Someone) -> list[dict[str, Any]]:
        answer = await self.client.get("/api/v1/me/warnings", headers=who.headers)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def say(self, who: Someone, message: int, verb: str, **body: object) -> httpx.Response:
        """What a resident does with a message: `seen`, `answer`, `dispute`."""
        return await self.client.post(
            f"/api/v1/me/warnings/{message}/{verb}", json=body or None, headers=who.headers
        )

    async def state(self, officer: Someone, warning: int) -> dict[str, Any]:
        answer = await self.client.get(f"/api/v1/warnings/{warning}", headers=officer.headers)
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def station(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
    make_traced: MakeTraced,
) -> Station:
    return Station(client, owner, job_context, make_officer, make_resident, make_traced)
