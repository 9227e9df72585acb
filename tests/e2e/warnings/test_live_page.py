"""A warning reaches an open page on a real phone browser, and can be read, disputed, withdrawn."""

import pytest
from playwright.async_api import BrowserContext, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import Live, sign_in_as
from tests.integration.warnings.conftest import MakeTraced, traced_by

pytestmark = pytest.mark.e2e

# When the page began to show an alert with these words, in milliseconds of the day's clock.
WATCH = """words => {
  const look = () => {
    const told = [...document.querySelectorAll('[role=alert]')]
      .some(alert => alert.checkVisibility() && alert.textContent.includes(words));
    if (told) window.toldAt = Date.now();
    else setTimeout(look, 20);
  };
  look();
}"""


@pytest.fixture
def make_traced(live_owner: AsyncEngine) -> MakeTraced:
    return traced_by(live_owner)


async def test_from_the_officers_button_to_an_open_phone(
    live: Live,
    live_owner: AsyncEngine,
    phone: BrowserContext,
    desktop: BrowserContext,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    someone, officer = await live_resident(), await live_officer()
    case = await make_traced(someone.id, officer=officer.id)
    page = await sign_in_as(phone, live, someone.token)
    await page.goto("/me/warnings")
    await expect(page.get_by_role("heading", name="Không có cảnh báo nào")).to_be_visible()
    await page.goto("/me/diary")
    desk = await sign_in_as(desktop, live, officer.token)
    await desk.goto(f"/desk/warnings/new?case={case.id}")
    await expect(desk.get_by_role("heading", name="Sẽ cảnh báo 1 người tại 1 nơi")).to_be_visible()
    await page.evaluate(WATCH, "Bạn có 1 cảnh báo mới")
    await desk.get_by_role("button", name="Duyệt và cảnh báo 1 người").click()
    alert = page.get_by_role("alert").filter(has_text="Bạn có 1 cảnh báo mới")
    await expect(alert).to_be_visible()
    async with live_owner.connect() as connection:
        approved = await connection.scalar(
            text("SELECT extract(epoch FROM max(approved_at)) FROM warning WHERE case_id = :case"),
            {"case": case.id},
        )
    # From the approval, on the clock that both share: how long a button takes to be pressed by a
    # test on a busy machine is not the phone's.
    seconds = await page.evaluate("window.toldAt") / 1000 - float(approved)
    await expect(alert).to_contain_text("Chợ Thử, Dãy hàng cá")
    await expect(page.locator(".nav-badge")).to_have_text("1")
    await alert.get_by_role("link", name="Xem và biết cần làm gì").click()
    await expect(page.get_by_text("cùng phòng trong 45 phút")).to_be_visible()
    await expect(page.get_by_text("gọi cấp cứu 115")).to_be_visible()
    await expect(page.locator(".nav-badge")).to_have_count(0)

    await page.get_by_role("button", name="Gửi phản ánh").click()
    await expect(page.get_by_role("alert").filter(has_text="Cần sửa")).to_be_visible()
    await page.get_by_label("Điều gì không đúng").fill("Hôm đó tôi không đi chợ.")
    await page.get_by_role("button", name="Gửi phản ánh").click()
    await expect(page.get_by_text("Đã nhận phản ánh của bạn")).to_be_visible()
    await desk.reload()
    await expect(desk.get_by_text("Hôm đó tôi không đi chợ.")).to_be_visible()
    await desk.get_by_label("Trả lời cho người này").fill("Chúng tôi đã kiểm tra lại.")
    await desk.get_by_role("button", name="Gửi trả lời").click()
    await expect(desk.get_by_text("Chúng tôi đã kiểm tra lại.")).to_be_visible()
    await desk.get_by_label("Lý do").fill("Kết quả khẳng định âm tính.")
    await desk.get_by_role("button", name="Thu hồi").click()
    await expect(desk.get_by_text("Lý do: Kết quả khẳng định âm tính.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Cảnh báo này đã được thu hồi")).to_be_visible()
    await expect(page.get_by_text("Chúng tôi đã kiểm tra lại.")).to_be_visible()
    assert seconds < 2


async def test_without_scripts_everything_still_works(
    live: Live,
    browser_without_scripts: BrowserContext,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    make_traced: MakeTraced,
) -> None:
    someone, officer = await live_resident(), await live_officer()
    case = await make_traced(someone.id, officer=officer.id)
    page = await sign_in_as(browser_without_scripts, live, officer.token)
    await page.goto(f"/desk/warnings/new?case={case.id}&level=2")
    await expect(page.get_by_role("heading", name="Không có ai để cảnh báo")).to_be_visible()
    await page.goto(f"/desk/warnings/new?case={case.id}")
    await page.get_by_role("button", name="Lưu bản nháp").click()
    await page.get_by_role("button", name="Duyệt và cảnh báo 1 người").click()
    await expect(page.get_by_text("Đã duyệt", exact=True)).to_be_visible()
