"""Registering a place on a phone: without scripts, with the phone's position, and with mistakes."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import PHONE, Live, sign_in_as

pytestmark = pytest.mark.e2e


async def answer_up_to_rooms(page: Page, name: str) -> None:
    await page.goto("/place/new")
    await page.get_by_label("Tên điểm quét").fill(name)
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_label("Trường học").check()
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_label("Tìm phường, xã").fill("dich vong hau")
    # Enter searches; it must not skip the question.
    await page.get_by_label("Tìm phường, xã").press("Enter")
    await page.get_by_label(re.compile("Phường Cầu Giấy")).check()
    await page.get_by_label("Địa chỉ").fill("Số 1, ngõ 2")
    await page.get_by_role("button", name="Tiếp tục").click()


async def test_two_minutes_without_scripts(
    browser: Browser, live: Live, live_resident: MakeResident
) -> None:
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    page = await sign_in_as(context, live, (await live_resident()).token)
    await page.goto("/place")
    await page.get_by_role("link", name="Đăng ký điểm quét").click()
    await answer_up_to_rooms(page, "Trường Tiểu học Thử Nghiệm")
    await page.get_by_label("Tên các phòng").fill("Lớp 1A\n\nLớp 1B\n")
    await page.get_by_role("button", name="Tiếp tục").click()
    summary = page.locator("dl.summary")
    await expect(summary).to_contain_text("Phường Cầu Giấy, Thành phố Hà Nội")
    await expect(summary).to_contain_text("Lớp 1A, Lớp 1B")
    # Going back to one answer keeps the others.
    await page.get_by_role("button", name="Sửa Tên điểm quét").click()
    await page.get_by_label("Tên điểm quét").fill("Trường Tiểu học Thử Nghiệm số 2")
    for _ in range(4):
        await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("button", name="Đăng ký", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Trường Tiểu học Thử Nghiệm số 2"
    )
    assert re.search(r"/place/\d+\?new=1$", page.url)
    poster = await page.get_by_role("link", name="Tờ dán A4").get_attribute("href")
    answer = await page.request.get(str(poster))
    assert answer.headers["content-type"] == "application/pdf"
    await expect(page.get_by_text("<5", exact=True)).to_be_visible()

    old = str(poster)
    await page.get_by_role("link", name="Đổi mã", exact=True).last.click()
    await page.get_by_role("button", name="Đổi mã").click()
    await expect(page.get_by_text("Đã đổi mã.")).to_be_visible()
    assert (await page.request.get(old)).status == 410
    await page.get_by_role("link", name="Đóng điểm quét").click()
    await page.get_by_role("button", name="Đóng điểm quét").click()
    await expect(page.get_by_role("heading", name="Đã đóng", exact=True)).to_be_visible()
    await context.close()


async def test_mistakes_are_shown_where_they_are(
    phone: BrowserContext, live: Live, live_resident: MakeResident
) -> None:
    page = await sign_in_as(phone, live, (await live_resident()).token)
    await page.goto("/place/new")
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.locator(".error-summary")).to_contain_text("Mục này là bắt buộc")
    await page.get_by_label("Tên điểm quét").fill("Chợ")
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.locator(".error-summary")).to_contain_text("Hãy chọn một loại")
    await page.get_by_label("Chợ, siêu thị").check()
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.locator(".error-summary")).to_contain_text("Hãy cho biết phường, xã")
    await page.get_by_label("Tìm phường, xã").fill("khongcophuongnay")
    await page.get_by_role("button", name="Tìm", exact=True).click()
    await expect(page.get_by_text("Không tìm thấy phường, xã nào")).to_be_visible()
    await page.get_by_label("Tìm phường, xã").fill("ba dinh")
    await page.get_by_role("button", name="Tìm", exact=True).click()
    await page.get_by_label(re.compile("Phường Ba Đình, Thành phố Hà Nội")).check()
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_label("Tên các phòng").fill("A\nB\na")
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.locator(".error-summary")).to_contain_text("Đã có phòng tên này")


async def test_the_phones_position_finds_the_ward(
    browser: Browser, live: Live, live_resident: MakeResident
) -> None:
    context = await browser.new_context(
        base_url=live.url,
        viewport=PHONE,
        locale="vi-VN",
        permissions=["geolocation"],
        geolocation={"latitude": 21.0386, "longitude": 105.838},
    )
    page = await sign_in_as(context, live, (await live_resident()).token)
    await page.goto("/place/new")
    await page.get_by_label("Tên điểm quét").fill("Quán nước đầu ngõ")
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_label("Quán ăn").check()
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("button", name="Dùng vị trí của tôi").click()
    await expect(page.get_by_label(re.compile("Phường Ba Đình"))).to_be_checked()
    await context.close()


async def test_officers_find_places_of_their_areas_only(
    desktop: BrowserContext, live: Live, live_resident: MakeResident, live_officer: MakeOfficer
) -> None:
    owner = await live_resident()
    for name, area in (("Nhà văn hóa Đống Đa", "VN.01.00229"), ("Nhà văn hóa xa", "VN.01.00004")):
        answer = await desktop.request.post(
            "/api/v1/places",
            data={"name": f"=HYPERLINK {name}", "kind": "office", "area": area},
            headers=owner.headers,
        )
        assert answer.status == 201
    officer = await live_officer("safety_inspector", "VN.01.00229")
    page = await sign_in_as(desktop, live, officer.token)
    await page.goto("/desk/places")
    await page.get_by_label("Tìm theo tên").fill("NHA VAN HOA")
    await page.get_by_role("button", name="Tìm", exact=True).click()
    table = page.get_by_role("table")
    await expect(table).to_contain_text("=HYPERLINK Nhà văn hóa Đống Đa")
    await expect(table).not_to_contain_text("Nhà văn hóa xa")
