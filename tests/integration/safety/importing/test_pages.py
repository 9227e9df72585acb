"""The desk's pages for lists of facilities, as a browser without JavaScript meets them."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.safety.importing import service, tasks
from tests.conftest import MakeOfficer, MakeResident, Someone

UPLOAD = "/desk/safety/import-files"
LIST = (
    "Mã;Tên;Loại;Phường xã;Vĩ độ;Kinh độ;Địa chỉ\n"
    "T1;Trường Tiểu học Một;Trường học;;21.0340;105.8280;Phố A\n"
    "T2;Trường ngược;Trường học;;105.828;21.034;\n"
)


async def upload(
    client: httpx.AsyncClient, who: Someone, content: bytes, name: str = "so.csv"
) -> httpx.Response:
    return await client.post(
        UPLOAD, headers=who.headers, files={"file": (name, content)}, data={"source": "moet"}
    )


async def test_an_admin_sends_looks_decides_and_takes_over(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    job_context: JobContext,
    make_officer: MakeOfficer,
) -> None:
    admin = await make_officer("admin", "VN.01")
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place (name, kind, area, lat, lon, h3, folded) VALUES "
                "('Trường Tiểu học Một Hai', 'school', 'VN.01.00004', 21.0341, 105.8281, :cell, '')"
            ),
            {"cell": service.cell_of(21.0341, 105.8281)},
        )
    sent = await upload(client, admin, LIST.encode())
    assert sent.status_code == 303
    here = sent.headers["location"]
    number = {"import": int(here.rsplit("/", 1)[1])}
    assert "Đang đọc" in (await client.get(here, headers=admin.headers)).text
    await tasks.read(job_context, number)
    page = (await client.get(here, headers=admin.headers)).text
    assert "Chưa thay đổi gì" in page
    assert "Trường Tiểu học Một Hai" in page
    refused = await client.get(f"{here}?show=refused", headers=admin.headers)
    assert "Vĩ độ và kinh độ bị đổi chỗ cho nhau" in refused.text
    decided = await client.post(f"{here}/lines/2", headers=admin.headers, data={"decision": "same"})
    assert decided.status_code == 303
    assert (await client.post(here, headers=admin.headers)).status_code == 303
    await tasks.take(job_context, number)
    assert "Đã nhập: 0 nơi mới" in (await client.get(here, headers=admin.headers)).text
    report = await client.get(f"{here}/report.csv", headers=admin.headers)
    assert report.text.count("\n") == 3
    assert "moet" in str(await owner_values(owner, "SELECT source, ref FROM place_source"))


async def owner_values(owner: AsyncEngine, statement: str) -> list[tuple[object, ...]]:
    async with owner.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_a_file_that_is_none_says_so(
    client: httpx.AsyncClient, job_context: JobContext, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", "VN.01")
    empty = await client.post(UPLOAD, headers=admin.headers, data={"source": ""})
    assert empty.status_code == 422
    assert "Hãy chọn một tệp" in empty.text
    sent = await upload(client, admin, b"Ten\nmot\n")
    here = sent.headers["location"]
    await tasks.read(job_context, {"import": int(here.rsplit("/", 1)[1])})
    assert "thiếu cột: loại" in (await client.get(here, headers=admin.headers)).text


async def test_a_reading_that_fails_stops_the_page_from_asking(
    client: httpx.AsyncClient,
    job_context: JobContext,
    make_officer: MakeOfficer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = await make_officer("admin", "VN.01")
    here = (await upload(client, admin, LIST.encode())).headers["location"]
    assert "every 1s" in (await client.get(here, headers=admin.headers)).text
    # Words that end in the middle of the work, as a broken dependency would.
    monkeypatch.setattr(service, "_kind_words", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        await tasks.read(job_context, {"import": int(here.rsplit("/", 1)[1])})
    page = (await client.get(here, headers=admin.headers)).text
    assert "Hệ thống gặp lỗi khi đọc tệp này" in page
    assert "every 1s" not in page


async def test_an_oversized_file_is_refused(
    client: httpx.AsyncClient, make_officer: MakeOfficer
) -> None:
    admin = await make_officer("admin", "VN.01")
    large = await upload(client, admin, b"x" * (service.PAGE_BYTES + 70_000))
    assert large.status_code == 413


@pytest.mark.parametrize("role", ["tracer", "reporter", "safety_inspector"])
async def test_other_roles_stay_outside(
    client: httpx.AsyncClient, make_officer: MakeOfficer, role: str
) -> None:
    someone = await make_officer(role, "VN.01")
    assert (await client.get("/desk/safety/import", headers=someone.headers)).status_code == 403
    assert (await upload(client, someone, LIST.encode())).status_code == 403


async def test_nobody_and_residents_stay_outside(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    assert (await client.get("/desk/safety/import")).status_code in {303, 401}
    resident = await make_resident()
    assert (await client.get("/desk/safety/import", headers=resident.headers)).status_code == 403


async def test_an_admin_of_another_province_sees_nothing_of_it(
    client: httpx.AsyncClient, job_context: JobContext, make_officer: MakeOfficer
) -> None:
    admin, other = await make_officer("admin", "VN.01"), await make_officer("admin", "VN.79")
    here = (await upload(client, admin, LIST.encode())).headers["location"]
    await tasks.read(job_context, {"import": int(here.rsplit("/", 1)[1])})
    for method, path, data in (
        ("GET", here, None),
        ("GET", f"{here}/report.csv", None),
        ("POST", here, None),
        ("POST", f"{here}/lines/2", {"decision": "new"}),
    ):
        answer = await client.request(method, path, headers=other.headers, data=data)
        assert answer.status_code == 404, path
