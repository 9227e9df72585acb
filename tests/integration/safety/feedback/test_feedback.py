"""Told, answered, reopened, decided; what a place then looks like."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import now
from lachan.safety.feedback.tasks import forget, overdue
from tests.conftest import AREA, OTHER_AREA, MakeOfficer, MakeResident, Someone
from tests.integration.safety.conftest import Facility
from tests.integration.safety.feedback.conftest import SAID, Rows, Tell

ANSWER = "Đã đặt lại bình nước sát khuẩn, bảo vệ kiểm tra mỗi giờ."


async def colour_of(client: httpx.AsyncClient, school: Facility) -> str:
    answer = await client.get(f"/api/v1/places/{school.id}/safety")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["colour"])


async def visit(owner: AsyncEngine, school: Facility, who: Someone, days: int) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO visit (id, day, person_id, place_id, started_at, ends_at, end_source,"
                " source, client, offline) VALUES (gen_random_uuid(), :day, :person, :place, :at,"
                " :ends, 'expected', 'app', 'web', false)"
            ),
            {
                "day": (now() - timedelta(days=days)).date(),
                "person": who.id,
                "place": school.id,
                "at": now() - timedelta(days=days),
                "ends": now() - timedelta(days=days, hours=-1),
            },
        )


async def test_the_whole_story(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_officer: MakeOfficer,
) -> None:
    told = (await tell(school, item="6")).json()
    assert told["follow_url"].endswith(f"/map/told/{told['handle']}")
    follow = f"/api/v1/feedback/{told['handle']}"
    assert (await client.get(follow)).json()["state"] == "open"

    place = f"/api/v1/places/{school.id}/feedback"
    listed = (await client.get(place, headers=school.owner.headers)).json()["reports"]
    assert [(one["item"], one["body"], one["state"]) for one in listed] == [("6", SAID, "open")]
    answered = await client.post(
        f"{place}/{listed[0]['id']}/answer", json={"answer": ANSWER}, headers=school.owner.headers
    )
    assert answered.status_code == 204, answered.text
    seen = (await client.get(follow)).json()
    assert (seen["state"], seen["answer"], seen["may_reopen"]) == ("answered", ANSWER, True)

    again = await client.post(f"{follow}/reopen", json={"why": "Chiều nay vẫn chưa có."})
    assert again.json()["state"] == "reopened"
    assert (await client.post(f"{follow}/reopen", json={"why": "Vẫn thế."})).status_code == 409

    inspector = await make_officer("safety_inspector", "VN.79")
    queue = await client.get("/api/v1/safety/feedback?which=reopened", headers=inspector.headers)
    (report,) = queue.json()["reports"]
    assert report["reopened_because"] == "Chiều nay vẫn chưa có."
    decide = f"/api/v1/safety/feedback/{report['id']}/decision"
    for decision, status in (("closed", 409), ("confirmed", 204), ("closed", 204)):
        said = {"decision": decision, "remark": "Đã xem tại chỗ."}
        done = await client.post(decide, json=said, headers=inspector.headers)
        assert done.status_code == status, decision
    seen = (await client.get(follow)).json()
    assert (seen["state"], seen["remark"]) == ("closed", "Đã xem tại chỗ.")
    (row,) = await rows()
    assert row["decided_by"] == inspector.id


async def test_what_stands_behind_a_report_gives_it_weight(
    owner: AsyncEngine,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_resident: MakeResident,
) -> None:
    by_phone, was_here, long_ago = [await make_resident() for _ in range(3)]
    await visit(owner, school, was_here, days=3)
    await visit(owner, school, long_ago, days=15)
    for who in (None, by_phone, was_here, long_ago):
        assert (await tell(school, who)).status_code == 201
    assert [(one["proof"], one["weight"]) for one in await rows()] == [
        ("none", 1),
        ("phone", 2),
        ("visit", 3),
        ("phone", 2),
    ]


async def test_two_people_confirmed_turn_a_place_and_closing_gives_it_back(
    client: httpx.AsyncClient,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_officer: MakeOfficer,
    make_resident: MakeResident,
) -> None:
    commit = await client.post(
        f"/api/v1/places/{school.id}/checks", json=school.check(), headers=school.owner.headers
    )
    assert commit.status_code == 201, commit.text
    first, second = await make_resident(), await make_resident()
    for who in (first, first, second):
        await tell(school, who)
    inspector = await make_officer("safety_inspector", "VN.79")
    ids = [one["id"] for one in await rows()]

    async def decide(report: int, decision: str) -> str:
        done = await client.post(
            f"/api/v1/safety/feedback/{report}/decision",
            json={"decision": decision, "remark": "Đã xem."},
            headers=inspector.headers,
        )
        assert done.status_code == 204, done.text
        return await colour_of(client, school)

    # The same person twice is one voice.
    assert [await decide(one, "confirmed") for one in ids] == ["green", "green", "yellow"]
    seen = (await client.get(f"/api/v1/places/{school.id}/safety")).json()
    assert seen["reasons"][0]["code"] == "feedback-confirmed"
    # What is left when the second one's is closed is one voice again.
    assert [await decide(one, "closed") for one in reversed(ids)] == ["green", "green", "green"]


async def test_two_unknown_people_are_not_enough(
    client: httpx.AsyncClient, tell: Tell, rows: Rows, school: Facility, make_officer: MakeOfficer
) -> None:
    inspector = await make_officer("safety_inspector", "VN.79")
    for number in range(3):
        await tell(school, body=f"{SAID} Lần {number}.")
    for one in await rows():
        await client.post(
            f"/api/v1/safety/feedback/{one['id']}/decision",
            json={"decision": "confirmed"},
            headers=inspector.headers,
        )
    assert {one["state"] for one in await rows()} == {"confirmed"}
    assert await colour_of(client, school) == "grey"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("", "body"),
        ("bẩn", "body"),
        ("x" * 1001, "body"),
        ("Xem ở https://ban-do-gia.example/ nhé mọi người", "body"),
        ("Chi tiết tại www . trang-gia-mao nhé", "body"),
        ("Vào hang-gia.com để xem ảnh", "body"),
        ("Không có nước\u202e sát khuẩn ở cổng", "body"),
    ],
)
async def test_what_a_report_may_not_say(
    tell: Tell, rows: Rows, school: Facility, body: str, field: str
) -> None:
    refused = await tell(school, body=body)
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == [field]
    assert await rows() == []


async def test_an_item_and_a_place_have_to_be_there(
    client: httpx.AsyncClient, owner: AsyncEngine, tell: Tell, school: Facility
) -> None:
    assert list((await tell(school, item="99")).json()["fields"]) == ["item"]
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET state = 'closed'"))
    assert (await tell(school)).json()["code"] == "feedback-not-taken"
    gone = await client.post("/api/v1/places/999999/feedback", json={"body": SAID})
    assert gone.json()["code"] == "feedback-not-taken"


async def test_what_is_overdue_is_told_once_and_reporters_are_forgotten(
    owner: AsyncEngine,
    tell: Tell,
    rows: Rows,
    school: Facility,
    make_resident: MakeResident,
    job_context: JobContext,
) -> None:
    await tell(school, await make_resident())

    async def events() -> int:
        async with owner.connect() as connection:
            return int(
                await connection.scalar(
                    text("SELECT count(*) FROM event WHERE kind = 'safety_overdue'")
                )
                or 0
            )

    await overdue(job_context, {})
    assert await events() == 0
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE feedback SET due_at = now() - interval '1 minute'"))
    for _ in range(2):
        await overdue(job_context, {})
    assert await events() == 1
    assert (await rows())[0]["overdue_at"] is not None

    await forget(job_context, {})
    assert (await rows())[0]["person_id"] is not None
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE feedback SET state = 'closed', decided_at = now() - interval '31 days'")
        )
    await forget(job_context, {})
    (row,) = await rows()
    assert (row["person_id"], row["source_hash"]) == (None, None)


async def test_a_dismissal_says_why(
    client: httpx.AsyncClient, tell: Tell, rows: Rows, school: Facility, make_officer: MakeOfficer
) -> None:
    await tell(school)
    inspector = await make_officer("safety_inspector", OTHER_AREA)
    (row,) = await rows()
    path = f"/api/v1/safety/feedback/{row['id']}/decision"
    silent = await client.post(path, json={"decision": "dismissed"}, headers=inspector.headers)
    assert list(silent.json()["fields"]) == ["remark"]
    outside = await make_officer("safety_inspector", AREA)
    for who in (outside, await make_officer("tracer", "VN.79")):
        said = {"decision": "dismissed", "remark": "Đã xem, không đúng."}
        refused = await client.post(path, json=said, headers=who.headers)
        assert refused.status_code in (403, 404)
    assert (await rows())[0]["state"] == "open"
