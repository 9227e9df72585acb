"""Cards as people handle them: a health station prints and gives out, a family attaches at home."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from lachan.identity.cards.service import numbers_of
from lachan.identity.credentials.domain import spoken_card
from lachan.kit.crypto import Keyring
from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.areas.test_pages import RULES
from tests.e2e.conftest import PHONE, Live, sign_in_as
from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e


async def _is_sound(page: Page) -> None:
    """Nothing that axe finds, nothing to scroll sideways."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    problems = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
    assert problems == [], page.url
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
async def narrow(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", bypass_csp=True, service_workers="block"
    )
    yield context
    await context.close()


async def test_a_station_prints_cards_gives_them_out_and_ends_them(
    narrow: BrowserContext, live: Live, live_officer: MakeOfficer, keyring: Keyring
) -> None:
    officer = await live_officer("tracer", "VN.01.00004")
    page = await sign_in_as(narrow, live, officer.token)
    await page.goto("/desk/cards")
    await _is_sound(page)
    await page.get_by_role("link", name="In lô thẻ mới").first.click()
    await page.get_by_role("button", name="Tạo lô thẻ").click()
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await _is_sound(page)
    await page.get_by_label("Tên lô thẻ").fill("Trạm y tế thử")
    await page.get_by_label("Số thẻ").fill("12")
    await page.get_by_role("button", name="Tạo lô thẻ").click()
    await page.wait_for_url(re.compile(r"/desk/cards/batches/\d+$"))
    await _is_sound(page)
    batch = int(page.url.rpartition("/")[2])
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Tải PDF").click()
    saved = await (await download.value).path()
    assert saved.read_bytes().startswith(b"%PDF")

    one, two = (spoken_card(number) for number in numbers_of(keyring, batch, (1, 2)))
    await page.goto("/desk/cards/issue")
    await _is_sound(page)
    await page.get_by_label("Số của thẻ trống").fill(one[:-1] + ("0" if one[-1] != "0" else "1"))
    await page.get_by_label("Họ và tên").fill("Cụ Thử")
    await page.get_by_label("Ngày sinh").fill("09/03/1950")
    await page.get_by_label("Số giấy tờ").fill("001150012345")
    await page.get_by_role("button", name="Cấp thẻ").click()
    await expect(page.locator("[data-error-summary]")).to_contain_text("Số thẻ có chỗ gõ")
    await page.get_by_label("Số của thẻ trống").fill(one)
    await page.get_by_role("button", name="Cấp thẻ").click()
    await expect(page.locator(".notice-success")).to_contain_text(f"{batch}-0001")
    await _is_sound(page)
    await page.get_by_label("Số của thẻ trống").fill(two)
    await page.get_by_label("Số của thẻ cũ").fill(one)
    await page.get_by_role("button", name="Cấp thẻ").click()
    await expect(page.locator(".notice-success")).to_contain_text(f"{batch}-0002")

    await page.goto("/desk/cards/withdraw")
    await _is_sound(page)
    await page.get_by_label("Số giấy tờ").fill("001150012345")
    await page.get_by_role("button", name="Hủy thẻ").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()
    await page.get_by_label("Ngày sinh").fill("9/3/1950")
    await page.get_by_role("button", name="Hủy thẻ").click()
    await expect(page.locator(".notice-success")).to_contain_text(f"{batch}-0002")
    await page.goto("/desk/cards")
    row = page.get_by_role("row", name=re.compile(f"{batch} · Trạm y tế thử"))
    await expect(row.get_by_role("cell").nth(5)).to_have_text("2")


async def test_a_family_attaches_a_card_and_reports_it_lost(
    narrow: BrowserContext, live: Live, live_officer: MakeOfficer, live_resident: MakeResident,
    keyring: Keyring,
) -> None:  # fmt: skip
    officer, me = await live_officer("admin", "VN.01"), await live_resident(area="VN.01.00004")
    made = await narrow.request.post(
        "/api/v1/cards/batches",
        headers=officer.headers,
        data={"label": "Trạm thử", "size": 2, "area": "VN.01.00004"},
    )
    batch = (await made.json())["id"]
    number = spoken_card(numbers_of(keyring, batch, [2])[0])
    page = await sign_in_as(narrow, live, me.token)
    await page.goto("/me/household/add")
    await page.get_by_label("Họ và tên").fill("Bà Thử")
    await page.get_by_role("button", name="Lưu").click()
    await page.get_by_role("link", name="Thẻ điểm danh").click()
    await _is_sound(page)
    await page.get_by_label("Số thẻ").fill("ABCD")
    await page.get_by_role("button", name="Gắn thẻ").click()
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await page.get_by_label("Số thẻ").fill(number.lower())
    await page.get_by_label("Bà Thử").check()
    await page.get_by_role("button", name="Gắn thẻ").click()
    await expect(page.get_by_role("listitem").filter(has_text=f"{batch}-0002")).to_contain_text(
        "Bà Thử"
    )
    await _is_sound(page)
    await page.get_by_role("link", name="Báo mất").click()
    await _is_sound(page)
    await page.get_by_role("button", name="Hủy thẻ").click()
    await expect(page.get_by_text("đã báo mất")).to_be_visible()
