"""A place's day: numbers that name nobody, a close to be taken back, hours that end visits."""

from datetime import datetime, timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.clock import local_day, now
from lachan.visits.attendance import tasks
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.days import ZONE
from tests.integration.places.conftest import Register, Visit


async def numbers(client: httpx.AsyncClient, who: Someone, place: int) -> dict[str, object]:
    answer = await client.get(f"/api/v1/me/places/{place}/attendance", headers=who.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_no_number_under_five_is_shown_nor_follows_from_others(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register, visit: Visit
) -> None:
    boss, stranger = [await make_resident(area=AREA) for _ in range(2)]
    made = await register(boss, rooms=[{"name": "A"}])
    place, room = made["id"], made["rooms"][0]["id"]
    day = local_day(now(), ZONE) - timedelta(days=2)
    morning = datetime.combine(day, datetime.min.time(), tzinfo=ZONE) + timedelta(hours=8)
    await visit(place, range(100, 112), at=morning, hours=0.5)
    # The same people go on to a room: they arrived once.
    await visit(place, range(100, 112), at=morning + timedelta(minutes=30), hours=0.5, room_id=room)
    await visit(place, range(200, 203), at=morning + timedelta(hours=2))
    found = await numbers(client, boss, place)
    days = {entry["day"]: entry["people"] for entry in found["days"]}  # type: ignore[attr-defined]
    assert days[day.isoformat()] == 12, "three more would be told by the difference"
    await visit(place, range(300, 304), at=morning + timedelta(hours=4))
    found = await numbers(client, boss, place)
    days = {entry["day"]: entry["people"] for entry in found["days"]}  # type: ignore[attr-defined]
    assert days[day.isoformat()] == 19, "seven in two hours tell of neither"
    assert found["inside"] is None
    assert (
        await client.get(f"/api/v1/me/places/{place}/attendance", headers=stranger.headers)
    ).status_code == 404

    for body, status in (
        ({"day": day.isoformat(), "hour": 8, "counted": 16}, 204),
        ({"day": day.isoformat(), "hour": 24, "counted": 16}, 422),
        ({"day": (day - timedelta(days=30)).isoformat(), "counted": 16}, 422),
        ({"day": day.isoformat(), "counted": -1}, 422),
    ):
        answer = await client.post(
            f"/api/v1/me/places/{place}/door-counts", json=body, headers=boss.headers
        )
        assert answer.status_code == status, body
    assert (await numbers(client, boss, place))["share_scanned"] == 0.75
    page = await client.get(f"/place/{place}/numbers", headers=boss.headers)
    assert "75 %" in page.text
    assert "&lt;5" in page.text


async def test_one_press_checks_everybody_out_and_can_be_taken_back(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    register: Register,
    visit: Visit,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    boss = await make_resident(area=AREA)
    place = (await register(boss))["id"]
    other = (await register(boss, "Kho Hàng Xa"))["id"]
    await visit(place, range(100, 310))
    await visit(other, range(400, 410))
    assert (await numbers(client, boss, place))["inside"] == 210

    pressed = await client.post(f"/api/v1/me/places/{place}/day-closes", headers=boss.headers)
    assert pressed.status_code == 202
    close = pressed.json()["id"]
    again = await client.post(f"/api/v1/me/places/{place}/day-closes", headers=boss.headers)
    assert again.json()["id"] == close, "pressed twice is pressed once"
    await tasks.close_day(job_context, {"close": close})
    assert (await numbers(client, boss, place))["inside"] is None
    assert (await numbers(client, boss, other))["inside"] == 10
    async with owner.connect() as connection:
        ended = await connection.scalar(
            text(
                "SELECT count(*) FROM visit v JOIN last_visit w ON w.visit_id = v.id "
                "AND w.ends_at = v.ends_at AND w.end_source = v.end_source "
                "WHERE v.end_source = 'day_closed' AND v.place_id = :p"
            ),
            {"p": place},
        )
        noted = await connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE action = 'place.day_closed'")
        )
    assert (ended, noted) == (210, 1)

    # One has gone on elsewhere meanwhile: taking the close back does not call them back.
    await visit(other, [100], at=now())
    undo = f"/api/v1/me/places/{place}/day-closes/{close}"
    stranger = await make_resident()
    assert (await client.delete(undo, headers=stranger.headers)).status_code == 404
    assert (await client.delete(undo, headers=boss.headers)).status_code == 202
    await tasks.close_day(job_context, {"close": close})
    assert (await numbers(client, boss, place))["inside"] == 209
    assert (await client.delete(undo, headers=boss.headers)).status_code == 409

    closed = (
        await client.post(f"/api/v1/me/places/{place}/day-closes", headers=boss.headers)
    ).json()["id"]
    await tasks.close_day(job_context, {"close": closed})
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE day_close SET closed_at = closed_at - interval '11 minutes'")
        )
    late = await client.delete(
        f"/api/v1/me/places/{place}/day-closes/{closed}", headers=boss.headers
    )
    assert (late.status_code, late.json()["code"]) == (409, "too-late-to-undo")


async def test_a_visit_ends_at_closing_time(
    client: httpx.AsyncClient, make_resident: MakeResident, register: Register
) -> None:
    boss, guest = [await make_resident(area=AREA) for _ in range(2)]
    made = await register(boss, usual_stay_minutes=1440)
    closing = now().astimezone(ZONE) + timedelta(hours=2)
    times = {}
    for day in range(7):
        times |= {f"opens-{day}": "00:00", f"closes-{day}": closing.strftime("%H:%M")}
    # Open now whatever the hour: from midnight to two hours from now, past midnight too.
    if closing.date() != now().astimezone(ZONE).date():
        times |= {f"opens-{day}": "12:00" for day in range(7)}
    saved = await client.post(
        f"/place/{made['id']}/hours", data={"proof": "off", **times}, headers=boss.headers
    )
    assert saved.status_code == 303
    scanned = await client.post(
        "/api/v1/visits",
        json={"scan_id": "0192f0c1-2a3b-7c4d-8e5f-0123456789ab", "code": made["code"]},
        headers=guest.headers,
    )
    ends = datetime.fromisoformat(scanned.json()["visit"]["ends_at"]).astimezone(ZONE)
    assert ends == closing.replace(second=0, microsecond=0)


async def test_the_share_that_scans_reaches_the_desk(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    register: Register,
    visit: Visit,
    job_context: JobContext,
) -> None:
    from lachan.reports.tasks import count_days

    boss = await make_resident(area=AREA)
    place = (await register(boss))["id"]
    await visit(place, range(100, 130), at=now() - timedelta(minutes=1))
    today = local_day(now() - timedelta(minutes=1), ZONE)
    await client.post(
        f"/api/v1/me/places/{place}/door-counts",
        json={"day": today.isoformat(), "counted": 40},
        headers=boss.headers,
    )
    await count_days(job_context, {})
    await count_days(job_context, {})  # counted anew, not added up
    officer = await make_officer("reporter", "VN.01")
    found = (await client.get("/api/v1/quality", headers=officer.headers)).json()
    part = next(one for one in found["parts"] if one["area"] == AREA)
    assert (part["registered"], part["share"]) == (1, 0.75)
    assert part["active"] == round(1 / 14, 1)
    table = await client.get("/desk/quality/export.csv", headers=officer.headers)
    assert "Phường Ba Đình" in table.text
    far = await make_officer("reporter", "VN.79")
    assert (
        await client.get("/api/v1/quality", params={"area": AREA}, headers=far.headers)
    ).status_code == 404
    above = await client.get("/api/v1/quality", params={"area": "VN"}, headers=far.headers)
    assert [one["area"] for one in above.json()["parts"]] == ["VN.79"]
