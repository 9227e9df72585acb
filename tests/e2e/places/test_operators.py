"""An officer gives a place on paper and by phone; a resident takes it, and it is taken back."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import new_code
from tests.conftest import AREA, MakeOfficer, MakeResident
from tests.e2e.conftest import DESKTOP, Live, sign_in_as
from tests.e2e.places.conftest import is_sound

pytestmark = pytest.mark.e2e


async def test_a_place_is_given_on_paper_and_taken_back(
    narrow: BrowserContext,
    browser: Browser,
    live: Live,
    live_owner: AsyncEngine,
    live_officer: MakeOfficer,
    live_resident: MakeResident,
) -> None:
    async with live_owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, by_authority, folded) "
                "VALUES ('Nhà văn hóa Giao Nhận', 'event', :area, true, 'nha van hoa giao nhan') "
                "RETURNING id"
            ),
            {"area": AREA},
        )
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": new_code(), "place": place},
        )
    admin, keeper = await live_officer("admin", "VN.01"), await live_resident(area=AREA)
    page = await sign_in_as(narrow, live, admin.token)
    await page.goto("/desk/places?q=giao nhan")
    await page.get_by_role("link", name="Nhà văn hóa Giao Nhận").click()
    await is_sound(page)
    await page.get_by_label("Số điện thoại của người phụ trách").fill("12")
    await page.get_by_role("button", name="Gửi lời mời").click()
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await is_sound(page)
    await page.get_by_role("button", name="Tạo mã mời").click()
    code = await page.locator("[data-operator-code]").inner_text()
    await is_sound(page)

    other = await browser.new_context(base_url=live.url, locale="vi-VN", service_workers="block")
    mine = await sign_in_as(other, live, keeper.token)
    await mine.goto("/place")
    await mine.get_by_role("link", name="Tôi có mã mời").click()
    await mine.get_by_label("Mã mời").fill(code.lower())
    await mine.get_by_role("button", name="Tiếp tục").click()
    await mine.get_by_role("button", name="Nhận lời").click()
    await expect(mine.locator("h1")).to_contain_text("Nhà văn hóa Giao Nhận")

    await page.get_by_role("link", name="Xong").click()
    await expect(page.locator("main")).to_contain_text("Đã có người quản lý")
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # the shared dict is untyped
    await is_sound(page)
    await page.get_by_role("link", name="Thu hồi điểm quét").click()
    await is_sound(page)
    await page.get_by_label("Lý do").fill("Giao nhầm người")
    await page.get_by_role("button", name="Thu hồi").click()
    await expect(page.locator("main")).to_contain_text("Chưa có người quản lý")
    gone = await mine.goto(f"/place/{place}")
    assert gone is not None
    assert gone.status == 404
    await other.close()
