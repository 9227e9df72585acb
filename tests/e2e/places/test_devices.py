"""Keys for doors and for programs, given and taken away in a browser."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import BrowserContext, expect

from lachan.kit.clock import now
from tests.conftest import AREA, MakeOfficer, MakeResident
from tests.e2e.conftest import DESKTOP, Live, sign_in_as
from tests.e2e.places.conftest import is_sound

pytestmark = pytest.mark.e2e


async def test_a_door_gets_a_key_and_loses_it(
    narrow: BrowserContext, live: Live, live_resident: MakeResident
) -> None:
    keeper = await live_resident(area=AREA)
    async with httpx.AsyncClient(base_url=live.url) as http:
        made = await http.post(
            "/api/v1/places",
            json={"name": "Nhà máy Thử", "kind": "workplace", "area": AREA},
            headers=keeper.headers,
        )
        place = f"/place/{made.json()['id']}"
        page = await sign_in_as(narrow, live, keeper.token)
        await page.goto(place)
        await page.get_by_role("link", name="Thiết bị ở cửa").click()
        await page.get_by_role("button", name="Tạo khóa").click()
        await expect(page.locator("[data-error-summary]")).to_be_focused()
        await is_sound(page)
        await page.get_by_label("Tên thiết bị").fill("Cổng chính, làn số hai, phía đường lớn")
        await page.get_by_role("button", name="Tạo khóa").click()
        key = await page.locator("[data-device-key] code").inner_text()
        await is_sound(page)
        body = {
            "sent_at": now().isoformat(),
            "scans": [{"scan_id": str(uuid4()), "shown": "PHONE:0912345678:"}],
        }
        bearer = {"Authorization": f"Bearer {key}"}
        taken = await http.post("/api/v1/device/scans", json=body, headers=bearer)
        assert taken.json()["results"][0]["status"] == "waiting"
        await page.get_by_role("link", name="Tôi đã lưu khóa").click()
        async with asyncio.timeout(30):
            # Doors are noted together, a second or so behind their scans.
            while "hoạt động lần cuối" not in await page.locator(".place-room").inner_text():
                await page.reload()
        await is_sound(page)
        await page.get_by_role("link", name="Thu hồi Cổng chính").click()
        await is_sound(page)
        await page.get_by_role("button", name="Thu hồi").click()
        await expect(page.locator("main")).to_contain_text("Chưa có thiết bị nào")
        gone = await http.post("/api/v1/device/scans", json=body, headers=bearer)
        assert gone.status_code == 401


async def test_a_program_gets_a_key_and_loses_it(
    narrow: BrowserContext, live: Live, live_officer: MakeOfficer
) -> None:
    admin = await live_officer("admin", "VN")
    page = await sign_in_as(narrow, live, admin.token)
    await page.goto("/desk/clients")
    await page.get_by_label("Tên kỹ thuật").fill("web")
    await page.get_by_label("Đơn vị, mục đích").fill("Thử")
    await page.get_by_role("button", name="Cấp khóa").click()
    await expect(page.locator("[data-error-summary]")).to_be_focused()
    await is_sound(page)
    await page.get_by_label("Tên kỹ thuật").fill("ncovi")
    await page.get_by_role("button", name="Cấp khóa").click()
    await expect(page.locator("[data-client-key] code")).to_be_visible()
    await is_sound(page)
    await page.get_by_role("link", name="Tôi đã lưu khóa").click()
    await is_sound(page)
    await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # the shared dict is untyped
    await is_sound(page)
    await page.get_by_role("link", name="Thu hồi ncovi").click()
    await is_sound(page)
    await page.get_by_role("button", name="Thu hồi khóa").click()
    await expect(page.get_by_role("row", name="ncovi")).to_contain_text("Đã thu hồi")
