"""An admin brings a register in on a phone, and the roll-out report counts what came."""

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.places.domain import cell_of
from tests.conftest import MakeOfficer
from tests.e2e.conftest import PATIENCE_MS, Live
from tests.e2e.places.conftest import is_sound

pytestmark = pytest.mark.e2e

# A ward of its own, so that places of other tests are not alike.
LIST = (
    "Mã;Tên;Loại;Vĩ độ;Kinh độ\n"
    "P1;Trường Tiểu học Sơn Ca;TH;21.1010;105.4010\n"
    "P2;Trường THCS Sơn Ca;THCS;21.1020;105.4030\n"
    "P3;Trạm Y tế ngược;trạm y tế;105.4010;21.1010\n"
)


async def phone_of(narrow: BrowserContext, live: Live, token: str) -> Page:
    await narrow.add_cookies([{"name": "lachan_session", "value": token, "url": live.url}])
    page = await narrow.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def test_a_register_comes_in_line_by_line_and_is_counted(
    narrow: BrowserContext, live: Live, live_owner: AsyncEngine, live_officer: MakeOfficer
) -> None:
    admin = await live_officer("admin", "VN.01")
    async with live_owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO place (name, kind, area, lat, lon, h3, folded) VALUES "
                "('Trường Tiểu học Sơn Ca Xanh', 'school', 'VN.01.00004', 21.1011, 105.4011, "
                ":cell, '')"
            ),
            {"cell": cell_of(21.1011, 105.4011)},
        )
    page = await phone_of(narrow, live, admin.token)
    await page.goto("/desk/safety/import")
    await is_sound(page)
    await page.set_input_files(
        "#file", {"name": "so.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    await page.get_by_role("button", name="Kiểm tra tệp").click()
    # The worker reads it; the page looks by itself until it is done.
    doubtful = page.get_by_role("region", name="Dòng 2: Trường Tiểu học Sơn Ca")
    await expect(doubtful).to_contain_text("Trường Tiểu học Sơn Ca Xanh")
    await is_sound(page)
    await page.get_by_role("link", name="Bị từ chối").click()
    await expect(page.get_by_role("table")).to_contain_text("Vĩ độ và kinh độ bị đổi chỗ")
    await page.get_by_role("link", name="Chưa chắc, cần người xem").click()
    await doubtful.get_by_role("button", name="Nơi khác, đăng ký mới").click()
    await expect(doubtful).to_contain_text("Đã quyết định: đăng ký mới")
    await page.get_by_role("button", name="Nhập 2 dòng").click()
    await expect(page.get_by_text("Đã nhập: 2 nơi mới")).to_be_visible()
    await is_sound(page)

    await page.goto("/desk/rollout?group=school")
    await is_sound(page)
    row = page.get_by_role("row", name="Trường học").first
    await row.get_by_role("link").nth(2).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đang hoạt động")
    await expect(page.get_by_role("link", name="Trường THCS Sơn Ca")).to_be_visible()
    await is_sound(page)
