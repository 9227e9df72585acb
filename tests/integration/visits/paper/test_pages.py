"""Pages of paper lists: files and their dry run, typing, rows that wait, and who sees what."""

import io
import re
import zipfile
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
import xlsxwriter  # type: ignore[import-untyped] # it ships no types
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from tests.conftest import AREA, OTHER_AREA, MakeOfficer, MakeResident, Someone
from tests.integration.visits.paper.conftest import Fetch, Work

Yesterday = Callable[..., datetime]
PlaceOf = Callable[..., Awaitable[int]]


@pytest.fixture
def send(client: httpx.AsyncClient) -> Callable[..., Awaitable[httpx.Response]]:
    """Send a file to a place; the answer to the upload itself."""

    async def upload(
        someone: Someone,
        place: int,
        content: bytes,
        *,
        name: str = "so-khach.csv",
        door: str = "/place/paper-files",
    ) -> httpx.Response:
        return await client.post(
            f"{door}/{place}", files={"file": (name, content)}, headers=someone.headers
        )

    return upload


Send = Callable[..., Awaitable[httpx.Response]]


async def get(client: httpx.AsyncClient, someone: Someone, path: str) -> httpx.Response:
    return await client.get(path, headers={**someone.headers, "accept-language": "en"})


async def post(
    client: httpx.AsyncClient, someone: Someone, path: str, **form: Any
) -> httpx.Response:
    return await client.post(path, data=form, headers=someone.headers)


def book(*lines: tuple[Any, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write(number, column, cell)
    return out.getvalue()


async def test_a_workbook_is_read_on_trial_confirmed_and_taken(
    client: httpx.AsyncClient,
    send: Send,
    operator: Someone,
    place: int,
    work: Work,
    fetch: Fetch,
    yesterday: Yesterday,
) -> None:
    # Serial numbers, as a spreadsheet keeps them whose columns have no date format.
    serial = (yesterday(0).date() - date(1899, 12, 30)).days
    content = book(
        ("Full name", "Mobile", "Check-in", "Check-out"),
        ("An Thử", 912345678, serial + 0.3125, serial + 0.34375),
        ("Bình Thử", "12", serial + 0.5, ""),
        ("Cúc Thử", "", "", ""),
    )
    answer = await send(operator, place, content, name="list.xlsx")
    assert answer.status_code == 303
    page = answer.headers["location"]
    assert "being read" in (await get(client, operator, page)).text
    await work()
    shown = (await get(client, operator, page)).text
    assert "Take 1 row<" in shown
    assert "Bình Thử" in shown
    assert "The phone number is not right." in shown
    assert "<b>B3</b>" in shown
    assert "<b>C4</b>" in shown
    assert await fetch("SELECT 1 FROM visit") == []
    assert (await post(client, operator, f"{page}/confirm")).status_code == 303
    assert (await post(client, operator, f"{page}/confirm")).status_code == 303
    await work()
    (visit,) = await fetch("SELECT * FROM visit")
    assert (visit.started_at, visit.ends_at) == (yesterday(7, 30), yesterday(8, 15))
    assert (await send(operator, place, content)).headers["location"] == page
    assert (await post(client, operator, f"{page}/discard")).status_code == 409


async def test_columns_that_are_not_clear_are_asked_for(
    client: httpx.AsyncClient, send: Send, operator: Someone, place: int, work: Work, fetch: Fetch
) -> None:
    answer = await send(operator, place, b"An,0912345678,7:30\nBinh,0987654321,8:00\n")
    page = answer.headers["location"]
    shown = await get(client, operator, page)
    assert "Which column is which?" in shown.text
    assert "An | Binh" in shown.text
    bad = await post(client, operator, f"{page}/columns", heading=0, **{"column-0": "name"})
    assert bad.status_code == 422
    day = f"{now() - timedelta(days=2):%d/%m/%Y}"
    chosen = {"column-0": "name", "column-1": "phone", "column-2": "arrival"}
    good = await post(client, operator, f"{page}/columns", heading=0, day=day, **chosen)
    assert good.status_code == 303
    await work()
    rows = await fetch("SELECT state FROM paper_row")
    assert [row.state for row in rows] == ["ready", "ready"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (300 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file"),
        (b"PK\x03\x04garbage", "must be Excel"),
        ("Họ tên,Giờ vào\nĂn,7:30\n".encode("cp1258", "replace"), "UTF-8"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"\n\n\n", "No line"),
        (b"name,in\n" + b"a,7:00\n" * 50_200, "lines"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    client: httpx.AsyncClient,
    operator: Someone,
    place: int,
    fetch: Fetch,
    content: bytes,
    words: str,
) -> None:
    answer = await client.post(
        f"/place/paper-files/{place}",
        files={"file": ("x.csv", content)},
        headers={**operator.headers, "accept-language": "en"},
    )
    assert answer.status_code in {413, 422}
    assert words in answer.text
    assert await fetch("SELECT 1 FROM paper_list") == []


async def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    send: Send, operator: Someone, place: int
) -> None:
    assert (await send(operator, place, bomb())).status_code in {413, 422}


async def test_a_body_is_not_read_for_strangers(
    client: httpx.AsyncClient, place: int, make_officer: MakeOfficer
) -> None:
    big = b"x" * (1 << 20)
    nobody = await client.post(f"/place/paper-files/{place}", files={"file": ("x", big)})
    assert nobody.status_code == 401
    tracer = await make_officer("tracer", AREA)
    wrong = await client.post(
        f"/place/paper-files/{place}", files={"file": ("x", big)}, headers=tracer.headers
    )
    assert wrong.status_code == 403
    larger = await client.post(
        f"/place/paper-files/{place}",
        files={"file": ("x", b"x" * (13 << 20))},
        headers=tracer.headers,
    )
    assert larger.status_code == 413


async def test_formulas_are_refused_coming_in_and_harmless_going_out(
    client: httpx.AsyncClient, send: Send, operator: Someone, place: int, work: Work, fetch: Fetch
) -> None:
    content = (
        "Họ tên,SĐT,Giờ vào,Ghi chú\n"
        '"=HYPERLINK(""http://x"")",0912345678,7:30,\n'
        "+cmd|' /C calc'!A0,0912345678,7:30,\n"
        "An,0912,7:30,-1+2\n"
    )
    page = (await send(operator, place, content.encode())).headers["location"]
    await work()
    rows = await fetch("SELECT state, reasons FROM paper_row ORDER BY line")
    assert [row.state for row in rows] == ["refused", "refused", "doubtful"]
    assert rows[0].reasons == ["formula"]
    report = (await get(client, operator, f"{page}/report.csv")).text
    assert "'=HYPERLINK" in report
    assert "'+cmd" in report
    assert "'-1+2" in report
    assert not re.search(r"(^|,|\")[=+\-@]", report.removeprefix("\ufeff"), re.MULTILINE)


async def test_nobody_brings_or_sees_lists_of_another_place(
    client: httpx.AsyncClient,
    send: Send,
    operator: Someone,
    place: int,
    place_of: PlaceOf,
    owner: AsyncEngine,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
) -> None:
    page = (await send(operator, place, "Tên,Giờ vào\nAn,7:30\n".encode())).headers["location"]
    stranger = await make_resident()
    own = await place_of(stranger)
    assert (await send(stranger, place, b"name,in\na,7:00\n")).status_code == 404
    for path in (page, f"{page}/report.csv", page.replace(f"/{place}/", f"/{own}/")):
        assert (await get(client, stranger, path)).status_code == 404
    # Whoever runs the same place sees own lists only.
    colleague = await make_resident()
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place_staff (place_id, person_id, role)"
                " VALUES (:place, :person, 'staff')"
            ),
            {"place": place, "person": colleague.id},
        )
    assert (await get(client, colleague, page)).status_code == 404
    assert (await get(client, colleague, f"/place/{place}/paper/import")).status_code == 200
    # Officers bring lists of places in their areas.
    near, far = await make_officer("tracer", AREA), await make_officer("admin", OTHER_AREA)
    door = "/desk/paper-files"
    assert (await send(near, place, b"name,in\na,7:00\n", door=door)).status_code == 303
    assert (await send(far, place, b"name,in\na,7:00\n", door=door)).status_code == 404
    assert (await get(client, far, f"/desk/paper/places/{place}")).status_code == 404


async def test_typing_tells_nobody_whether_a_number_is_known(
    client: httpx.AsyncClient,
    operator: Someone,
    place: int,
    place_of: PlaceOf,
    make_resident: MakeResident,
    work: Work,
    fetch: Fetch,
    yesterday: Yesterday,
) -> None:
    """Attack: an operator types numbers to learn who is known, and where they were."""
    other = await make_resident()
    elsewhere = await place_of(other)
    day = f"{yesterday(0):%d/%m/%Y}"

    async def type_(someone: Someone, where: int, who: str, key: str) -> str:
        answer = await post(
            client,
            someone,
            f"/place/{where}/paper",
            row_key=key,
            who=who,
            day=day,
            arrival="9:00",
            departure="11:00",
        )
        assert answer.status_code == 303
        return answer.headers["location"]

    # The first number is known, and its owner was elsewhere at the time.
    await type_(other, elsewhere, "0912345678", "x")
    await work()
    known = await type_(operator, place, "0912345678", "a")
    unknown = await type_(operator, place, "0987654321", "b")
    before = [(await get(client, operator, path)).text for path in (known, unknown)]
    await work()
    after = [(await get(client, operator, path)).text for path in (known, unknown)]
    for shown in (before, after):
        differences = [
            re.sub(r"09\d{8}|[0-9a-f]{8}-[0-9a-f-]{27}|Row \d|\brow \d+", "", one) for one in shown
        ]
        assert differences[0] == differences[1]
    # What only officers see: the one is held back for them.
    (match,) = await fetch("SELECT * FROM paper_match WHERE state = 'overlap'")
    assert match.visit_id is None
    rows = await fetch("SELECT state FROM paper_row WHERE place_id = :p", p=place)
    assert {row.state for row in rows} == {"accepted"}


async def test_a_tracer_settles_what_waits_and_leaves_a_trace(
    client: httpx.AsyncClient,
    operator: Someone,
    place: int,
    place_of: PlaceOf,
    make_resident: MakeResident,
    make_officer: MakeOfficer,
    work: Work,
    fetch: Fetch,
    yesterday: Yesterday,
) -> None:
    other = await make_resident()
    elsewhere = await place_of(other)
    day = f"{yesterday(0):%d/%m/%Y}"
    row = {"day": day, "arrival": "9:00", "departure": "11:00", "who": "0912345678"}
    await post(client, other, f"/place/{elsewhere}/paper", row_key="x", **row)
    await work()
    await post(client, operator, f"/place/{place}/paper", row_key="a", **row)
    await post(client, operator, f"/place/{place}/paper", row_key="b", **{**row, "who": "09123"})
    await work()
    tracer, far = await make_officer("tracer", AREA), await make_officer("tracer", OTHER_AREA)
    assert "Quán Sổ Giấy" in (await get(client, tracer, "/desk/paper")).text
    assert "Quán Sổ Giấy" not in (await get(client, far, "/desk/paper")).text
    listed = (await get(client, tracer, f"/desk/paper/waiting/{place}")).text
    assert "seems to have been elsewhere" in listed
    assert "0912" not in listed
    overlap, doubtful = (
        row.id
        for row in await fetch(
            "SELECT id FROM paper_row WHERE place_id = :p ORDER BY state", p=place
        )
    )
    for path in (f"/desk/paper/rows/{overlap}", f"/desk/paper/waiting/{place}"):
        assert (await get(client, far, path)).status_code == 404
    no_reason = await post(client, tracer, f"/desk/paper/rows/{overlap}/open", reason=" ")
    assert no_reason.status_code == 422
    opened = await post(
        client, tracer, f"/desk/paper/rows/{overlap}/open", reason="Xác minh ca bệnh"
    )
    assert "0912345678" in opened.text
    (entry,) = await fetch("SELECT * FROM audit_entry WHERE action = 'paper_row.opened'")
    (match,) = await fetch("SELECT * FROM paper_match WHERE state = 'overlap'")
    assert (entry.subject_person, entry.reason) == (match.person_id, "Xác minh ca bệnh")
    assert (await post(client, tracer, f"/desk/paper/rows/{overlap}", go="save")).status_code == 303
    corrected = await post(
        client,
        tracer,
        f"/desk/paper/rows/{doubtful}",
        go="save",
        phone="0987654321",
        day=day,
        arrival="9:00",
    )
    assert corrected.status_code == 303
    await work()
    visits = await fetch("SELECT * FROM visit WHERE place_id = :p", p=place)
    assert len(visits) == 2
    assert {visit.started_at for visit in visits} == {yesterday(9)}
    assert (await get(client, tracer, f"/desk/paper/rows/{doubtful}")).status_code == 409


async def test_own_rows_are_corrected_accepted_or_refused(
    client: httpx.AsyncClient, operator: Someone, place: int, work: Work, fetch: Fetch
) -> None:
    day = f"{now() - timedelta(days=9):%d/%m/%Y}"
    base = f"/place/{place}/paper"
    for key, who in (("a", "0912345678"), ("b", "Nguyễn Thử"), ("c", "0912")):
        await post(client, operator, base, row_key=key, who=who, day=day, arrival="9:00")
    rows = await fetch("SELECT id, reasons FROM paper_row ORDER BY line")
    assert [row.reasons for row in rows] == [["old"], ["old"], ["phone-invalid", "old"]]
    await work()
    assert await fetch("SELECT 1 FROM visit") == []
    cells = {"day": day, "arrival": "9:00"}
    one, two, three = (f"{base}/rows/{row.id}" for row in rows)
    assert "More than a week ago" in (await get(client, operator, one)).text
    assert (await post(client, operator, one, go="save", phone="0912345678", **cells)).is_redirect
    bad = await post(client, operator, two, go="save", name="Nguyễn Thử", day=day, arrival="?")
    assert bad.status_code == 422
    assert (await post(client, operator, two, go="refuse", reason="Gõ nhầm người")).is_redirect
    # A wrong number and no name: nobody to write down.
    nobody = await post(client, operator, three, go="save", phone="0912", **cells)
    assert nobody.status_code == 422
    named = await post(client, operator, three, go="save", phone="0912", name="Lê Thử", **cells)
    assert named.is_redirect
    await work()
    assert len(await fetch("SELECT 1 FROM visit")) == 2
    assert (await get(client, operator, two)).text.count("Gõ nhầm người") == 1
    states = await fetch("SELECT state FROM paper_row ORDER BY line")
    assert [row.state for row in states] == ["accepted", "refused", "accepted"]


async def test_the_typing_screen_keeps_what_cannot_be_read_on_the_screen(
    client: httpx.AsyncClient, operator: Someone, place: int, fetch: Fetch
) -> None:
    base = f"/place/{place}/paper"
    assert (await get(client, operator, base)).status_code == 200
    bad = await post(client, operator, base, row_key="a", who="0912345678", arrival="sáng")
    assert bad.status_code == 422
    assert 'value="sáng"' in bad.text
    assert await fetch("SELECT 1 FROM paper_row") == []
    empty = await post(client, operator, base, row_key="a", arrival="7:30")
    assert empty.status_code == 422


async def test_templates_can_be_sent_back_as_they_are(
    client: httpx.AsyncClient, send: Send, operator: Someone, place: int, work: Work, fetch: Fetch
) -> None:
    for shape in ("csv", "xlsx"):
        template = await get(client, operator, f"/place/{place}/paper/template.{shape}")
        answer = await send(operator, place, template.content, name=f"x.{shape}")
        assert answer.status_code == 303
    await work()
    rows = await fetch(
        "SELECT r.reasons FROM paper_row r JOIN paper_list l ON l.id = r.list_id"
        " WHERE l.state = 'checked'"
    )
    assert [set(row.reasons) - {"in-future"} for row in rows] == [{"phone-invalid"}] * 2
