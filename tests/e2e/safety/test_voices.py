"""A resident reports, the school answers, the resident reopens, the inspector closes."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import MakeOfficer
from tests.e2e.conftest import PATIENCE_MS, PHONE, Live
from tests.e2e.places.conftest import is_sound
from tests.e2e.safety.test_facility import photo, school
from tests.integration.safety.conftest import Facility

pytestmark = pytest.mark.e2e

__all__ = ["school"]

SAID = "Nhà bếp không có nước rửa tay từ sáng thứ hai."
ANSWER = "Đã nối lại ống nước, bếp trưởng kiểm tra mỗi buổi."
STILL = "Chiều nay vẫn chưa có nước ở bồn phía sau."
ORDER = "Lắp thêm một bồn rửa tay ở cửa bếp."
SEEN = "Đã xem tại chỗ: có nước, bồn mới."

MET, NOT_MET = re.compile("^Đạt$"), re.compile("^Chưa đạt$")

OpenAs = Callable[[str | None], Awaitable[Page]]


@pytest.fixture
async def open_as(browser: Browser, live: Live) -> AsyncIterator[OpenAs]:
    """A phone of somebody, each with a browser of their own in which axe may look."""
    opened: list[BrowserContext] = []

    async def make(token: str | None) -> Page:
        context = await browser.new_context(
            base_url=live.url,
            viewport=PHONE,
            locale="vi-VN",
            bypass_csp=True,
            service_workers="block",
        )
        opened.append(context)
        if token:
            await context.add_cookies([{"name": "lachan_session", "value": token, "url": live.url}])
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield make
    for context in opened:
        await context.close()


async def held(owner: AsyncEngine, school: Facility) -> str | None:
    async with owner.connect() as connection:
        found = await connection.scalar(
            text("SELECT held FROM place_safety WHERE place_id = :place"), {"place": school.id}
        )
        return None if found is None else str(found)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()


async def inspect(page: Page, *, wrong: str | None, order: str | None) -> None:
    """Fill the form as an inspector does: every criterion by thumb."""
    for item in await page.locator(".check-item").all():
        code = (await item.locator(".check-code").inner_text()).rstrip(".")
        met = code != wrong
        answer = item.locator(".choice-label", has_text=MET if met else NOT_MET)
        await answer.click()
        if not met and order:
            await item.get_by_text("Yêu cầu khắc phục, ghi chú").click()
            await item.get_by_label("Yêu cầu khắc phục", exact=True).fill(order)
    await press(page, "Ghi lần kiểm tra")


async def tell(resident: Page, school: Facility) -> str:
    """Report with a photo, without an account; where it is followed."""
    await resident.goto(f"/map/places/{school.id}/tell")
    await press(resident, "Gửi phản ánh")
    await expect(resident.get_by_role("alert")).to_contain_text("Mục này là bắt buộc")
    await is_sound(resident)
    await resident.get_by_label("Bạn thấy gì?").fill(SAID)
    await resident.get_by_label("Thuộc tiêu chí nào?").select_option(index=2)
    await resident.locator("#photo").set_input_files(
        {"name": "bep.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    await press(resident, "Gửi phản ánh")
    await expect(resident.get_by_text("Đã gửi phản ánh")).to_be_visible()
    await is_sound(resident)
    return resident.url.split("?", maxsplit=1)[0]


async def answer(staff: Page, school: Facility) -> None:
    await staff.goto(f"/safety/{school.id}/voices")
    await expect(staff.get_by_text(SAID)).to_be_visible()
    await expect(staff.locator(".voice-photos img")).to_have_count(1)
    await is_sound(staff)
    await staff.get_by_label("Câu trả lời của cơ sở").fill(ANSWER)
    await press(staff, "Gửi trả lời")
    await expect(staff.get_by_text("Đã gửi trả lời")).to_be_visible()


async def reopen(resident: Page, follow: str) -> None:
    await resident.goto(follow)
    await expect(resident.get_by_text(ANSWER)).to_be_visible()
    await resident.get_by_label("Điều gì vẫn chưa đúng?").fill(STILL)
    await press(resident, "Mở lại phản ánh")
    await expect(resident.get_by_text("Đã mở lại.")).to_be_visible()
    await is_sound(resident)


async def order_a_repair(inspector: Page) -> str:
    """From the queue to an inspection with an order; its address."""
    await inspector.goto("/desk/safety")
    await expect(inspector.get_by_text(STILL)).to_be_visible()
    await is_sound(inspector)
    await inspector.get_by_role("link", name="Trường Tiểu học Thử").first.click()
    await expect(inspector.locator(".voice-photos img")).to_have_count(1)
    await is_sound(inspector)
    await inspector.get_by_role("link", name="Kiểm tra", exact=True).click()
    await is_sound(inspector)
    await inspect(inspector, wrong="4", order=ORDER)
    await expect(inspector.get_by_text("Đã ghi lần kiểm tra")).to_be_visible()
    await is_sound(inspector)
    return inspector.url.split("?", maxsplit=1)[0]


async def close_the_report(inspector: Page) -> None:
    await inspector.goto("/desk/safety?which=reopened")
    await inspector.get_by_role("link", name="Trường Tiểu học Thử").first.click()
    await inspector.get_by_label("Ghi chú").fill(SEEN)
    await press(inspector, "Xác nhận là đúng")
    await press(inspector, "Khép lại: đã khắc phục")
    await expect(inspector.get_by_text("Đã khép lại").first).to_be_visible()


async def test_the_whole_story(
    live_owner: AsyncEngine, school: Facility, live_officer: MakeOfficer, open_as: OpenAs
) -> None:
    resident, staff = await open_as(None), await open_as(school.owner.token)
    inspector = await open_as((await live_officer("safety_inspector", "VN.79")).token)
    follow = await tell(resident, school)
    await answer(staff, school)
    await reopen(resident, follow)
    inspection = await order_a_repair(inspector)
    assert await held(live_owner, school) == "repair"

    await staff.reload()
    await expect(staff.get_by_text(ORDER)).to_be_visible()
    await press(staff, "Báo đã khắc phục xong")
    await expect(staff.get_by_text("Đã báo khắc phục xong.")).to_be_visible()
    # The place says so; only an inspector takes the colour off.
    assert await held(live_owner, school) == "repair"

    await inspector.goto(inspection)
    await inspector.get_by_role("link", name="Kiểm tra lại").click()
    await is_sound(inspector)
    await inspect(inspector, wrong=None, order=None)
    await expect(inspector.get_by_text("Đã ghi lần kiểm tra")).to_be_visible()
    assert await held(live_owner, school) is None
    await close_the_report(inspector)
    await resident.goto(follow)
    await expect(resident.get_by_text(SEEN)).to_be_visible()

    for path in (f"/desk/safety/places/{school.id}", "/desk/safety/silent"):
        await inspector.goto(path)
        await is_sound(inspector)
