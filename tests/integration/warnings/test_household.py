"""Somebody without a phone is warned through whoever of the household answers for them."""

from dataclasses import dataclass, replace

import asyncpg
import pytest
from sqlalchemy import text

from lachan.identity import sealed
from lachan.identity.messages.outbox import newest
from lachan.identity.sealed import IdentityData
from lachan.kit.crypto import Keyring
from lachan.warnings import tasks
from tests.conftest import Database, Someone
from tests.integration.warnings.conftest import Station

PHONE = "+84912345678"


@dataclass(frozen=True, slots=True)
class Family:
    """Who answers (with a phone), and the member without one, who was warned."""

    keeper: Someone
    member: int
    officer: Someone
    warning: int
    message: int


async def add_member(station: Station, keeper: Someone, name: str) -> int:
    answer = await station.client.post(
        "/api/v1/me/household", json={"name": name}, headers=keeper.headers
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["person_id"])


@pytest.fixture
async def family(station: Station, keyring: Keyring) -> Family:
    officer, keeper = await station.make_officer(), await station.make_resident()
    async with station.owner.begin() as connection:
        await sealed.write(connection, keyring, keeper.id, IdentityData(phone=PHONE, name="Lan"))
        # A browser of the keeper's that is told at once.
        await connection.execute(
            text(
                "INSERT INTO push_subscription (person_id, session_hash, endpoint_index, sealed, "
                "lang, client) SELECT person_id, token_hash, 'i', 's', 'vi', 'web' FROM session "
                "WHERE person_id = :person"
            ),
            {"person": keeper.id},
        )
    member = await add_member(station, keeper, "Bé Na")
    warning = await station.warn(officer, Someone(member, ""))
    [message] = await station.inbox(keeper)
    return Family(keeper, member, officer, warning, message["id"])


async def test_the_keeper_reads_it_told_for_whom_it_is(station: Station, family: Family) -> None:
    [message] = await station.inbox(family.keeper)
    assert message["about"] == {"person_id": family.member, "name": "Bé Na"}
    assert "Bé Na đã có mặt tại Chợ Thử, Dãy hàng cá" in message["text"]
    assert "Bé Na và một người mắc COVID-19 đã ở cùng phòng" in message["text"]
    headers = family.keeper.headers
    banner = await station.client.get("/me/warnings/banner", headers=headers)
    assert "Bé Na đã có mặt" in banner.text
    listed = await station.client.get("/me/warnings", headers=headers)
    assert "Bé Na có thể đã tiếp xúc với một ca COVID-19" in listed.text
    page = await station.client.get(f"/me/warnings/{family.message}?lang=en", headers=headers)
    page = await station.client.get(page.headers.get("location", page.url), headers=headers)
    for said in ("This warning is about Bé Na", "What Bé Na should do", "Bé Na was tested"):
        assert said in page.text
    own = await station.warn(family.officer, family.keeper)
    mine = (await station.inbox(family.keeper))[0]
    assert mine["about"] is None
    assert mine["text"].startswith("You were at Chợ Thử")
    assert own != family.warning


async def test_pages_browsers_and_the_phone_of_the_keeper_are_told(
    station: Station, family: Family, keyring: Keyring
) -> None:
    async with station.owner.begin() as connection:
        topics = await connection.scalars(text("SELECT topic FROM event WHERE kind = 'warning'"))
        assert set(topics) == {f"person:{family.member}", f"person:{family.keeper.id}"}
        pushed = await connection.scalars(text("SELECT target FROM push_delivery"))
        assert list(pushed) == [f"/me/warnings/{family.message}?via=push"]
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
    await tasks.text_unopened(station.context, {})
    await tasks.text_unopened(station.context, {})
    async with station.owner.connect() as connection:
        [told] = await newest(connection, keyring)
    assert (told.phone, told.purpose) == (PHONE, "warning")
    assert "Na" not in told.body


async def test_one_text_speaks_of_the_whole_family(
    station: Station, family: Family, keyring: Keyring
) -> None:
    await station.warn(family.officer, family.keeper)
    async with station.owner.begin() as connection:
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
    await tasks.text_unopened(station.context, {})
    async with station.owner.connect() as connection:
        assert len(await newest(connection, keyring)) == 1
        untold = "SELECT count(*) FROM warning_message WHERE texted_at IS NULL"
        assert await connection.scalar(text(untold)) == 0


async def test_both_parents_are_texted_where_only_one_message_may_be(
    station: Station, family: Family, keyring: Keyring
) -> None:
    other = await station.make_resident()
    async with station.owner.begin() as connection:
        await sealed.write(connection, keyring, other.id, IdentityData(phone="+84912345679"))
        await connection.execute(
            text(
                "UPDATE person SET household_id = (SELECT household_id FROM person WHERE id = :k) "
                "WHERE id = :o"
            ),
            {"k": family.keeper.id, "o": other.id},
        )
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
    section = station.context.settings.warnings.model_copy(update={"texts_per_hour": 1})
    settings = station.context.settings.model_copy(update={"warnings": section})
    for _ in range(2):
        await tasks.text_unopened(replace(station.context, settings=settings), {})
    async with station.owner.connect() as connection:
        phones = sorted(one.phone for one in await newest(connection, keyring))
    assert phones == [PHONE, "+84912345679"]


async def test_seen_answers_and_disputes_of_the_keeper_count_for_the_member(
    station: Station, family: Family
) -> None:
    keeper, officer, message = family.keeper, family.officer, family.message
    assert (await station.say(keeper, message, "seen")).status_code == 204
    for answer in ("tested", "call_me", "well"):
        assert (await station.say(keeper, message, "answer", answer=answer)).status_code == 204
    wrong = await station.say(keeper, message, "dispute", text="Hôm đó cháu ở nhà với bà.")
    assert wrong.status_code == 204
    counts = (await station.state(officer, family.warning))["counts"]
    assert (counts["seen"], counts["tested"], counts["call_asked"], counts["well"]) == (1, 1, 1, 1)
    assert counts["disputed"] == 1
    path = f"/api/v1/warnings/{family.warning}/messages/{message}/answer"
    reply = {"text": "Đã sửa.", "decision": "corrected", "minutes": 20}
    done = await station.client.post(path, json=reply, headers=officer.headers)
    assert done.status_code == 204
    [told] = await station.inbox(keeper)
    assert (told["answer"], told["minutes"]) == ("Đã sửa.", 20)
    async with station.owner.connect() as connection:
        subjects = await connection.scalars(
            text("SELECT subject_person FROM audit_entry WHERE action = 'warning.disputed'")
        )
        assert list(subjects) == [family.member]
        topics = await connection.scalars(
            text("SELECT topic FROM event WHERE kind = 'warning_answered'")
        )
        assert f"person:{keeper.id}" in set(topics)
    # A call was asked for: the number that rings is that of whoever answers.
    calls = await station.client.get(
        f"/api/v1/warnings/{family.warning}/calls", headers=officer.headers
    )
    contact = f"/api/v1/contacts/{calls.json()['items'][0]['contact_id']}/identity"
    opened = await station.client.post(
        contact, json={"reason": "Gọi lại theo yêu cầu"}, headers=officer.headers
    )
    assert opened.json()["name"] == "Bé Na"
    assert opened.json()["kept_by"] == [{"name": "Lan", "phone": PHONE}]
    mine = await station.client.get("/api/v1/me/openings", headers=keeper.headers)
    assert [one["reason"] for one in mine.json()["openings"]] == ["Gọi lại theo yêu cầu"]


async def test_strangers_other_households_and_grown_members_do_not_see_it(
    station: Station, family: Family, database: Database
) -> None:
    async with station.owner.connect() as connection:
        household = await connection.scalar(
            text("SELECT household_id FROM person WHERE id = :person"),
            {"person": family.keeper.id},
        )
    spouse = await station.make_resident(household=household)
    stranger, neighbour = await station.residents(2)
    await add_member(station, neighbour, "Bé Nu")
    grown = await station.warn(family.officer, spouse)
    seen = {
        family.keeper: [family.warning],
        spouse: [family.warning, grown],
        stranger: [],
        neighbour: [],
    }
    raw = await asyncpg.connect(database.dsn("app"))
    try:
        for who, warnings in seen.items():
            async with raw.transaction():
                await raw.execute("SELECT set_config('lachan.session', $1, true)", who.token)
                rows = await raw.fetch("SELECT warning_id FROM warning_message ORDER BY id")
                assert [row["warning_id"] for row in rows] == warnings
                changed = await raw.execute("UPDATE warning_message SET well_at = now()")
                assert changed == f"UPDATE {len(warnings)}"
                # Nobody but a tracer of the member learns who answers for it.
                kept = await raw.fetch("SELECT * FROM lachan_kept_by($1)", family.member)
                assert kept == []
    finally:
        await raw.close()
    for verb in ("seen", "dispute"):
        for who in (stranger, neighbour):
            answer = await station.say(who, family.message, verb, text="x")
            assert answer.status_code == 404
    page = await station.client.get(f"/me/warnings/{family.message}", headers=stranger.headers)
    assert page.status_code == 404


async def test_a_member_who_left_the_household_stops_being_visible(
    station: Station, family: Family
) -> None:
    removed = await station.client.delete(
        f"/api/v1/me/household/{family.member}", headers=family.keeper.headers
    )
    assert removed.status_code == 204
    assert await station.inbox(family.keeper) == []
    me = await station.client.get("/api/v1/me", headers=family.keeper.headers)
    assert me.json()["household"] == []
    assert (await station.say(family.keeper, family.message, "seen")).status_code == 404
    again = await station.client.delete(
        f"/api/v1/me/household/{family.member}", headers=family.keeper.headers
    )
    assert again.status_code == 404
    async with station.owner.begin() as connection:
        await connection.execute(text("DELETE FROM event"))
        await connection.execute(
            text("UPDATE warning_message SET sent_at = now() - interval '20 minutes'")
        )
    await tasks.text_unopened(station.context, {})
    withdrawn = await station.client.post(
        f"/api/v1/warnings/{family.warning}/withdraw",
        json={"reason": "nhầm"},
        headers=family.officer.headers,
    )
    assert withdrawn.status_code == 200
    await tasks.tell_withdrawn(station.context, {"warning": family.warning})
    async with station.owner.connect() as connection:
        topics = await connection.scalars(text("SELECT topic FROM event WHERE topic ~ '^person'"))
        assert list(topics) == [f"person:{family.member}"]
        assert await connection.scalar(text("SELECT count(*) FROM text_message")) == 0
