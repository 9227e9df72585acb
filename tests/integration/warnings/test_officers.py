"""Officers: dry run, approval, the limit of one officer, withdrawal, answers."""

import httpx
import pytest
from sqlalchemy import text

from lachan.jobs.queue import JobContext
from lachan.settings import Settings, Warnings
from lachan.warnings import tasks
from tests.conftest import AREA, OTHER_AREA, MakeOfficer
from tests.integration.warnings.conftest import Station, add_contact, add_run


async def test_a_draft_tells_nobody_and_says_whom_it_would_reach(station: Station) -> None:
    officer = await station.make_officer("tracer", "VN.01")
    near, far, second = await station.residents(3)
    case = await station.make_traced(near.id, officer=officer.id)
    async with station.owner.begin() as connection:
        await add_contact(connection, case, far.id, area=OTHER_AREA, minutes=(20, 50, 5))
        await add_contact(connection, case, second.id, level=2)
    made = await station.draft(officer, case.id, note="Mời đến trạm y tế nếu sốt.")
    assert made["state"] == "draft"
    assert (made["recipients"], made["outside_area"], made["already_warned"]) == (2, 1, 0)
    assert [(place["name"], place["room"], place["recipients"]) for place in made["places"]] == [
        ("Chợ Thử", "Dãy hàng cá", 2)
    ]
    assert "Chợ Thử, Dãy hàng cá" in made["samples"]["vi"]
    assert "50 phút" in made["samples"]["vi"]
    assert "same room for 50 minutes" in made["samples"]["en"]
    assert "Mời đến trạm y tế" in made["samples"]["en"]
    assert made["counts"]["sent"] == 0
    for person in (near, far):
        inbox = await station.client.get("/api/v1/me/warnings", headers=person.headers)
        assert inbox.json()["items"] == []
    both = await station.draft(officer, case.id, levels=[2, 1])
    assert (both["recipients"], both["levels"]) == (3, [1, 2])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"case_id": 1, "levels": []}, 422),
        ({"case_id": 1, "levels": [6]}, 422),
        ({"case_id": 1, "note": "x" * 501}, 422),
        ({"case_id": 1, "to": "all"}, 422),
        ({"case_id": 424242}, 404),
    ],
)
async def test_drafts_that_cannot_be(
    client: httpx.AsyncClient, make_officer: MakeOfficer, body: dict[str, object], status: int
) -> None:
    officer = await make_officer()
    answer = await client.post("/api/v1/warnings", json=body, headers=officer.headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_may_not(station: Station) -> None:
    officer = await station.make_officer()
    someone = await station.make_resident()
    case = await station.make_traced(someone.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    elsewhere = await station.make_officer("tracer", "VN.79")
    auditor = await station.make_officer("auditor", "VN.01")
    for path, body in (
        ("/api/v1/warnings", {"case_id": case.id}),
        (f"/api/v1/warnings/{made['id']}/approve", {"recipients": 1}),
        (f"/api/v1/warnings/{made['id']}/withdraw", {"reason": "nhầm"}),
        (f"/api/v1/warnings/{made['id']}/messages/1/answer", {"text": "ok"}),
    ):
        assert (await station.client.post(path, json=body)).status_code == 401
        for who, status in ((someone, 403), (auditor, 403), (elsewhere, 404)):
            answer = await station.client.post(path, json=body, headers=who.headers)
            assert answer.status_code == status, (path, status, answer.text)
    listed = await station.client.get("/api/v1/warnings", headers=elsewhere.headers)
    assert listed.json() == {"items": [], "next_cursor": None}
    answer = await station.client.get(f"/api/v1/warnings/{made['id']}", headers=elsewhere.headers)
    assert answer.status_code == 404


async def test_a_case_must_be_traced_and_have_contacts(station: Station) -> None:
    officer = await station.make_officer()
    untraced = await station.make_traced(officer=officer.id, traced=False)
    alone = await station.make_traced(officer=officer.id)
    for case, code in ((untraced, "warning-not-traced"), (alone, "warning-no-recipients")):
        answer = await station.client.post(
            "/api/v1/warnings", json={"case_id": case.id}, headers=officer.headers
        )
        assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_approving_delivers_once(station: Station) -> None:
    officer = await station.make_officer()
    people = await station.residents(3)
    case = await station.make_traced(*[person.id for person in people], officer=officer.id)
    made = await station.draft(officer, case.id)
    changed = await station.approve(officer, made["id"], 2)
    assert (changed.status_code, changed.json()["code"]) == (409, "warning-recipients-changed")
    assert (await station.approve(officer, made["id"], 3)).status_code == 200
    again = await station.approve(officer, made["id"], 3)
    assert (again.status_code, again.json()["code"]) == (409, "warning-not-draft")
    small = JobContext(
        station.context.engine, station.context.keyring, Settings(warnings=Warnings(batch_size=2))
    )
    await tasks.send(small, {"warning": made["id"]})
    await tasks.send(small, {"warning": made["id"]})
    await tasks.send(small, {})
    async with station.owner.connect() as connection:
        told = await connection.execute(
            text("SELECT topic, count(*) AS times FROM event WHERE kind = 'warning' GROUP BY topic")
        )
        assert {row.topic: row.times for row in told} == {
            f"person:{person.id}": 1 for person in people
        }
        actions = await connection.execute(
            text("SELECT action FROM audit_entry WHERE object = :object ORDER BY id"),
            {"object": f"warning:{made['id']}"},
        )
        assert [row.action for row in actions] == ["warning.drafted", "warning.approved"]
    state = await station.client.get(f"/api/v1/warnings/{made['id']}", headers=officer.headers)
    counts = state.json()["counts"]
    assert (counts["recipients"], counts["sent"], counts["seen"]) == (3, 3, 0)
    assert state.json()["first_sent_at"]


async def test_nobody_is_told_twice_of_a_case(station: Station) -> None:
    officer = await station.make_officer()
    first, second = await station.make_resident(), await station.make_resident()
    case = await station.make_traced(first.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    await station.approve(officer, made["id"], 1)
    async with station.owner.begin() as connection:
        await add_contact(connection, case, second.id)
    more = await station.draft(officer, case.id)
    assert (more["recipients"], more["already_warned"]) == (1, 1)


async def test_a_newer_trace_makes_the_officer_look_again(station: Station) -> None:
    officer = await station.make_officer()
    first, second = await station.make_resident(), await station.make_resident()
    case = await station.make_traced(first.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    async with station.owner.begin() as connection:
        await add_contact(connection, case, second.id)
        await add_run(connection, case.id)
    stale = await station.approve(officer, made["id"], 1)
    assert (stale.status_code, stale.json()["code"]) == (409, "warning-recipients-changed")
    shown = await station.client.get(f"/api/v1/warnings/{made['id']}", headers=officer.headers)
    assert shown.json()["recipients"] == 2
    assert (await station.approve(officer, made["id"], 2)).status_code == 200


class TestTheLimitOfOneOfficer:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"warnings": Warnings(most_recipients=2)})

    async def test_a_second_officer_approves_what_is_large(self, station: Station) -> None:
        officer, second = await station.make_officer(), await station.make_officer()
        people = [(await station.make_resident()).id for _ in range(3)]
        case = await station.make_traced(*people, officer=officer.id)
        made = await station.draft(officer, case.id)
        assert made["second_officer_needed"]
        own = await station.approve(officer, made["id"], 3)
        assert (own.status_code, own.json()["code"]) == (403, "warning-second-officer")
        assert (await station.approve(second, made["id"], 3)).status_code == 200


async def test_withdrawing_reaches_people_and_stops_sending(station: Station) -> None:
    officer = await station.make_officer()
    someone, late = await station.make_resident(), await station.make_resident()
    case = await station.make_traced(someone.id, officer=officer.id)
    made = await station.draft(officer, case.id)
    await station.approve(officer, made["id"], 1)
    await station.send(made["id"])
    path = f"/api/v1/warnings/{made['id']}/withdraw"
    assert (
        await station.client.post(path, json={"reason": " "}, headers=officer.headers)
    ).status_code == 422
    body = {"reason": "Xét nghiệm khẳng định âm tính"}
    assert (await station.client.post(path, json=body, headers=officer.headers)).status_code == 200
    again = await station.client.post(path, json=body, headers=officer.headers)
    assert (again.status_code, again.json()["code"]) == (409, "warning-withdrawn")
    await tasks.tell_withdrawn(station.context, {"warning": made["id"]})
    inbox = (await station.client.get("/api/v1/me/warnings", headers=someone.headers)).json()
    assert inbox["unread"] == 0
    assert inbox["items"][0]["withdrawn_reason"] == "Xét nghiệm khẳng định âm tính"
    refused = await station.client.post(
        f"/api/v1/me/warnings/{inbox['items'][0]['id']}/dispute",
        json={"text": "Tôi không ở đó"},
        headers=someone.headers,
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "warning-withdrawn")
    async with station.owner.begin() as connection:
        kinds = await connection.scalars(
            text("SELECT kind FROM event WHERE topic = :topic ORDER BY id"),
            {"topic": f"person:{someone.id}"},
        )
        assert list(kinds) == ["warning", "warning_withdrawn"]
        await add_contact(connection, case, late.id)
    unsent = await station.draft(officer, case.id)
    assert unsent["recipients"] == 2, "who was told by a withdrawn warning may be told again"
    await station.approve(officer, unsent["id"], 2)
    await station.client.post(
        f"/api/v1/warnings/{unsent['id']}/withdraw", json=body, headers=officer.headers
    )
    await station.send(unsent["id"])
    assert await station.inbox(late) == []


async def test_lists_are_walked_by_cursor(station: Station) -> None:
    officer = await station.make_officer("tracer", AREA)
    someone = await station.make_resident()
    case = await station.make_traced(someone.id, officer=officer.id)
    made = [(await station.draft(officer, case.id))["id"] for _ in range(3)]
    seen: list[int] = []
    cursor = ""
    while True:
        answer = await station.client.get(
            "/api/v1/warnings", params={"limit": 2, "cursor": cursor}, headers=officer.headers
        )
        body = answer.json()
        seen += [item["id"] for item in body["items"]]
        cursor = body["next_cursor"]
        if not cursor:
            break
    assert seen == made[::-1]


async def test_who_lives_with_the_case_is_warned_without_a_place(station: Station) -> None:
    officer, housemate = await station.make_officer(), await station.make_resident()
    case = await station.make_traced(officer=officer.id)
    async with station.owner.begin() as connection:
        await add_contact(connection, case, housemate.id, minutes=())
    made = await station.draft(officer, case.id)
    assert [(place["name"], place["household"]) for place in made["places"]] == [(None, True)]
    await station.approve(officer, made["id"], 1)
    await station.send(made["id"])
    inbox = (await station.client.get("/api/v1/me/warnings", headers=housemate.headers)).json()
    assert inbox["items"][0]["reason"] == "household"
    assert inbox["items"][0]["text"] == "Bạn sống cùng nhà với một người mắc COVID-19."
    page = await station.client.get(
        f"/me/warnings/{inbox['items'][0]['id']}", headers=housemate.headers
    )
    assert page.status_code == 200
