"""A tracer's day in a real browser: open a case, trace it, read why, open a name, note the call."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.service import enrol_person
from lachan.kit.crypto import Keyring
from tests.conftest import MakeOfficer, MakeResident
from tests.days import midnight, today
from tests.e2e.conftest import PHONE, Live, sign_in_as
from tests.integration.tracing.conftest import write_visit

pytestmark = pytest.mark.e2e

WARD = "VN.01.00008"
WARD_NAME = "Phường Ngọc Hà"


def at(hour: float) -> datetime:
    return midnight(1) + timedelta(hours=hour)


async def furnish(owner: AsyncEngine, keyring: Keyring, phone: str) -> None:
    """Somebody with this phone who sat in a café yesterday, and two people who did too."""
    async with owner.begin() as connection:
        sick = await enrol_person(connection, keyring, phone=phone, home_area=WARD)
        met = await enrol_person(
            connection,
            keyring,
            phone=f"{phone[:-1]}{(int(phone[-1]) + 1) % 10}",
            name="Lê Thị Ví Dụ",
            home_area=WARD,
        )
        late = await enrol_person(connection, keyring, home_area=WARD)
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, ventilation) "
                "VALUES ('Quán Sen Vàng', 'food', :area, 'poor') RETURNING id"
            ),
            {"area": WARD},
        )
        await write_visit(connection, sick, place, None, at(8), at(9.5))
        await write_visit(connection, met, place, None, at(9), at(11))
        await write_visit(connection, late, place, None, at(10), at(11))


@pytest.fixture
async def without_scripts(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    yield context
    await context.close()


async def test_from_a_phone_call_to_a_list_of_contacts(
    live: Live,
    live_owner: AsyncEngine,
    keyring: Keyring,
    phone: BrowserContext,
    live_officer: MakeOfficer,
) -> None:
    await furnish(live_owner, keyring, "0938000010")
    officer = await live_officer("tracer", WARD)
    page = await sign_in_as(phone, live, officer.token)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    await page.goto("/desk")
    await expect(page.get_by_text(f"Địa bàn của bạn: {WARD_NAME}")).to_be_visible()
    await expect(page.get_by_role("heading", name="Chưa có ca bệnh nào")).to_be_visible()
    await page.get_by_role("link", name="Mở hồ sơ ca bệnh").first.click()

    await page.get_by_label("Số điện thoại").fill("0938000010")
    await page.get_by_role("button", name="Mở hồ sơ").last.click()
    summary = page.get_by_role("alert").filter(has_text="Cần sửa")
    await expect(summary).to_contain_text("Chọn bệnh có trong danh sách")
    await page.get_by_text("COVID-19", exact=True).click()
    await page.get_by_label("Ngày khởi phát").fill(today().isoformat())
    await page.get_by_role("button", name="Mở hồ sơ").last.click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("COV-")
    await expect(page.get_by_text("Có thể lây cho người khác từ")).to_be_visible()
    await expect(page.get_by_role("heading", name="Quán Sen Vàng")).to_be_visible()
    # The first answer to a 422 is reported by the browser's own console; nothing else may be.
    problems.clear()
    await page.get_by_role("button", name="Chạy thử").click()
    await expect(page.get_by_role("heading", name="Kết quả chạy thử")).to_be_visible(timeout=15000)
    await page.get_by_role("button", name="Truy vết", exact=True).click()
    why = page.get_by_text("Ở cùng nơi với ca COV-")
    await expect(why).to_be_visible(timeout=15000)
    await expect(why).to_contain_text("từ 09:00 đến 09:30")
    await expect(page.get_by_text("không khí chưa kịp thay")).to_be_visible()
    await expect(page.get_by_role("link", name="Soạn cảnh báo")).to_be_visible()
    await expect(page.get_by_text("Lê Thị Ví Dụ")).to_have_count(0)

    await page.get_by_role("row").filter(has=why).get_by_role("link", name="Mở").click()
    await page.get_by_role("button", name="Mở họ tên và số điện thoại").click()
    await expect(page.get_by_role("alert").filter(has_text="Cần sửa")).to_be_visible()
    await page.get_by_label("Lý do mở").fill("Gọi điều tra dịch tễ")
    await page.get_by_role("button", name="Mở họ tên và số điện thoại").click()
    await expect(page.get_by_text("Lê Thị Ví Dụ")).to_be_visible()
    await page.get_by_text("Đã gọi", exact=True).click()
    await page.get_by_role("button", name="Lưu tình trạng").click()
    await expect(page.get_by_text("Lê Thị Ví Dụ")).to_have_count(0)
    await page.goto("/desk/contacts?status=called&level=1")
    await expect(page.get_by_text("Ở cùng nơi với ca COV-")).to_be_visible()
    assert not [one for one in problems if "422" not in one]


async def test_everything_works_without_scripts(
    live: Live,
    live_owner: AsyncEngine,
    keyring: Keyring,
    without_scripts: BrowserContext,
    live_officer: MakeOfficer,
) -> None:
    officer = await live_officer("tracer", "VN.01")
    page = await sign_in_as(without_scripts, live, officer.token)
    await page.goto("/desk/cases/new")
    await page.get_by_label("Số điện thoại").fill("0938000020")
    await page.get_by_text("Sởi", exact=True).click()
    await page.get_by_label("Ngày lấy mẫu").fill(today().isoformat())
    await page.get_by_label("Nơi ở").fill("ba dinh")
    await page.get_by_role("button", name="Tìm").click()
    await page.get_by_text("Phường Ba Đình, Thành phố Hà Nội").click()
    await page.get_by_role("button", name="Mở hồ sơ").last.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("SOI-")
    await expect(page.get_by_text("tính theo ngày lấy mẫu")).to_be_visible()
    await page.get_by_role("button", name="Truy vết", exact=True).click()
    for _ in range(40):
        refresh = page.get_by_role("link", name="Tải lại để xem tiến độ")
        if not await refresh.count():
            break
        await page.wait_for_timeout(250)
        await page.reload()
    await expect(page.get_by_role("heading", name="Không tìm thấy người tiếp xúc")).to_be_visible()
    await page.get_by_label("Phân loại").select_option(label="Ca loại trừ")
    await page.get_by_role("button", name="Đổi phân loại").click()
    await expect(page.get_by_text("Ca loại trừ").first).to_be_visible()
    await expect(page.get_by_role("button", name="Truy vết")).to_have_count(0)


async def test_the_pages_are_for_tracers_of_the_area(
    live: Live, live_officer: MakeOfficer, live_resident: MakeResident
) -> None:
    auditor, resident = await live_officer("auditor", "VN.01"), await live_resident()
    async with httpx.AsyncClient(base_url=live.url, headers={"accept": "text/html"}) as http:
        answer = await http.get("/desk/cases")
        assert answer.headers["location"] == "/desk/login?next=/desk/cases"
        for someone in (auditor, resident):
            for path in ("/desk/cases", "/desk/cases/new", "/desk/cases/1", "/desk/contacts"):
                answer = await http.get(path, headers=someone.headers)
                assert answer.status_code == 403, path
        assert (await http.get("/desk", headers=resident.headers)).status_code == 403
        assert (await http.get("/desk", headers=auditor.headers)).status_code == 200
        tracer = await live_officer("tracer", "VN.79")
        for path in ("/desk/cases/1", "/desk/contacts/1", "/desk/cases/new?contact=1"):
            assert (await http.get(path, headers=tracer.headers)).status_code == 404, path
