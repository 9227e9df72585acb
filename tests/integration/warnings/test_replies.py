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
from tests.conftest import Someone
from tests.integration.warnings.conftest import Station, add_contact


async def inbox(client: httpx.AsyncClient, who: Someone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        await client.get("/api/v1/me/warnings", headers=who.headers)
    ).json()["items"]
    return items


async def test_each_gets_the_class_of_the_rule_unless_the_officer_changes_it(
    station: Station,
) -> None:
    officer = await station.make_officer()
    near, short, home = await station.residents(3)
    case = await station.make_traced(short.id, officer=officer.id)
    async with station.owner.begin() as connection:
        await add_contact(connection, case, near.id, minutes=(90,))
        await add_contact(connection, case, home.id, minutes=())
    made = await station.draft(officer, case.id)
    assert {share["kind"]: share["recipients"] for share in made["kinds"]} == {
        "test": 1,
        "watch": 1,
        "stay_home": 1,
    }
    [test] = [share for share in made["kinds"] if share["kind"] == "test"]
    assert "Đi xét nghiệm" in test["samples"]["vi"]
    assert "Get tested" in test["samples"]["en"]
    path = f"/api/v1/warnings/{made['id']}/kinds"
    unknown = await station.client.post(
        path, json={"kinds": {"watch": "panic"}}, headers=officer.headers
    )
    assert unknown.status_code == 422
    changed = await station.client.post(
        path, json={"kinds": {"watch": "call_me"}}, headers=officer.headers
    )
    assert {share["kind"] for share in changed.json()["kinds"]} == {"test", "call_me", "stay_home"}
    page = await station.client.get(f"/desk/warnings/{made['id']}", headers=officer.headers)
    assert page.text.count('<select class="input" id="kind_') == 3
    assert (await station.approve(officer, made["id"], 3)).status_code == 200
    late = await station.client.post(path, json={"kinds": {}}, headers=officer.headers)
    assert (late.status_code, late.json()["code"]) == (409, "warning-not-draft")
    await station.send(made["id"])
    for who, kind in ((near, "test"), (short, "call_me"), (home, "stay_home")):
        [message] = await station.inbox(who)
        assert message["kind"] == kind
        assert message["rule_version"] == "2026.1/2026.1"
        assert message["advice_version"] == "2026.2"


async def test_people_answer_and_the_tracer_sees_and_calls(station: Station) -> None:
    officer, elsewhere = await station.make_officer(), await station.make_officer("tracer", "VN.79")
    someone, other, stranger = await station.residents(3)
    warning = await station.warn(officer, someone, other)
    [message] = await station.inbox(someone)
    for who, status in ((stranger, 404), (other, 404), (officer, 403)):
        assert (
            await station.say(who, message["id"], "answer", answer="well")
        ).status_code == status
    assert (await station.say(someone, message["id"], "answer", answer="panic")).status_code == 422
    for answer in ("tested", "call_me"):
        assert (
            await station.say(someone, message["id"], "answer", answer=answer)
        ).status_code == 204
    # The other one came by a push, and answers on the page.
    [others] = await station.inbox(other)
    page = await station.client.get(f"/me/warnings/{others['id']}?via=push", headers=other.headers)
    assert "Hãy gọi cho tôi" in page.text
    posted = await station.client.post(
        f"/me/warnings/{others['id']}/answer", data={"answer": "well"}, headers=other.headers
    )
    assert posted.status_code == 303
    state = await station.state(officer, warning)
    counts = state["counts"]
    assert (counts["seen"], counts["tested"], counts["call_asked"], counts["well"]) == (2, 1, 1, 1)
    [watch] = state["counts_by_kind"]
    assert (watch["kind"], watch["replied"]) == ("watch", 2)
    async with station.owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT person_id, seen_via, replied_via FROM warning_message")
        )
        assert {row.person_id: (row.seen_via, row.replied_via) for row in rows} == {
            someone.id: ("app", "app"),
            other.id: ("push", "page"),
        }
    calls = f"/api/v1/warnings/{warning}/calls"
    assert (await station.client.get(calls, headers=elsewhere.headers)).status_code == 404
    [call] = (await station.client.get(calls, headers=officer.headers)).json()["items"]
    assert call["message_id"] == message["id"]
    assert call["contact_id"]
    shown = await station.client.get(f"/desk/warnings/{warning}", headers=officer.headers)
    assert f'href="/desk/contacts/{call["contact_id"]}"' in shown.text
    done = f"/api/v1/warnings/{warning}/messages/{message['id']}/called"
    assert (await station.client.post(done, headers=elsewhere.headers)).status_code == 404
    assert (await station.client.post(done, headers=officer.headers)).status_code == 204
    assert (await station.client.post(done, headers=officer.headers)).status_code == 404
    [told] = await station.inbox(someone)
    assert told["called_at"]


async def test_a_dispute_is_decided_keep_correct_or_withdraw(station: Station) -> None:
    officer = await station.make_officer()
    people = await station.residents(3)
    case = await station.make_traced(*[one.id for one in people], officer=officer.id)
    warning = await station.approved(officer, case.id, 3)
    await station.send(warning)
    decided: list[dict[str, object]] = [
        {"decision": "kept", "text": "Camera cho thấy bạn có ở đó."},
        {"decision": "corrected", "minutes": 20, "text": "Đã sửa."},
        {"decision": "withdrawn", "text": "=1+1 <b>Xin lỗi</b> {$x}"},
    ]
    for person, body in zip(people, decided, strict=True):
        [message] = await station.inbox(person)
        sent = await station.client.post(
            f"/api/v1/me/warnings/{message['id']}/dispute",
            json={"text": "=cmd|' /C calc'!A0 <script>alert(1)</script>"},
            headers=person.headers,
        )
        assert sent.status_code == 204
        path = f"/api/v1/warnings/{warning}/messages/{message['id']}/answer"
        half = await station.client.post(
            path, json={"decision": "corrected", "text": "x"}, headers=officer.headers
        )
        assert half.status_code == 422
        assert (
            await station.client.post(path, json=body, headers=officer.headers)
        ).status_code == 204
        again = await station.client.post(path, json=body, headers=officer.headers)
        assert (again.status_code, again.json()["code"]) == (409, "warning-nothing-to-answer")
    kept, corrected, gone = [(await station.inbox(person))[0] for person in people]
    assert (kept["decision"], kept["withdrawn_at"]) == ("kept", None)
    assert (corrected["minutes"], corrected["withdrawn_at"]) == (20, None)
    assert "20 phút" in corrected["text"]
    assert gone["withdrawn_reason"] == "=1+1 <b>Xin lỗi</b> {$x}"
    page = await station.client.get(f"/me/warnings/{gone['id']}", headers=people[2].headers)
    assert "&lt;b&gt;Xin lỗi" in page.text
    desk = await station.client.get(f"/desk/warnings/{warning}", headers=officer.headers)
    assert "<script>alert" not in desk.text
    answered = await station.say(people[2], gone["id"], "answer", answer="well")
    assert (answered.status_code, answered.json()["code"]) == (409, "warning-withdrawn")
    # Whoever it was withdrawn for is not told again of the same case.
    none = await station.client.post(
        "/api/v1/warnings", json={"case_id": case.id}, headers=officer.headers
    )
    assert none.json()["code"] == "warning-no-recipients"


async def test_who_does_not_open_it_gets_a_text_up_to_the_cap(
    station: Station, keyring: Keyring
) -> None:
    officer = await station.make_officer()
    people = await station.residents(5)
    async with station.owner.begin() as connection:
        for number, person in enumerate(people[:4]):
            await sealed.write(
                connection, keyring, person.id, IdentityData(phone=f"+8491000000{number}")
            )
    warning = await station.warn(officer, *people)
    await tasks.text_unopened(station.context, {})
    assert await newest_texts(station.owner, keyring) == [], "not before the time is over"
    [opened] = await station.inbox(people[0])
    await station.client.post(f"/api/v1/me/warnings/{opened['id']}/seen", headers=people[0].headers)
    async with station.owner.begin() as connection:
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
        await connection.execute(
            text("UPDATE warning_message SET pushed_at = now() WHERE person_id = :person"),
            {"person": people[1].id},
        )
    capped = JobContext(
        station.context.engine, keyring, Settings(warnings=Warnings(texts_per_hour=1))
    )
    for _ in range(3):
        await tasks.text_unopened(capped, {})
    assert len(await newest_texts(station.owner, keyring)) == 1
    await tasks.text_unopened(station.context, {})
    await tasks.text_unopened(station.context, {})
    sent = await newest_texts(station.owner, keyring)
    assert {phone for phone, _ in sent} == {"+84910000002", "+84910000003"}
    for _, body in sent:
        assert "/me/warnings?via=sms" in body
        assert "Chợ" not in body
        assert "COVID" not in body
    state = await station.state(officer, warning)
    assert (state["counts"]["texted"], state["counts"]["pushed"]) == (2, 1)


async def newest_texts(owner: AsyncEngine, keyring: Keyring) -> list[tuple[str, str]]:
    async with owner.connect() as connection:
        return [(one.phone, one.body) for one in await newest(connection, keyring)]
