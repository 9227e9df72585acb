"""Typing a book of visitors with the keyboard alone, and a file from its trial to its visits."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import new_code
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone
from tests.e2e.areas.test_pages import RULES
from tests.e2e.conftest import DESKTOP, PHONE, Live, sign_in_as
from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e
PATIENCE = 30_000


async def place_of(live_owner: AsyncEngine, someone: Someone) -> int:
    async with live_owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES ('Quán Sổ Giấy', 'food', :area)"
                " RETURNING id"
            ),
            {"area": AREA},
        )
        await connection.execute(
            text(
                "INSERT INTO place_staff (place_id, person_id, role)"
                " VALUES (:place, :person, 'owner')"
            ),
            {"place": place, "person": someone.id},
        )
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": new_code(), "place": place},
        )
        await connection.execute(
            text("INSERT INTO room (place_id, name) VALUES (:place, 'Phòng 1')"), {"place": place}
        )
    assert isinstance(place, int)
    return place


async def check_page(page: Page) -> None:
    """Nothing that axe finds, nothing to scroll sideways."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= await page.evaluate("innerWidth")


async def type_line(page: Page, *cells: str) -> None:
    """One visitor: what goes into each box in turn; Tab moves on, Enter saves."""
    await expect(page.locator("#who")).to_be_focused()
    for number, cell in enumerate(cells):
        if number:
            await page.keyboard.press("Tab")
        if cell:
            await page.keyboard.type(cell)
    await page.keyboard.press("Enter")


async def test_a_book_is_typed_with_the_keyboard_alone(
    phone: BrowserContext, live: Live, live_resident: MakeResident, live_owner: AsyncEngine
) -> None:
    operator = await live_resident()
    place = await place_of(live_owner, operator)
    page = await sign_in_as(phone, live, operator.token)
    await page.goto(f"/place/{place}")
    await page.get_by_role("link", name="Gõ danh sách giấy").click()
    await type_line(page, "0912345678", "Trần Thị Thử")
    await expect(page.get_by_text("Đã lưu dòng 1")).to_be_visible()
    await type_line(page, "Lê Văn Mẫu")
    await expect(page.get_by_text("Đã lưu dòng 2")).to_be_visible()
    await type_line(page, "0912345", "")
    await expect(page.get_by_text("Đã lưu dòng 3, nhưng cần xem lại")).to_be_visible()
    await type_line(page, "0912345678")
    await expect(page.get_by_text("giống một dòng bạn đã gửi").first).to_be_visible()
    await (
        page.get_by_role("navigation", name="Danh sách giấy")
        .get_by_text("Dòng cần xem lại")
        .click()
    )
    await page.get_by_role("link", name="Xem lại Dòng 3").click()
    await page.get_by_label("Số điện thoại").fill("0987654321")
    await page.get_by_role("button", name="Lưu và nhận dòng này").click()
    await expect(page.get_by_text("Không có dòng nào chờ")).to_be_visible()
    await page.goto(f"/place/{place}/paper")
    # The worker takes them meanwhile.
    for _ in range(60):
        if await page.get_by_text("Đã nhận").count() == 3:
            break
        await page.wait_for_timeout(500)
        await page.reload()
    await expect(page.get_by_text("Đã nhận")).to_have_count(3)
    async with live_owner.connect() as connection:
        visits = await connection.scalar(
            text("SELECT count(*) FROM visit WHERE place_id = :place"), {"place": place}
        )
    assert visits == 3


async def test_a_file_goes_from_its_trial_to_its_visits(
    desktop: BrowserContext,
    live: Live,
    live_resident: MakeResident,
    live_owner: AsyncEngine,
    tmp_path: Path,
) -> None:
    operator = await live_resident()
    place = await place_of(live_owner, operator)
    file = tmp_path / "sổ khách.csv"
    file.write_text("Khách;Điện thoại;Vào\nAn Thử;0912000111;0:05\nBình Thử;0912;0:10\n")
    page = await sign_in_as(desktop, live, operator.token)
    await page.goto(f"/place/{place}/paper/import")
    await page.get_by_label("Tệp danh sách").set_input_files(file)
    await page.get_by_role("button", name="Đọc thử tệp").click()
    # A file without a date: rows tell only the time, so the day has to be said.
    await expect(page.get_by_text("Tệp không có ngày chung")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("link", name="Đổi cột").click()
    await page.get_by_label("Ngày của danh sách").fill("1/1")
    await page.get_by_label("Cột B: Điện thoại").select_option("Ghi chú")
    await page.get_by_role("button", name="Đọc tệp theo các cột này").click()
    await expect(page.get_by_text("Ngày dùng cho dòng không ghi ngày")).to_be_visible(
        timeout=PATIENCE
    )
    await expect(page.get_by_text("Quá thời gian lưu lượt đến").first).to_be_visible()
    await page.get_by_role("link", name="Đổi cột").click()
    async with live_owner.connect() as connection:
        yesterday = await connection.scalar(
            text(
                "SELECT to_char((now() - interval '1 day') AT TIME ZONE 'Asia/Ho_Chi_Minh',"
                " 'DD/MM/YYYY')"
            )
        )
    await page.get_by_label("Ngày của danh sách").fill(str(yesterday))
    await page.get_by_label("Cột B: Điện thoại").select_option("Số điện thoại")
    await page.get_by_role("button", name="Đọc tệp theo các cột này").click()
    await page.get_by_role("button", name="Ghi nhận 1 dòng").click(timeout=PATIENCE)
    await expect(page.get_by_text("dòng đã ghi nhận")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_text("Số điện thoại không đúng.").first).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_axe_finds_nothing(
    browser: Browser,
    live: Live,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    live_owner: AsyncEngine,
    width: dict[str, int],
) -> None:
    operator, tracer = await live_resident(), await live_officer("tracer", AREA)
    place = await place_of(live_owner, operator)
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    context = await browser.new_context(
        base_url=live.url,
        viewport=width,  # type: ignore[arg-type] # the same two numbers
        bypass_csp=True,
        locale="vi-VN",
        service_workers="block",
    )
    page = await sign_in_as(context, live, operator.token)
    base = f"/place/{place}/paper"
    await page.goto(base)
    await type_line(page, "0912")
    await expect(page.get_by_text("cần xem lại").first).to_be_visible()
    await check_page(page)
    await page.goto(f"{base}/import")
    await check_page(page)
    await page.locator("#file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"An,0912345678\n"}
    )
    await page.get_by_role("button", name="Đọc thử tệp").click()
    await expect(page.get_by_role("heading", name="Cột nào là gì?")).to_be_visible()
    await check_page(page)
    await page.goto(f"{base}/waiting")
    await check_page(page)
    await page.get_by_role("link", name="Xem lại Dòng 1").click()
    await check_page(page)
    await page.locator("#refuse").scroll_into_view_if_needed()
    desk = await sign_in_as(context, live, tracer.token)
    for path in ("/desk/paper", f"/desk/paper/waiting/{place}"):
        await desk.goto(path)
        await check_page(desk)
    await desk.get_by_role("link", name="Mở dòng Dòng 1").click()
    await check_page(desk)
    await desk.get_by_role("button", name="Mở dòng").click()
    await check_page(desk)
    await context.close()
