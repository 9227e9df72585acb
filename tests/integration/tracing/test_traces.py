"""From the button to the contacts: run, job, worker, evidence, and what pages are told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.jobs.registry import all_jobs
from lachan.tracing.tasks import run_trace
from tests.conftest import AREA, MakeOfficer, Someone
from tests.days import ZONE, midnight
from tests.integration.cases.conftest import Enrol, OpenCase, enrol, open_case
from tests.integration.tracing.conftest import write_visit

__all__ = ["enrol", "open_case"]

MORNING = midnight(2) + timedelta(hours=8)
OTHER_AREA = "VN.79.26740"
SCHOOL, MARKET, ROOM, OTHER_ROOM = 1, 2, 11, 12


def at(minutes: int) -> datetime:
    return MORNING + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Outbreak:
    """A case, and whom it met."""

    officer: Someone
    case: dict[str, Any]
    classmate: int
    late: int
    next_room: int
    flatmate: int
    shopper: int

    @property
    def address(self) -> str:
        return f"/api/v1/cases/{self.case['id']}"


MakeOutbreak = Callable[[], Awaitable[Outbreak]]


@pytest.fixture
def make_outbreak(
    owner: AsyncEngine, make_officer: MakeOfficer, enrol: Enrol, open_case: OpenCase
) -> MakeOutbreak:
    """The case sits in a classroom from 8:00 to 9:30; everything else follows from that."""

    async def make() -> Outbreak:
        sick = await enrol("0912345678", household=1)
        people = Outbreak(
            officer=await make_officer(),
            case={},
            classmate=await enrol("0912000001", name="Trần Văn Mẫu"),
            late=await enrol("0912000002"),
            next_room=await enrol("0912000003"),
            flatmate=await enrol("0912000004", household=1),
            shopper=await enrol("0912000005", area=OTHER_AREA),
        )
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO place (id, name, kind, area, ventilation) OVERRIDING SYSTEM VALUE "
                    "VALUES (1, 'Trường Tiểu học Hoa Sen', 'school', :area, 'normal'), "
                    "(2, 'Chợ Hôm', 'market', :area, 'good')"
                ),
                {"area": AREA},
            )
            await connection.execute(
                text(
                    "INSERT INTO room (id, place_id, name) OVERRIDING SYSTEM VALUE "
                    "VALUES (11, 1, 'Phòng 201'), (12, 1, 'Phòng 202')"
                )
            )
            for person, place, room, begins, ends in (
                (sick, SCHOOL, ROOM, 0, 90),
                (people.classmate, SCHOOL, ROOM, 10, 120),
                (people.late, SCHOOL, ROOM, 95, 200),
                (people.next_room, SCHOOL, OTHER_ROOM, 0, 90),
                (people.classmate, MARKET, None, 300, 360),
                (people.shopper, MARKET, None, 330, 390),
                # Met the classmate before the classmate met the case: not a contact.
                (people.next_room, MARKET, None, -300, -200),
                (people.classmate, MARKET, None, -300, -200),
            ):
                await write_visit(connection, person, place, room, at(begins), at(ends))
        case = await open_case(people.officer)
        return Outbreak(**{**people.__dict__, "case": case})

    return make


@pytest.fixture
def work(owner: AsyncEngine, job_context: JobContext) -> Callable[[], Awaitable[list[str]]]:
    """Run what is queued, as a worker would; the names of the jobs."""

    async def run() -> list[str]:
        import orjson

        handlers = {job.name: job.run for job in all_jobs()}
        async with owner.begin() as connection:
            queued = (
                await connection.execute(
                    text("DELETE FROM pgqueuer RETURNING entrypoint, payload, id")
                )
            ).all()
        for job in sorted(queued, key=lambda one: one.id):
            await handlers[job.entrypoint](job_context, orjson.loads(job.payload))
        return [job.entrypoint for job in queued]

    return run


Work = Callable[[], Awaitable[list[str]]]


async def traced(
    client: httpx.AsyncClient, outbreak: Outbreak, work: Work, **wanted: object
) -> dict[str, Any]:
    """Press Trace, let the worker work, read the run."""
    headers = outbreak.officer.headers
    answer = await client.post(f"{outbreak.address}/traces", json=wanted, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "queued"
    await work()
    run = await client.get(f"{outbreak.address}/traces/{answer.json()['run_id']}", headers=headers)
    body: dict[str, Any] = run.json()
    return body


async def contacts(client: httpx.AsyncClient, outbreak: Outbreak, **params: object) -> list[Any]:
    answer = await client.get(
        f"{outbreak.address}/contacts",
        params=params,  # type: ignore[arg-type] # plain values
        headers={**outbreak.officer.headers, "accept-language": "vi"},
    )
    items: list[Any] = answer.json()["items"]
    return items


async def test_a_trace_finds_contacts_and_says_why(
    client: httpx.AsyncClient, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    run = await traced(client, outbreak, work, max_level=2)
    assert (run["state"], run["progress"], run["error"]) == ("done", 100, None)
    assert run["counts"] == {"F1": 3, "F2": 1, "added": 4, "kept": 0, "removed": 0}
    found = {item["person_id"]: item for item in await contacts(client, outbreak)}
    assert {person: item["level"] for person, item in found.items()} == {
        outbreak.classmate: 1,
        outbreak.late: 1,
        outbreak.flatmate: 1,
        outbreak.shopper: 2,
    }
    classmate = found[outbreak.classmate]
    assert (classmate["minutes"], classmate["exposures"]) == (80, 1)
    day = f"{MORNING.astimezone(ZONE):%d/%m/%Y}"
    assert classmate["sentence"] == (
        f"Ở cùng phòng với ca {outbreak.case['code']}: Phòng 201, Trường Tiểu học Hoa Sen, "
        f"từ 08:10 đến 09:30 ngày {day} (80 phút)."
    )
    # Air lingers 30 minutes in normal ventilation; the late one came 5 minutes after.
    assert found[outbreak.late]["minutes"] == 25
    assert "vừa rời đi" in found[outbreak.late]["sentence"]
    assert found[outbreak.flatmate]["household"] is True
    assert found[outbreak.flatmate]["place"] is None
    assert found[outbreak.shopper]["sentence"].startswith(
        f"Ở cùng nơi với người tiếp xúc F1 của ca {outbreak.case['code']}: Chợ Hôm"
    )
    details = await client.get(
        f"/api/v1/contacts/{found[outbreak.late]['id']}", headers=outbreak.officer.headers
    )
    (evidence,) = details.json()["evidence"]
    assert (evidence["kind"], evidence["lingering_minutes"]) == ("lingering_air", 25)


async def test_a_dry_run_counts_and_writes_no_contact(
    client: httpx.AsyncClient, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    run = await traced(client, outbreak, work, max_level=1, dry_run=True)
    assert run["counts"] == {"F1": 3}
    assert await contacts(client, outbreak) == []


async def test_tracing_again_keeps_what_the_tracer_noted(
    client: httpx.AsyncClient, owner: AsyncEngine, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    headers = outbreak.officer.headers
    await traced(client, outbreak, work)
    before = {item["person_id"]: item["id"] for item in await contacts(client, outbreak)}
    answer = await client.patch(
        f"/api/v1/contacts/{before[outbreak.classmate]}",
        json={"status": "called"},
        headers=headers,
    )
    assert answer.json()["status"] == "called"
    async with owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM visit WHERE person_id = :person"), {"person": outbreak.late}
        )
    run = await traced(client, outbreak, work)
    assert run["counts"] == {"F1": 2, "F2": 1, "added": 0, "kept": 3, "removed": 1}
    after = {item["person_id"]: item for item in await contacts(client, outbreak)}
    assert outbreak.late not in after
    assert after[outbreak.classmate]["id"] == before[outbreak.classmate]
    assert after[outbreak.classmate]["status"] == "called"
    again = await traced(client, outbreak, work)
    assert again["counts"] | {"removed": 0} == run["counts"] | {"removed": 0}


async def test_pressing_twice_is_one_run(
    client: httpx.AsyncClient, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    press = [
        await client.post(
            f"{outbreak.address}/traces",
            json={"max_level": level},
            headers=outbreak.officer.headers,
        )
        for level in (1, 1, 2)
    ]
    runs = [answer.json()["run_id"] for answer in press]
    assert runs[0] == runs[1] != runs[2]
    assert (await work()).count("tracing.run") == 2


async def test_a_level_beyond_the_profile_is_refused(
    client: httpx.AsyncClient, make_officer: MakeOfficer, open_case: OpenCase
) -> None:
    officer = await make_officer()
    case = await open_case(officer, disease="measles")
    for level, code in ((4, "trace-level-too-high"), (6, "invalid-input"), (0, "invalid-input")):
        answer = await client.post(
            f"/api/v1/cases/{case['id']}/traces",
            json={"max_level": level},
            headers=officer.headers,
        )
        assert answer.status_code == 422
        assert answer.json()["code"] == code


async def test_a_failing_engine_ends_the_run_and_says_so(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_outbreak: MakeOutbreak,
    work: Work,
) -> None:
    class Broken:
        async def exposures(self, *_: object) -> list[Any]:
            raise ArithmeticError

        async def housemates(self, *_: object) -> list[Any]:
            return []

    outbreak = await make_outbreak()
    await traced(client, outbreak, work, max_level=1)
    answer = await client.post(
        f"{outbreak.address}/traces", json={}, headers=outbreak.officer.headers
    )
    run_id = answer.json()["run_id"]
    with pytest.raises(ArithmeticError):
        await run_trace(job_context, {"run": run_id}, engine=Broken())
    run = await client.get(f"{outbreak.address}/traces/{run_id}", headers=outbreak.officer.headers)
    assert (run.json()["state"], run.json()["error"]) == ("failed", "trace-failed")
    assert run.json()["error_text"]
    assert len(await contacts(client, outbreak)) == 3
    # Delivered once more, the job leaves what has ended alone.
    await run_trace(job_context, {"run": run_id}, engine=Broken())


async def test_open_pages_hear_how_far_it_is(
    client: httpx.AsyncClient, owner: AsyncEngine, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    await traced(client, outbreak, work, max_level=2)
    async with owner.connect() as connection:
        events = (
            await connection.execute(
                text("SELECT payload FROM event WHERE topic = :topic ORDER BY id"),
                {"topic": f"case:{outbreak.case['id']}"},
            )
        ).scalars()
        told = [(one["state"], one["progress"]) for one in events]
    assert told == [
        ("queued", 0), ("running", 0), ("running", 45), ("running", 90), ("done", 100),
    ]  # fmt: skip


async def test_a_contact_who_becomes_a_case_has_the_cases_around_traced_anew(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_outbreak: MakeOutbreak,
    open_case: OpenCase,
    work: Work,
) -> None:
    outbreak = await make_outbreak()
    await traced(client, outbreak, work, max_level=2)
    await open_case(outbreak.officer, person={"person_id": outbreak.classmate})
    assert await work() == ["tracing.retrace"]
    assert await work() == ["tracing.run"]
    async with owner.connect() as connection:
        runs = (
            await connection.execute(
                text("SELECT state, max_level, requested_by FROM trace_run ORDER BY id")
            )
        ).all()
    assert [tuple(run) for run in runs] == [("done", 2, outbreak.officer.id), ("done", 2, None)]
    found = {item["person_id"]: item["is_case"] for item in await contacts(client, outbreak)}
    assert found[outbreak.classmate] is True
    assert found[outbreak.late] is False


async def test_contacts_are_walked_by_cursor_filtered_and_exported(
    client: httpx.AsyncClient, make_outbreak: MakeOutbreak, work: Work
) -> None:
    outbreak = await make_outbreak()
    await traced(client, outbreak, work)
    whole = [item["id"] for item in await contacts(client, outbreak)]
    walked: list[int] = []
    cursor = None
    while True:
        answer = await client.get(
            f"{outbreak.address}/contacts",
            params={"limit": 1, **({"cursor": cursor} if cursor else {})},
            headers=outbreak.officer.headers,
        )
        walked += [item["id"] for item in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            break
    assert walked == whole
    assert [one["level"] for one in await contacts(client, outbreak, level=2)] == [2]
    assert await contacts(client, outbreak, status="done") == []
    answer = await client.get(
        f"{outbreak.address}/contacts",
        headers={**outbreak.officer.headers, "accept": "text/csv"},
    )
    assert len(answer.text.splitlines()) == 5
    assert "Mẫu" not in answer.text


async def test_a_contact_who_lives_elsewhere_is_called_from_there(
    client: httpx.AsyncClient, make_outbreak: MakeOutbreak, make_officer: MakeOfficer, work: Work
) -> None:
    outbreak = await make_outbreak()
    await traced(client, outbreak, work)
    south = await make_officer("tracer", "VN.79")
    listed = await client.get("/api/v1/contacts", headers=south.headers)
    (item,) = listed.json()["items"]
    assert item["person_id"] == outbreak.shopper
    # The case is not theirs to see, its code neither.
    assert item["case_code"] is None
    assert outbreak.case["code"] not in listed.text
    opened = await client.post(
        f"/api/v1/contacts/{item['id']}/identity",
        json={"reason": "Gọi hướng dẫn cách ly"},
        headers=south.headers,
    )
    assert opened.json()["phone"] == "+84912000005"
    mine = await client.get("/api/v1/contacts", headers=outbreak.officer.headers)
    hers = [one for one in mine.json()["items"] if one["person_id"] == outbreak.classmate]
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"status": "done"}),
        ("POST", "/identity", {"reason": "tò mò"}),
    ):
        answer = await client.request(
            method, f"/api/v1/contacts/{hers[0]['id']}{path}", json=body, headers=south.headers
        )
        assert answer.status_code == 404
