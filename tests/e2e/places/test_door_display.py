"""A tablet at the door, a phone in front of it, and the end of the day."""

import io
import re
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, BrowserContext, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import AREA, MakeResident
from tests.e2e.conftest import DESKTOP, Live, sign_in_as

pytestmark = pytest.mark.e2e
PATIENT = 30_000


async def test_the_screen_lets_in_who_stands_before_it(
    browser: Browser,
    phone: BrowserContext,
    live: Live,
    live_resident: MakeResident,
    live_owner: AsyncEngine,
) -> None:
    boss, guest = [await live_resident(area=AREA) for _ in range(2)]
    tablet = await browser.new_context(base_url=live.url, viewport=DESKTOP, locale="vi-VN")
    screen = await sign_in_as(tablet, live, boss.token)
    made = await screen.request.post(
        "/api/v1/places",
        data={"name": "Rạp Chiếu Có Màn Hình Cửa", "kind": "event", "area": AREA},
        headers=boss.headers,
    )
    place = (await made.json())["id"]
    await screen.goto(f"/place/{place}/hours")
    await screen.get_by_label(re.compile("Bắt buộc")).check()
    await screen.get_by_role("button", name="Lưu").click()
    await expect(screen.get_by_text("Đã lưu giờ mở cửa")).to_be_visible(timeout=PATIENT)
    await screen.goto(f"/place/{place}/display/pair")
    await screen.get_by_role("button", name="Bắt đầu hiện mã").click()
    await screen.wait_for_url("**/display", timeout=PATIENT)
    # The tablet opens nothing of its operator any more.
    assert (await screen.request.get(f"/place/{place}")).status == 403

    walker = await sign_in_as(phone, live, guest.token)
    poster = (
        await (await walker.request.get(f"/api/v1/places/{(await made.json())['code']}")).json()
    )["code"]
    await walker.goto(f"/p/{poster}")
    await walker.get_by_label("Ba chữ số trên màn hình ở cửa").fill("abc")
    await walker.get_by_role("button", name="Vào đây").click()
    await expect(walker.get_by_text("Mã này không đúng").first).to_be_visible(timeout=PATIENT)

    picture = Image.open(io.BytesIO(await screen.screenshot()))
    read = zxingcpp.read_barcodes(picture)
    assert len(read) == 1
    seen = urlsplit(read[0].text)
    await walker.goto(f"{seen.path}?{seen.query}")
    await expect(walker.get_by_text("Đã xác nhận bạn đang ở cửa")).to_be_visible(timeout=PATIENT)
    await walker.get_by_role("button", name="Vào đây").click()
    await walker.wait_for_url("**/me/visits/**", timeout=PATIENT)
    async with live_owner.connect() as connection:
        proof = await connection.scalar(
            text("SELECT proof FROM visit WHERE person_id = :p"), {"p": guest.id}
        )
    assert proof == "display"

    office = await browser.new_context(base_url=live.url, viewport=DESKTOP, locale="vi-VN")
    boss_again = await live_resident(area=AREA)
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE session SET person_id = :boss WHERE person_id = :again"),
            {"boss": boss.id, "again": boss_again.id},
        )
    desk = await sign_in_as(office, live, boss_again.token)
    await desk.goto(f"/place/{place}/day-closes")
    await desk.get_by_role("button", name="Kết thúc ngày").click()
    # The worker does it, and the page shows it by itself.
    await expect(desk.get_by_role("button", name="Hoàn tác")).to_be_visible(timeout=PATIENT)
    async with live_owner.connect() as connection:
        ended = await connection.scalar(
            text("SELECT end_source FROM visit WHERE person_id = :p"), {"p": guest.id}
        )
    assert ended == "day_closed"
    await tablet.close()
    await office.close()
