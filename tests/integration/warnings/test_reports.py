"""A place reports somebody of its staff: an officer checks, and its visitors are warned."""

import httpx
import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import local_day
from lachan.kit.crypto import Keyring
from lachan.kit.ids import uuid7
from lachan.settings import Settings
from tests.conftest import AREA, MakeOfficer, Someone
from tests.integration.tracing.conftest import moment, write_visit
from tests.integration.warnings.conftest import Station

NINE = 9 * 60


async def report(
    owner: AsyncEngine, keyring: Keyring, *, rooms: bool = False
) -> tuple[str, int, list[int]]:
    """A report of a place with two rooms, nine to noon; of the first room when `rooms`."""
    identity = uuid7()
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES ('Quán =Thử', 'restaurant', :area) "
                "RETURNING id"
            ),
            {"area": AREA},
        )
        made = [
            await connection.scalar(
                text("INSERT INTO room (place_id, name) VALUES (:place, :name) RETURNING id"),
                {"place": place, "name": name},
            )
            for name in ("Tầng 1", "Tầng 2")
        ]
        sealed = keyring.seal(
            orjson.dumps({"contact": "0912 345 678", "note": "<script>x</script>"}),
            about=f"place_report:{identity}",
        )
        await connection.execute(
            text(
                "INSERT INTO place_report (id, place_id, area, room_ids, on_duty_from, on_duty_to, "
                "tested_on, sealed) VALUES (:id, :place, :area, :rooms, :begun, :ended, :day, "
                ":sealed)"
            ),
            {
                "id": identity,
                "place": place,
                "area": AREA,
                "rooms": made[:1] if rooms else [],
                "begun": moment(NINE),
                "ended": moment(NINE + 180),
                "day": local_day(moment(NINE), Settings().zone),
                "sealed": sealed,
            },
        )
    return str(identity), int(place or 0), [int(room or 0) for room in made]


async def decide(
    client: httpx.AsyncClient, officer: Someone, identity: str, act: str, reason: str = ""
) -> httpx.Response:
    return await client.post(
        f"/desk/place-reports/{identity}/decide",
        data={"act": act, "reason": reason},
        headers=officer.headers,
    )


@pytest.mark.parametrize(("rooms", "expected"), [(False, 3), (True, 2)])
async def test_those_who_were_there_long_enough_are_warned_and_nobody_else(
    station: Station, keyring: Keyring, rooms: bool, expected: int
) -> None:
    officer, elsewhere = await station.make_officer(), await station.make_officer("tracer", "VN.79")
    first, second, both, short, before = await station.residents(5)
    identity, place, made = await report(station.owner, keyring, rooms=rooms)
    async with station.owner.begin() as connection:
        for who, room, start, end in (
            (first, made[0], NINE, NINE + 60),
            (second, made[1], NINE, NINE + 60),
            (both, None, NINE + 170, NINE + 240),
            (both, None, NINE + 60, NINE + 70),
            (short, made[0], NINE, NINE + 10),
            (before, made[0], NINE - 120, NINE),
        ):
            await write_visit(connection, who.id, place, room, moment(start), moment(end))
    body = {"place_report_id": identity, "disease": "covid-19"}
    early = await station.client.post("/api/v1/warnings", json=body, headers=officer.headers)
    assert (early.status_code, early.json()["code"]) == (409, "place-report-not-accepted")
    for who in (elsewhere, first):
        assert (await decide(station.client, who, identity, "accept")).status_code in {403, 404}
    listed = await station.client.get("/desk/warnings", headers=officer.headers)
    assert "đang chờ kiểm tra" in listed.text
    shown = await station.client.get(f"/desk/place-reports/{identity}", headers=officer.headers)
    assert "0912 345 678" in shown.text
    assert "<script>x" not in shown.text
    refused = await decide(station.client, officer, identity, "refuse")
    assert refused.status_code == 422, "a refusal says why"
    assert (await decide(station.client, officer, identity, "accept")).status_code == 303
    assert (await decide(station.client, officer, identity, "accept")).status_code == 409
    foreign = await station.client.post("/api/v1/warnings", json=body, headers=elsewhere.headers)
    assert foreign.status_code == 404
    preview = await station.client.get(
        f"/desk/warnings/new?report={identity}", headers=officer.headers
    )
    assert preview.status_code == 200
    assert "Quán =Thử" in preview.text
    drafted = await station.client.post("/api/v1/warnings", json=body, headers=officer.headers)
    assert drafted.status_code == 201, drafted.text
    draft = drafted.json()
    assert (draft["recipients"], draft["case_id"]) == (expected, None)
    assert (await station.approve(elsewhere, draft["id"], expected)).status_code == 404
    assert (await station.approve(officer, draft["id"], expected)).status_code == 200
    await station.send(draft["id"])
    told = {}
    for who in (first, second, both, short, before):
        items = await station.inbox(who)
        told[who.id] = [(item["minutes"], item["reason"]) for item in items]
    assert told[short.id] == told[before.id] == []
    assert told[first.id] == [(60, "same_room" if rooms else "same_place")]
    assert told[second.id] == ([] if rooms else [(60, "same_place")])
    assert told[both.id] == [(10, "same_place")]
    for path in (f"/desk/warnings/{draft['id']}", "/desk/place-reports", "/desk/warnings",
                 f"/desk/place-reports/{identity}"):  # fmt: skip
        assert (await station.client.get(path, headers=officer.headers)).status_code == 200, path
    again = await station.client.post("/api/v1/warnings", json=body, headers=officer.headers)
    assert again.json()["code"] == "warning-no-recipients"


async def test_a_case_is_opened_from_the_report(
    client: httpx.AsyncClient, owner: AsyncEngine, keyring: Keyring, make_officer: MakeOfficer
) -> None:
    officer = await make_officer()
    identity, _, _ = await report(owner, keyring)
    path = f"/desk/place-reports/{identity}/case"
    form = {"phone": "0912345678", "disease": "covid-19"}
    early = await client.post(path, data=form, headers=officer.headers)
    assert early.status_code == 409
    await decide(client, officer, identity, "accept")
    wrong = await client.post(path, data={**form, "phone": "abc"}, headers=officer.headers)
    assert wrong.status_code == 422
    opened = await client.post(path, data=form, headers=officer.headers)
    assert opened.status_code == 303, opened.text
    case = await client.get(opened.headers["location"], headers=officer.headers)
    assert case.status_code == 200
    shown = await client.get(f"/desk/place-reports/{identity}", headers=officer.headers)
    assert opened.headers["location"] in shown.text
    async with owner.connect() as connection:
        actions = set(
            await connection.scalars(
                text("SELECT action FROM audit_entry WHERE object = :object"),
                {"object": f"place_report:{identity}"},
            )
        )
    assert actions == {
        "place_report.read",
        "place_report.accepted",
        "place_report.case_opened",
    }
