"""Many places from one list: a dry run, one press, one PDF; for officers and for operators."""

import csv
import io
import re

import httpx
import xlsxwriter
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.places.bulk import tasks
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.days import ZONE
from tests.integration.places.conftest import Register

LIST = (
    "\ufeffTên;Loại;Phường xã;Tỉnh;Phòng\r\n"
    '"=HYPERLINK(""http://x"";""Chợ"")";Chợ;Ba Đình;Hà Nội;Khu A|Khu B\r\n'
    "Chợ Bến Thanh;Chợ;Phường Ba Đình;Hà Nội;\r\n"
    "Chợ Thử Nghiệm;market;00004;;\r\n"
    "Lâu đài;Lâu đài;Ba Đình;Hà Nội;\r\n"
)  # fmt: skip


async def send(
    client: httpx.AsyncClient, who: Someone, content: bytes, path: str = "/place/import-files"
) -> httpx.Response:
    return await client.post(
        path, files={"file": ("các nơi.csv", content, "text/csv")}, headers=who.headers
    )


async def test_a_list_from_dry_run_to_posters(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    register: Register,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    boss, neighbour = [await make_resident(area=AREA) for _ in range(2)]
    await register(boss)
    await register(neighbour, "Chợ Bến Thành")
    sent = await send(client, boss, LIST.encode("utf-16"))
    assert sent.status_code == 303, sent.text
    here = sent.headers["location"]
    page = await client.get(here, headers=boss.headers)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
    assert "Không có loại điểm quét này" in words
    assert "Đã đăng ký ở phường, xã này" in words
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM place")) == 2, "a dry run"
    # Nobody else sees or presses it.
    for path in (here, f"{here}/posters.pdf", f"{here}/codes.csv"):
        assert (await client.get(path, headers=neighbour.headers)).status_code == 404
    assert (await client.post(here, headers=neighbour.headers)).status_code == 404

    pressed = await client.post(here, data={"size": "a5"}, headers=boss.headers)
    assert pressed.status_code == 303
    assert (await client.post(here, headers=boss.headers)).status_code == 409
    number = int(here.rsplit("/", 1)[1])
    await tasks.register(job_context, {"import": number})
    # A job that is run twice makes nothing twice.
    await tasks.register(job_context, {"import": number})
    pdf = await client.get(f"{here}/posters.pdf", headers=boss.headers)
    pages = PdfReader(io.BytesIO(pdf.content)).pages
    assert len(pages) == 4
    assert ["đã đăng ký" in one.extract_text() for one in pages] == [True, True, True, False]
    mine = (await client.get("/api/v1/me/places", headers=boss.headers)).json()["places"]
    assert len(mine) == 3
    assert [room["name"] for room in mine[1]["rooms"]] == ["Khu A", "Khu B"]

    codes = await client.get(f"{here}/codes.csv", headers=boss.headers)
    rows = list(csv.reader(io.StringIO(codes.text.removeprefix("\ufeff"))))
    assert len(rows) == 5
    assert rows[1][1].startswith("'=HYPERLINK"), "a spreadsheet must not run a name"
    public = await client.get(f"/api/v1/places/{rows[4][4]}")
    assert (public.json()["name"], public.json()["registered"]) == ("Chợ Bến Thanh", False)


async def test_officers_register_in_their_areas(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    owner: AsyncEngine,
    job_context: JobContext,
) -> None:
    admin = await make_officer("admin", "VN.01")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for y, row in enumerate(
        [["name", "kind", "ward"], ["Trường A", "School", 4], ["Trường B", "school", "VN.79.26740"]]
    ):
        sheet.write_row(y, 0, row)
    book.close()
    sent = await send(client, admin, out.getvalue(), "/desk/places/import-files")
    assert sent.status_code == 303, sent.text
    here = sent.headers["location"]
    page = await client.get(here, headers=admin.headers)
    assert "Ngoài địa bàn của bạn" in page.text
    await client.post(here, headers=admin.headers)
    await tasks.register(job_context, {"import": int(here.rsplit("/", 1)[1])})
    async with owner.connect() as connection:
        names = await connection.scalars(text("SELECT name FROM place"))
        assert names.all() == ["Trường A"]
    again = await send(client, admin, out.getvalue(), "/desk/places/import-files")
    page = await client.get(again.headers["location"], headers=admin.headers)
    assert "Đã đăng ký ở phường, xã này" in page.text
    assert (await client.post(again.headers["location"], headers=admin.headers)).status_code == 409

    tracer = await make_officer("tracer", "VN.01")
    assert (await send(client, tracer, b"x", "/desk/places/import-files")).status_code == 403
    someone = await make_resident()
    for content, said in (
        (b"PK\x03\x04broken", "Tệp phải là Excel"),
        (b"a;b\n1;2", "thiếu cột"),
        (b"", "Tệp không có dòng nào"),
    ):
        refused = await send(client, someone, content)
        assert refused.status_code == 422, said
        assert said in refused.text


async def test_a_report_of_a_case_is_sealed_and_reaches_the_tracers_of_the_area(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    register: Register,
    owner: AsyncEngine,
) -> None:
    from datetime import timedelta

    from lachan.kit.clock import now

    boss, stranger = [await make_resident(area=AREA) for _ in range(2)]
    made = await register(boss, rooms=[{"name": "Quầy 1"}])
    today = now().date()
    form = {
        "tested_on": today.isoformat(),
        "from": f"{today - timedelta(days=2)}T08:00",
        "to": f"{today - timedelta(days=1)}T17:00",
        "contact": "0912 345 678",
        "note": "Ho từ hôm kia",
        "rooms": made["rooms"][0]["id"],
    }
    path = f"/place/{made['id']}/report"
    assert (await client.post(path, data=form, headers=stranger.headers)).status_code == 404
    wrong = await client.post(
        path, data={**form, "contact": "", "to": form["from"]}, headers=boss.headers
    )
    assert wrong.status_code == 422
    assert wrong.text.count('class="field-error"') == 2
    sent = await client.post(path, data=form, headers=boss.headers)
    assert sent.status_code == 303, sent.text
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM place_report"))).one()
        events = await connection.scalar(
            text("SELECT count(*) FROM event WHERE topic = :t AND kind = 'place_report'"),
            {"t": f"desk:{AREA}"},
        )
    assert (row.area, row.state, events) == (AREA, "new", 1)
    assert row.room_ids == [made["rooms"][0]["id"]]
    assert b"0912" not in bytes(row.sealed)
    page = await client.get(path, headers=boss.headers)
    assert "Chờ cán bộ xem" in page.text
    assert "0912" not in page.text


async def test_the_end_of_the_duty_is_told_where_people_look(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    register: Register,
) -> None:
    from datetime import timedelta

    from lachan.kit.clock import local_day, now

    boss = await make_resident(area=AREA)
    market = await register(boss)
    school = await register(boss, "Trường Xa", kind="school")
    far, desk = await make_officer("admin", "VN.79"), await make_officer("admin", "VN.01")
    today = local_day(now(), ZONE)
    form = {"area": "VN.01", "kind": "market", "ends_on": today.isoformat()}
    assert (await client.post("/desk/duty", data=form, headers=far.headers)).status_code == 422
    ended = await client.post("/desk/duty", data=form, headers=desk.headers)
    assert ended.status_code == 303
    assert (await client.post("/desk/duty", data=form, headers=desk.headers)).status_code == 409
    poster = await client.get(f"/p/{market['code']}")
    assert "không bắt buộc quét mã ở đây nữa" in poster.text
    assert (today + timedelta(days=22)).strftime("%d/%m/%Y") in poster.text
    own = await client.get(f"/place/{market['id']}", headers=boss.headers)
    assert "không bắt buộc khách quét mã nữa" in own.text
    assert "không bắt buộc" not in (await client.get(f"/p/{school['code']}")).text
    page = await client.get("/desk/duty", headers=desk.headers)
    number = re.search(r"/desk/duty/(\d+)/withdraw", page.text)
    assert number
    stop = f"/desk/duty/{number[1]}/withdraw"
    assert (await client.post(stop, headers=far.headers)).status_code == 404
    assert (await client.post(stop, headers=desk.headers)).status_code == 303
    assert "không bắt buộc" not in (await client.get(f"/p/{market['code']}")).text


async def test_a_program_sends_a_list_looks_registers_and_prints(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    job_context: JobContext,
) -> None:
    boss, stranger = [await make_resident(area=AREA) for _ in range(2)]
    lists = "/api/v1/me/place-imports"
    assert (await client.post(lists, content=b"x")).status_code == 401
    empty = await client.post(lists, headers=boss.headers)
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["file"])
    sent = await client.post(
        f"{lists}?file_name=cua-hang.csv", content=LIST.encode("utf-16"), headers=boss.headers
    )
    assert sent.status_code == 201, sent.text
    dry = sent.json()
    assert (dry["state"], dry["lines"], dry["good"], dry["made"]) == ("checked", 4, 3, 0)
    assert dry["refused"] == [
        {
            "line": 5,
            "column": "B",
            "field": "kind",
            "reason": "places-field-no-kind",
            "detail": "Không có loại điểm quét này",
        }
    ]
    here = f"{lists}/{dry['id']}"
    for answer in (
        await client.get(here, headers=stranger.headers),
        await client.post(f"{here}/register", json={}, headers=stranger.headers),
        await client.get(f"{here}/posters.pdf", headers=stranger.headers),
        await client.get(f"{here}/codes.csv", headers=stranger.headers),
    ):
        assert answer.status_code == 404
    # The other door is for officers, and each for the own lists.
    other = f"/api/v1/place-imports/{dry['id']}"
    admin = await make_officer("admin", "VN.01")
    assert (await client.get(other, headers=boss.headers)).status_code == 403
    assert (await client.get(other, headers=admin.headers)).status_code == 404
    begun = await client.post(f"{here}/register", json={"size": "a5"}, headers=boss.headers)
    assert (begun.status_code, begun.json()["state"]) == (202, "queued")
    again = await client.post(f"{here}/register", json={}, headers=boss.headers)
    assert (again.status_code, again.json()["code"]) == (409, "import-not-ready")
    await tasks.register(job_context, {"import": dry["id"]})
    done = (await client.get(here, headers=boss.headers)).json()
    assert (done["state"], done["made"], done["printed"]) == ("done", 3, done["posters"])
    pdf = await client.get(done["posters_url"], headers=boss.headers)
    assert len(PdfReader(io.BytesIO(pdf.content)).pages) == done["posters"]
    codes = await client.get(done["codes_url"], headers=boss.headers)
    assert len(codes.text.splitlines()) == 1 + done["posters"]
    large = await client.post(lists, content=b"x" * (8 * 1024 * 1024 + 1), headers=boss.headers)
    assert large.status_code == 413
