"""A phone at a poster: known, new, leaving, and the diary afterwards."""

import re

from playwright.async_api import BrowserContext, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import new_code
from tests.conftest import AREA, MakeResident
from tests.e2e.conftest import Live, sign_in_as


async def make_place(owner: AsyncEngine, name: str = "Quán Phở Cây Bàng") -> str:
    async with owner.begin() as connection:
        place = await connection.scalar(
            text("INSERT INTO place (name, kind, area) VALUES (:name, 'food', :area) RETURNING id"),
            {"name": name, "area": AREA},
        )
        code = new_code()
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": code, "place": place},
        )
    return code


async def test_one_tap_for_a_signed_in_phone(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    page = await sign_in_as(phone, live, (await live_resident()).token)
    await page.goto(f"/P/{code}")
    await expect(page.locator(".plate-name")).to_have_text("Quán Phở Cây Bàng")
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã vào")
    await page.goto(f"/p/{code}")
    await page.get_by_role("button", name="Tôi rời đi").tap()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã rời đi")
    await page.get_by_role("link", name="Nhật ký").first.click()
    await expect(page.locator(".diary-name")).to_have_text(["Quán Phở Cây Bàng"])


async def test_two_screens_for_a_new_phone(
    live: Live, live_owner: AsyncEngine, phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    page = await phone.new_page()
    await page.goto(f"/p/{code}")
    await page.get_by_label("Số điện thoại").fill("12")
    await page.get_by_role("button", name="Gửi mã").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    await page.get_by_label("Số điện thoại").fill("0912 000 871")
    await page.get_by_role("button", name="Gửi mã").click()
    outbox = await phone.new_page()
    await outbox.goto("/dev/outbox")
    body = await outbox.locator("body").inner_text()
    one_time = re.search(r"\b(\d{6})\b", body)
    assert one_time is not None, body
    wrong = "000000" if one_time[1] != "000000" else "000001"
    await page.get_by_label("Mã 6 chữ số").fill(wrong)
    await page.get_by_role("button", name="Vào đây").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    await page.get_by_label("Mã 6 chữ số").fill(one_time[1])
    await page.get_by_role("button", name="Vào đây").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã vào")


async def test_a_link_preview_does_not_check_in(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    page = await sign_in_as(phone, live, (await live_resident()).token)
    await page.goto(f"/p/{code}")
    await page.goto("/me/diary")
    await expect(page.get_by_text("Chưa có lượt nào")).to_be_visible()


async def test_correct_and_delete(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    page = await sign_in_as(phone, live, (await live_resident()).token)
    await page.goto("/me/diary/add")
    await page.get_by_label("Mã của điểm quét").fill(code.lower())
    await page.get_by_label("Giờ đến").fill("00:01")
    await page.get_by_label("Giờ rời").fill("00:00")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    yesterday = await page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)")
    await page.get_by_label("Ngày").fill(yesterday)
    await page.get_by_label("Giờ đến").fill("08:00")
    await page.get_by_label("Giờ rời").fill("09:30")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quán Phở Cây Bàng")
    await page.get_by_role("link", name="Xóa lượt này").click()
    await page.get_by_role("button", name="Xóa").click()
    await expect(page.get_by_text("Chưa có lượt nào")).to_be_visible()
