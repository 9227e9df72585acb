"""The facility's app without any script: joining, the day's lists, committing, the days behind."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.safety.checks.domain import due_at
from lachan.safety.checks.tasks import remind_at
from lachan.settings import Settings
from tests.conftest import AREA, OTHER_AREA, MakeResident, Someone
from tests.days import today
from tests.integration.safety.conftest import Facility, MakeFacility

HEADERS = {"sec-fetch-site": "same-origin"}


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), (30, 120, 60)).save(out, "JPEG")
    return out.getvalue()


def as_page(someone: Someone) -> dict[str, str]:
    return {**HEADERS, "cookie": f"lachan_session={someone.token}"}


def filled(place: Facility, moment: str, zero: tuple[str, ...] = (), **more: str) -> dict[str, str]:
    """What the form of a moment holds when everything is met but the items of `zero`."""
    answers = {
        f"answer-{item.code}": "0" if item.code in zero else str(item.points)
        for item in place.criteria.items_of(moment)
    }
    return {"commit_id": str(uuid4()), "day": today().isoformat(), **answers, **more}


async def send(
    client: AsyncClient, place: Facility, moment: str, data: dict[str, str], **more: object
) -> Response:
    return await client.post(
        f"/safety/commits/{place.id}/{moment}",
        data=data,
        files=more.pop("files", None) or {"photo-0": ("", b"")},
        headers=as_page(more.pop("by", place.owner)),
    )


async def test_the_list_of_a_moment_is_committed_by_a_plain_form(
    client: AsyncClient, make_facility: MakeFacility
) -> None:
    place = await make_facility()
    shown = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert shown.status_code == 200
    assert f"/safety/{place.id}/check/before" in shown.text
    assert "Hôm nay chưa báo cáo" in shown.text
    form = await client.get(f"/safety/{place.id}/check/before", headers=as_page(place.owner))
    assert f'action="/safety/commits/{place.id}/before"' in form.text
    data = filled(place, "before", name="Cô Lan, hiệu phó")
    done = await send(client, place, "before", data, files={"photo-6": ("a.jpg", photo())})
    assert done.status_code == 303, done.text
    result = await client.get(done.headers["location"], headers=as_page(place.owner))
    assert "Cô Lan, hiệu phó" in result.text
    assert "colour-panel-safe" in result.text
    pictures = re.findall(r'<img src="([^"]+)"', result.text)
    picture = await client.get(pictures[0], headers=as_page(place.owner))
    assert picture.headers["content-type"] == "image/jpeg"
    # The same form again, from the Back button: nothing twice.
    again = await send(client, place, "before", data)
    assert again.headers["location"] == done.headers["location"]
    day = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert day.text.count("Cô Lan, hiệu phó") == 1


async def test_what_is_missing_is_named_and_what_was_typed_stays(
    client: AsyncClient, make_facility: MakeFacility
) -> None:
    place = await make_facility()
    data = filled(place, "before", **{"note-1": "Còn hai em chưa tiêm"})
    del data["answer-6"]
    refused = await send(client, place, "before", data)
    assert refused.status_code == 422
    assert 'href="#answer-6"' in refused.text
    assert "Còn hai em chưa tiêm" in refused.text
    assert re.search(r'id="answer-1"[^>]* checked', refused.text)
    broken = await send(
        client, place, "before", filled(place, "before"), files={"photo-6": ("a.jpg", b"no")}
    )
    assert broken.status_code == 422
    assert 'href="#photo-6"' in broken.text
    old = filled(place, "before", day=(today() - timedelta(days=1)).isoformat())
    assert "Chỉ nhận kết quả của hôm nay" not in broken.text
    yesterday = await send(client, place, "before", old)
    assert yesterday.status_code == 422
    odd = await send(client, place, "before", filled(place, "before", **{"answer-1": "x"}))
    assert 'href="#answer-1"' in odd.text


async def test_two_staff_are_both_shown_and_the_last_counts(
    client: AsyncClient,
    make_facility: MakeFacility,
    make_resident: MakeResident,
    owner: AsyncEngine,
) -> None:
    place = await make_facility()
    colleague = await make_resident(area=AREA)
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'staff')"),
            {"place": place.id, "person": colleague.id},
        )
    await send(client, place, "before", filled(place, "before", name="Cô Lan"))
    form = await client.get(f"/safety/{place.id}/check/before", headers=as_page(colleague))
    assert "Cô Lan đã cam kết lúc" in form.text
    mine = filled(place, "before", ("6",), name="Thầy Nam")
    second = await send(client, place, "before", mine, by=colleague)
    result = await client.get(second.headers["location"], headers=as_page(colleague))
    assert "Trước đó Cô Lan đã cam kết" in result.text
    day = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert "Cô Lan" in day.text
    assert "Thầy Nam" in day.text
    assert day.text.count("Đã có bản sau") == 1
    async with owner.begin() as connection:
        await connection.execute(
            text("DELETE FROM place_staff WHERE person_id = :person"), {"person": colleague.id}
        )
    gone = await send(client, place, "before", filled(place, "before"), by=colleague)
    assert gone.status_code == 403
    assert "không còn phụ trách" in gone.text


async def test_only_who_runs_a_place_sees_its_day(
    client: AsyncClient, make_facility: MakeFacility, make_resident: MakeResident
) -> None:
    place = await make_facility()
    stranger = await make_resident(area=AREA)
    done = await send(client, place, "before", filled(place, "before"))
    for path in (
        "",
        "/check/before",
        "/history",
        done.headers["location"].split(str(place.id), 1)[1],
    ):
        answer = await client.get(f"/safety/{place.id}{path}", headers=as_page(stranger))
        assert answer.status_code == 404, path
        nobody = await client.get(f"/safety/{place.id}{path}", headers=HEADERS)
        assert nobody.status_code in {303, 401}, path
    foreign = await send(client, place, "before", filled(place, "before"), by=stranger)
    assert foreign.status_code == 403


async def test_an_owner_is_offered_the_map_and_joins_it(
    client: AsyncClient, criteria: None, make_resident: MakeResident
) -> None:
    runs = await make_resident(area=OTHER_AREA)
    made = await client.post(
        "/api/v1/places",
        json={"name": "Trường Thử", "kind": "school", "area": OTHER_AREA},
        headers=runs.headers,
    )
    place = made.json()["id"]
    chosen = await client.get("/safety", headers=as_page(runs))
    assert chosen.headers["location"] == f"/safety/{place}"
    offer = await client.get(f"/safety/{place}", headers=as_page(runs))
    assert f'action="/safety/{place}/join"' in offer.text
    joined = await client.post(f"/safety/{place}/join", headers=as_page(runs))
    assert joined.status_code == 303
    day = await client.get(joined.headers["location"], headers=as_page(runs))
    assert "Việc hôm nay" in day.text
    second = await client.post(
        "/api/v1/places",
        json={"name": "Quán Thử", "kind": "food", "area": OTHER_AREA},
        headers=runs.headers,
    )
    choice = await client.get("/safety", headers=as_page(runs))
    assert choice.status_code == 200
    assert f"/safety/{second.json()['id']}" in choice.text


async def test_yesterday_fills_in_nothing_that_is_compulsory(
    client: AsyncClient, make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    place = await make_facility()
    await send(client, place, "before", filled(place, "before"))
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE daily_check SET day = day - 1 WHERE place_id = :place"),
            {"place": place.id},
        )
    like = await client.get(
        f"/safety/{place.id}/check/before?like=yesterday", headers=as_page(place.owner)
    )
    for item in place.criteria.items_of("before"):
        ticked = re.search(rf'id="answer-{item.code}"[^>]* checked', like.text) is not None
        assert ticked is not item.compulsory, item.code


async def test_days_behind_say_which_were_late_and_which_forgotten(
    client: AsyncClient, make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    place = await make_facility()
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE place_safety SET joined_at = now() - interval '4 days' WHERE place_id = :p"
            ),
            {"p": place.id},
        )
        await connection.execute(
            text(
                "INSERT INTO safety_day (place_id, day, colour, score, late) VALUES"
                " (:p, CAST(:today AS date) - 1, 'green', 9, true),"
                " (:p, CAST(:today AS date) - 2, 'red', 2, false),"
                " (:p, CAST(:today AS date) - 3, 'red', NULL, true)"
            ),
            {"p": place.id, "today": today()},
        )
    seen = await client.get(f"/safety/{place.id}/history", headers=as_page(place.owner))
    assert seen.text.count('class="day day-late"') == 1
    assert seen.text.count('class="day day-reported"') == 1
    assert seen.text.count('class="day day-forgotten"') == 2
    assert seen.text.count('class="day day-open"') == 1


@pytest.mark.parametrize(("kind", "area"), [("medical", OTHER_AREA), ("school", AREA)])
async def test_a_list_of_points_is_committed_as_well(
    client: AsyncClient, make_facility: MakeFacility, kind: str, area: str
) -> None:
    place = await make_facility(kind=kind, area=area)
    moment = place.criteria.moments[0]
    form = await client.get(f"/safety/{place.id}/check/{moment}", headers=as_page(place.owner))
    asked = place.criteria.items_of(moment)
    assert any(one.graded for one in asked)
    assert form.text.count('data-item="') == len(asked)
    data = filled(place, moment)
    low = next(one for one in asked if one.graded)
    data[f"answer-{low.code}"] = "1"
    needed = [one.code for one in asked if one.evidence == "photo"]
    without = await send(client, place, moment, data)
    assert without.status_code == (422 if needed else 303)
    photos = {f"photo-{code}": ("a.jpg", photo()) for code in needed}
    done = await send(client, place, moment, data, files=photos)
    assert done.status_code == 303, done.text
    result = await client.get(done.headers["location"], headers=as_page(place.owner))
    assert f"1/{low.points}" in result.text


async def test_reports_that_wait_are_shown_with_their_deadline(
    client: AsyncClient, make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    place = await make_facility()
    before = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert "đang chờ trả lời" not in before.text
    told = await client.post(
        f"/api/v1/places/{place.id}/feedback", json={"body": "Cổng trường không đo thân nhiệt."}
    )
    assert told.status_code == 201, told.text
    shown = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert "1 phản ánh của người dân đang chờ trả lời" in shown.text
    assert "Hạn gần nhất" in shown.text


async def test_the_certificate_is_offered_on_a_safe_day_alone(
    client: AsyncClient, make_facility: MakeFacility
) -> None:
    place = await make_facility()
    link = f"/api/v1/places/{place.id}/certificate.pdf"
    before = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert link not in before.text
    done = await send(client, place, "before", filled(place, "before"))
    result = await client.get(done.headers["location"], headers=as_page(place.owner))
    assert f"/safety/{place.id}/check/during" in result.text
    after = await client.get(f"/safety/{place.id}", headers=as_page(place.owner))
    assert link in after.text


async def test_reminders_are_everybodys_own_choice(
    client: AsyncClient,
    make_facility: MakeFacility,
    make_resident: MakeResident,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    place = await make_facility()
    path = f"/safety/{place.id}/reminders"
    off = await client.post(path, data={"want": "off"}, headers=as_page(place.owner))
    shown = await client.get(off.headers["location"], headers=as_page(place.owner))
    assert "Bật nhắc việc" in shown.text
    colleague = await make_resident(area=AREA)
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'staff')"),
            {"place": place.id, "person": colleague.id},
        )
        await connection.execute(
            text("UPDATE place_safety SET joined_at = now() - interval '3 days'")
        )
    due = due_at(place.criteria, "before", today(), Settings().zone)
    assert due is not None
    assert await remind_at(job_context, due) == 1
    async with owner.connect() as connection:
        told = await connection.scalars(
            text("SELECT topic FROM event WHERE kind = 'safety_reminder'")
        )
        assert list(told) == [f"person:{colleague.id}"]
    on = await client.post(path, data={"want": "on"}, headers=as_page(place.owner))
    shown = await client.get(on.headers["location"], headers=as_page(place.owner))
    assert "Tắt nhắc việc" in shown.text
    stranger = await make_resident(area=AREA)
    refused = await client.post(path, data={"want": "off"}, headers=as_page(stranger))
    assert refused.status_code == 404


async def test_a_note_that_cannot_be_kept_is_told_at_its_field(
    client: AsyncClient, make_facility: MakeFacility
) -> None:
    place = await make_facility()
    code = place.criteria.items_of("before")[0].code
    wrong = await send(
        client, place, "before", filled(place, "before", **{f"note-{code}": "Hết\0 giấy"})
    )
    assert wrong.status_code == 422
    assert f'id="note-{code}-error"' in wrong.text


async def test_who_runs_several_places_chooses_one(
    client: AsyncClient, make_facility: MakeFacility, owner: AsyncEngine
) -> None:
    first, second = await make_facility(), await make_facility(kind="medical")
    async with owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'owner')"),
            {"place": second.id, "person": first.owner.id},
        )
        silent = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES ('Chợ thử', 'market', :area)"
                " RETURNING id"
            ),
            {"area": first.area},
        )
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'owner')"),
            {"place": silent, "person": first.owner.id},
        )
    await send(client, first, "before", filled(first, "before"))
    seen = await client.get("/safety", headers=as_page(first.owner))
    assert seen.status_code == 200
    for place in (first.id, second.id, silent):
        assert f'href="/safety/{place}"' in seen.text
    only = await client.get("/safety", headers=as_page(second.owner))
    assert (only.status_code, only.headers["location"]) == (303, f"/safety/{second.id}")
