"""Classes of messages, what people answer, and what officers make of what they dispute."""

from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import sealed
from lachan.identity.messages.outbox import newest
from lachan.identity.sealed import IdentityData
from lachan.jobs.queue import JobContext
from lachan.kit.crypto import Keyring
from lachan.settings import Settings, Warnings
from lachan.warnings import tasks
from tests.conftest import MakeOfficer, MakeResident, Someone
from tests.integration.warnings.conftest import MakeTraced, add_contact
from tests.integration.warnings.test_officers import approve, draft


async def inbox(client: httpx.AsyncClient, who: Someone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        await client.get("/api/v1/me/warnings", headers=who.headers)
    ).json()["items"]
    return items


async def reply(
    client: httpx.AsyncClient, who: Someone, message: int, answer: str
) -> httpx.Response:
    return await client.post(
        f"/api/v1/me/warnings/{message}/answer", json={"answer": answer}, headers=who.headers
    )


async def test_each_gets_the_class_of_the_rule_unless_the_officer_changes_it(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    officer = await make_officer()
    near, short, home = [await make_resident() for _ in range(3)]
    case = await make_traced(short.id, officer=officer.id)
    async with owner.begin() as connection:
        await add_contact(connection, case, near.id, minutes=(90,))
        await add_contact(connection, case, home.id, minutes=())
    made = await draft(client, officer, case.id)
    assert {share["kind"]: share["recipients"] for share in made["kinds"]} == {
        "test": 1,
        "watch": 1,
        "stay_home": 1,
    }
    [test] = [share for share in made["kinds"] if share["kind"] == "test"]
    assert "Đi xét nghiệm" in test["samples"]["vi"]
    assert "Get tested" in test["samples"]["en"]
    path = f"/api/v1/warnings/{made['id']}/kinds"
    unknown = await client.post(path, json={"kinds": {"watch": "panic"}}, headers=officer.headers)
    assert unknown.status_code == 422
    changed = await client.post(path, json={"kinds": {"watch": "call_me"}}, headers=officer.headers)
    assert {share["kind"] for share in changed.json()["kinds"]} == {"test", "call_me", "stay_home"}
    page = await client.get(f"/desk/warnings/{made['id']}", headers=officer.headers)
    assert page.text.count('<select class="input" id="kind_') == 3
    assert (await approve(client, officer, made["id"], 3)).status_code == 200
    late = await client.post(path, json={"kinds": {}}, headers=officer.headers)
    assert (late.status_code, late.json()["code"]) == (409, "warning-not-draft")
    await tasks.send(job_context, {"warning": made["id"]})
    for who, kind in ((near, "test"), (short, "call_me"), (home, "stay_home")):
        [message] = await inbox(client, who)
        assert message["kind"] == kind
        assert message["rule_version"] == "2026.1/2026.1"
        assert message["advice_version"] == "2026.2"


async def test_people_answer_and_the_tracer_sees_and_calls(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    officer, elsewhere = await make_officer(), await make_officer("tracer", "VN.79")
    someone, other, stranger = [await make_resident() for _ in range(3)]
    case = await make_traced(someone.id, other.id, officer=officer.id)
    made = await draft(client, officer, case.id)
    await approve(client, officer, made["id"], 2)
    await tasks.send(job_context, {"warning": made["id"]})
    [message] = await inbox(client, someone)
    for who, status in ((stranger, 404), (other, 404), (officer, 403)):
        assert (await reply(client, who, message["id"], "well")).status_code == status
    assert (await reply(client, someone, message["id"], "panic")).status_code == 422
    for answer in ("tested", "call_me"):
        assert (await reply(client, someone, message["id"], answer)).status_code == 204
    # The other one came by a push, and answers on the page.
    [others] = await inbox(client, other)
    page = await client.get(f"/me/warnings/{others['id']}?via=push", headers=other.headers)
    assert "Hãy gọi cho tôi" in page.text
    posted = await client.post(
        f"/me/warnings/{others['id']}/answer", data={"answer": "well"}, headers=other.headers
    )
    assert posted.status_code == 303
    state = (await client.get(f"/api/v1/warnings/{made['id']}", headers=officer.headers)).json()
    counts = state["counts"]
    assert (counts["seen"], counts["tested"], counts["call_asked"], counts["well"]) == (2, 1, 1, 1)
    [watch] = state["counts_by_kind"]
    assert (watch["kind"], watch["replied"]) == ("watch", 2)
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT person_id, seen_via, replied_via FROM warning_message")
        )
        assert {row.person_id: (row.seen_via, row.replied_via) for row in rows} == {
            someone.id: ("app", "app"),
            other.id: ("push", "page"),
        }
    calls = f"/api/v1/warnings/{made['id']}/calls"
    assert (await client.get(calls, headers=elsewhere.headers)).status_code == 404
    [call] = (await client.get(calls, headers=officer.headers)).json()["items"]
    assert call["message_id"] == message["id"]
    assert call["contact_id"]
    shown = await client.get(f"/desk/warnings/{made['id']}", headers=officer.headers)
    assert f'href="/desk/contacts/{call["contact_id"]}"' in shown.text
    done = f"/api/v1/warnings/{made['id']}/messages/{message['id']}/called"
    assert (await client.post(done, headers=elsewhere.headers)).status_code == 404
    assert (await client.post(done, headers=officer.headers)).status_code == 204
    assert (await client.post(done, headers=officer.headers)).status_code == 404
    [told] = await inbox(client, someone)
    assert told["called_at"]


async def test_a_dispute_is_decided_keep_correct_or_withdraw(
    client: httpx.AsyncClient,
    job_context: JobContext,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    officer = await make_officer()
    people = [await make_resident() for _ in range(3)]
    case = await make_traced(*[one.id for one in people], officer=officer.id)
    made = await draft(client, officer, case.id)
    await approve(client, officer, made["id"], 3)
    await tasks.send(job_context, {"warning": made["id"]})
    decided: list[dict[str, object]] = [
        {"decision": "kept", "text": "Camera cho thấy bạn có ở đó."},
        {"decision": "corrected", "minutes": 20, "text": "Đã sửa."},
        {"decision": "withdrawn", "text": "=1+1 <b>Xin lỗi</b> {$x}"},
    ]
    for person, body in zip(people, decided, strict=True):
        [message] = await inbox(client, person)
        sent = await client.post(
            f"/api/v1/me/warnings/{message['id']}/dispute",
            json={"text": "=cmd|' /C calc'!A0 <script>alert(1)</script>"},
            headers=person.headers,
        )
        assert sent.status_code == 204
        path = f"/api/v1/warnings/{made['id']}/messages/{message['id']}/answer"
        half = await client.post(
            path, json={"decision": "corrected", "text": "x"}, headers=officer.headers
        )
        assert half.status_code == 422
        assert (await client.post(path, json=body, headers=officer.headers)).status_code == 204
        again = await client.post(path, json=body, headers=officer.headers)
        assert (again.status_code, again.json()["code"]) == (409, "warning-nothing-to-answer")
    kept, corrected, gone = [(await inbox(client, person))[0] for person in people]
    assert (kept["decision"], kept["withdrawn_at"]) == ("kept", None)
    assert (corrected["minutes"], corrected["withdrawn_at"]) == (20, None)
    assert "20 phút" in corrected["text"]
    assert gone["withdrawn_reason"] == "=1+1 <b>Xin lỗi</b> {$x}"
    page = await client.get(f"/me/warnings/{gone['id']}", headers=people[2].headers)
    assert "&lt;b&gt;Xin lỗi" in page.text
    desk = await client.get(f"/desk/warnings/{made['id']}", headers=officer.headers)
    assert "<script>alert" not in desk.text
    answered = await reply(client, people[2], gone["id"], "well")
    assert (answered.status_code, answered.json()["code"]) == (409, "warning-withdrawn")
    # Whoever it was withdrawn for is not told again of the same case.
    none = await client.post("/api/v1/warnings", json={"case_id": case.id}, headers=officer.headers)
    assert none.json()["code"] == "warning-no-recipients"


async def test_who_does_not_open_it_gets_a_text_up_to_the_cap(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    keyring: Keyring,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    officer = await make_officer()
    people = [await make_resident() for _ in range(5)]
    async with owner.begin() as connection:
        for number, person in enumerate(people[:4]):
            await sealed.write(
                connection, keyring, person.id, IdentityData(phone=f"+8491000000{number}")
            )
    case = await make_traced(*[one.id for one in people], officer=officer.id)
    made = await draft(client, officer, case.id)
    await approve(client, officer, made["id"], 5)
    await tasks.send(job_context, {"warning": made["id"]})
    await tasks.text_unopened(job_context, {})
    assert await newest_texts(owner, keyring) == [], "not before the time is over"
    [opened] = await inbox(client, people[0])
    await client.post(f"/api/v1/me/warnings/{opened['id']}/seen", headers=people[0].headers)
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
        await connection.execute(
            text("UPDATE warning_message SET pushed_at = now() WHERE person_id = :person"),
            {"person": people[1].id},
        )
    capped = JobContext(job_context.engine, keyring, Settings(warnings=Warnings(texts_per_hour=1)))
    for _ in range(3):
        await tasks.text_unopened(capped, {})
    assert len(await newest_texts(owner, keyring)) == 1
    await tasks.text_unopened(job_context, {})
    await tasks.text_unopened(job_context, {})
    sent = await newest_texts(owner, keyring)
    assert {phone for phone, _ in sent} == {"+84910000002", "+84910000003"}
    for _, body in sent:
        assert "/me/warnings?via=sms" in body
        assert "Chợ" not in body
        assert "COVID" not in body
    state = (await client.get(f"/api/v1/warnings/{made['id']}", headers=officer.headers)).json()
    assert (state["counts"]["texted"], state["counts"]["pushed"]) == (2, 1)


async def newest_texts(owner: AsyncEngine, keyring: Keyring) -> list[tuple[str, str]]:
    async with owner.connect() as connection:
        return [(one.phone, one.body) for one in await newest(connection, keyring)]
