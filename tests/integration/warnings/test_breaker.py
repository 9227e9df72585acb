"""A wrong mass warning is stopped: by the hour, by a button, by those who read it first."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from lachan.jobs.queue import JobContext
from lachan.settings import Settings, Warnings
from lachan.warnings import tasks
from tests.conftest import AREA, MakeOfficer
from tests.integration.warnings.conftest import Station


class TestManyWithinAnHour:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"warnings": Warnings(most_warnings_an_hour=2)})

    async def test_the_next_one_needs_a_second_officer(self, station: Station) -> None:
        # In three provinces: a slip repeated is a slip wherever it happens.
        officers = [
            await station.make_officer("tracer", area) for area in ("VN.01", "VN.79", "VN.01")
        ]
        for officer, area in zip(officers[:2], (AREA, "VN.79.26740"), strict=True):
            case = await station.make_traced(
                (await station.make_resident()).id, officer=officer.id, area=area
            )
            made = await station.draft(officer, case.id)
            assert not made["rush"]
            assert (await station.approve(officer, made["id"], 1)).status_code == 200
        case = await station.make_traced((await station.make_resident()).id, officer=officers[2].id)
        made = await station.draft(officers[2], case.id)
        assert made["rush"]
        assert made["second_officer_needed"]
        own = await station.approve(officers[2], made["id"], 1)
        assert (own.status_code, own.json()["code"]) == (403, "warning-rush")
        page = await station.client.get(f"/desk/warnings/{made['id']}", headers=officers[2].headers)
        assert "quá nhiều cảnh báo" in page.text
        assert (await station.approve(officers[0], made["id"], 1)).status_code == 200


async def test_an_admin_pauses_everything_below_and_lets_it_go_again(station: Station) -> None:
    admin, tracer = await station.make_officer("admin"), await station.make_officer("tracer")
    elsewhere, far = (
        await station.make_officer("admin", "VN.79"),
        await station.make_officer("tracer", "VN.79"),
    )
    someone, distant, late = await station.residents(3)
    case = await station.make_traced(someone.id, officer=tracer.id)
    made = await station.draft(tracer, case.id)
    await station.approve(tracer, made["id"], 1)
    path, body = "/api/v1/warning-pauses", {"area": "VN.01", "reason": "Nghi cảnh báo sai <b>"}
    for who in (tracer, elsewhere, someone):
        assert (await station.client.post(path, json=body, headers=who.headers)).status_code == 403
    assert (
        await station.client.post(path, json={**body, "reason": " "}, headers=admin.headers)
    ).status_code == 422
    assert (await station.client.post(path, json=body, headers=admin.headers)).status_code == 201
    again = await station.client.post(path, json=body, headers=admin.headers)
    assert (again.status_code, again.json()["code"]) == (409, "warnings-paused-already")
    # Approved, and not out: the pause holds it back, whoever asks the job to send.
    await station.send(made["id"])
    await tasks.send(station.context, {})
    assert await station.inbox(someone) == []
    more = await station.make_traced(late.id, officer=tracer.id)
    held = await station.draft(tracer, more.id)
    refused = await station.approve(tracer, held["id"], 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "warnings-paused")
    # Another province goes on.
    other = await station.make_traced(distant.id, officer=far.id, area="VN.79.26740")
    theirs = await station.draft(far, other.id)
    assert (await station.approve(far, theirs["id"], 1)).status_code == 200
    await tasks.send(station.context, {})
    assert len(await station.inbox(distant)) == 1
    desk = await station.client.get("/desk/warnings", headers=tracer.headers)
    assert "Nghi cảnh báo sai &lt;b&gt;" in desk.text
    page = await station.client.get("/desk/warning-pauses", headers=admin.headers)
    assert "Cho gửi lại" in page.text
    [pause] = (await station.client.get(path, headers=tracer.headers)).json()["items"]
    resume = f"{path}/{pause['id']}/resume"
    assert (await station.client.post(resume, headers=elsewhere.headers)).status_code == 404
    assert (await station.client.post(resume, headers=admin.headers)).status_code == 204
    await tasks.send(station.context, {})
    assert len(await station.inbox(someone)) == 1
    async with station.owner.connect() as connection:
        actions = await connection.scalars(
            text("SELECT action FROM audit_entry WHERE object = 'area:VN.01' ORDER BY id")
        )
        assert list(actions) == ["warnings.paused", "warnings.resumed"]


async def test_the_page_pauses_and_asks_for_a_reason(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", "VN")
    empty = await client.post(
        "/desk/warning-pauses", data={"area": "VN", "reason": ""}, headers=admin.headers
    )
    assert empty.status_code == 422
    form = {"area": "VN", "reason": "Nhầm tệp"}
    done = await client.post("/desk/warning-pauses", data=form, headers=admin.headers)
    assert done.status_code == 303
    twice = await client.post("/desk/warning-pauses", data=form, headers=admin.headers)
    assert twice.status_code == 409
    assert "đang được tạm dừng" in twice.text


async def test_a_large_warning_that_its_first_readers_dispute_stops_itself(
    station: Station,
) -> None:
    officer, second = await station.make_officer(), await station.make_officer()
    people = await station.residents(8)
    case = await station.make_traced(*[one.id for one in people], officer=officer.id)
    made = await station.draft(officer, case.id)
    await station.approve(officer, made["id"], 8)
    careful = JobContext(
        station.context.engine,
        station.context.keyring,
        Settings(
            warnings=Warnings(
                staged_above=5, stage_first=4, stage_minutes=3,
                dispute_first_seen=4, dispute_least=2, dispute_share_percent=40,
            )
        ),
    )  # fmt: skip
    await tasks.send(careful, {"warning": made["id"]})
    state = await station.state(officer, made["id"])
    assert state["counts"]["sent"] == 4
    assert state["held_until"]
    told = []
    for person in people:
        items = await station.inbox(person)
        told += [(person, items[0]["id"])] if items else []
    assert len(told) == 4
    for person, message in told[:2]:
        await station.client.post(
            f"/api/v1/me/warnings/{message}/dispute",
            json={"text": "Tôi không ở đó"},
            headers=person.headers,
        )
    for person, message in told[2:]:
        await station.client.post(f"/api/v1/me/warnings/{message}/seen", headers=person.headers)
    async with station.owner.begin() as connection:
        await connection.execute(text("UPDATE warning SET held_until = now()"))
    await tasks.send(careful, {})
    await tasks.send(careful, {})
    path = f"/api/v1/warnings/{made['id']}"
    state = (await station.client.get(path, headers=officer.headers)).json()
    assert state["stopped_at"]
    assert state["counts"]["sent"] == 4, "half the readers say no; the others are not told"
    page = await station.client.get(f"/desk/warnings/{made['id']}", headers=second.headers)
    assert "Cảnh báo đã tự dừng" in page.text
    async with station.owner.connect() as connection:
        entry = await connection.execute(
            text("SELECT actor_kind, details FROM audit_entry WHERE action = 'warning.stopped'")
        )
        assert [(row.actor_kind, row.details["disputed"]) for row in entry] == [("system", 2)]
    body = {"reason": "Đã gọi từng người, họ có ở đó"}
    own = await station.client.post(f"{path}/resume", json=body, headers=officer.headers)
    assert (own.status_code, own.json()["code"]) == (403, "warning-second-officer")
    assert (
        await station.client.post(f"{path}/resume", json=body, headers=second.headers)
    ).status_code == 200
    await tasks.send(careful, {})
    state = (await station.client.get(path, headers=officer.headers)).json()
    assert state["counts"]["sent"] == 8, "an officer has looked: it is not stopped again"
    again = await station.client.post(f"{path}/resume", json=body, headers=second.headers)
    assert (again.status_code, again.json()["code"]) == (409, "warning-not-stopped")


async def test_two_senders_at_once_tell_everybody_once(station: Station) -> None:
    officer = await station.make_officer()
    people = [(await station.make_resident()).id for _ in range(6)]
    case = await station.make_traced(*people, officer=officer.id)
    made = await station.draft(officer, case.id)
    await station.approve(officer, made["id"], 6)
    small = JobContext(
        station.context.engine, station.context.keyring, Settings(warnings=Warnings(batch_size=1))
    )
    await asyncio.gather(*(tasks.send(small, {"warning": made["id"]}) for _ in range(3)))
    async with station.owner.connect() as connection:
        told = await connection.scalar(text("SELECT count(*) FROM event WHERE kind = 'warning'"))
    assert told == 6
