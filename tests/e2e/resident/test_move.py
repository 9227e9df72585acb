"""Moving to a new phone: its camera reads what the old phone shows."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import MakeResident
from tests.e2e.conftest import PHONE, Live
from tests.e2e.resident.conftest import (
    KEPT,
    PATIENCE_MS,
    add_member,
    camera_phone,
    film,
    make_place,
    scans_of,
    sign_in,
    type_code,
    until,
    visits_of,
)

pytestmark = pytest.mark.e2e


async def test_places_companions_and_waiting_scans_go_over_and_count_once(
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    browser: Browser,
    tmp_path: Path,
) -> None:
    market, school = await make_place(live_owner, "Chợ Hôm"), await make_place(live_owner, "Trường")
    someone, stranger = await live_resident(), await live_resident()
    # Without a service worker nothing of the old phone's can leave behind the test's back.
    old = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", has_touch=True, service_workers="block"
    )
    old.set_default_timeout(PATIENCE_MS)
    await sign_in(old, live, someone)
    child = await add_member(old, live, "Nguyễn Văn Bé")
    page = await old.new_page()
    await page.goto("/me/scan")
    await until(page, f"{KEPT}('values', 'me').then(me => me.household.length === 1)")
    await type_code(page, market)
    await page.get_by_label("Nguyễn Văn Bé").locator("xpath=..").tap()
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    await page.route("**/api/v1/visits", lambda route: route.abort())
    await page.get_by_role("button", name="Quét mã khác").tap()
    await type_code(page, school)
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.locator("[data-done-title]")).to_have_text("Đã lưu trên máy")
    await page.goto("/me/move")
    await page.get_by_role("button", name="Hiện mã chuyển").tap()
    await expect(page.locator("[data-move] path")).to_have_count(1)
    shown = await page.locator("[data-move] svg").screenshot()
    path = film(Image.open(BytesIO(shown)), tmp_path / "move.mjpeg")

    async with camera_phone(live, path) as phone:
        await sign_in(phone, live, stranger)
        new = await phone.new_page()
        await new.goto("/me/scan")
        await expect(new.locator("[data-camera-hint]")).to_contain_text("không phải của bạn")
        await sign_in(phone, live, someone)
        await new.goto("/me/diary")
        await new.goto("/me/scan")
        await expect(new.locator("[data-camera-hint]")).to_contain_text("Đã chuyển")
        await expect(new.locator("[data-go]", has_text="Chợ Hôm")).to_be_visible()
        choices = await new.evaluate(f"{KEPT}('values', 'choices')")
        assert choices == {"person": someone.id, "people": [child]}
        await until(new, f"{KEPT}('scans').then(all => all.every(one => one.state === 'taken'))")
    assert [name for name, _ in await visits_of(live_owner, someone.id)] == ["Chợ Hôm", "Trường"]
    assert await visits_of(live_owner, stranger.id) == []

    await page.unroute("**/api/v1/visits")
    await page.goto("/me/diary")
    await until(page, f"{KEPT}('scans').then(all => all.every(one => one.state === 'taken'))")
    assert await scans_of(live_owner, someone.id) == 2
    await old.close()
