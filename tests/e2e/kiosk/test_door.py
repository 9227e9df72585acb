"""A tablet at a door, in a real browser: paired, shown things, revoked."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from secrets import randbelow

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import Keyring
from lachan.kit.i18n import Catalogs
from lachan.places.poster import Poster, PosterPress
from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import Live
from tests.e2e.kiosk.conftest import (
    PIN,
    TELEX,
    Camera,
    make_cards,
    make_people,
    make_place,
    new_tablet,
    pair,
    phone_of,
    says,
    scans_at,
    set_up,
    tablet_with_camera,
    until,
    wedge,
)
from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def test_a_usb_reader_with_and_without_the_right_keyboard(
    browser: Browser,
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    keyring: Keyring,
) -> None:
    place = await make_place(live_owner, await live_resident())
    people = await make_people(live_owner, 40)
    cards = await make_cards(live_owner, keyring, people, (await live_officer()).id)
    # Those whose number holds a letter that Telex turns into another.
    hard = [index for index, card in enumerate(cards) if "W" in card]
    plain = next(index for index in range(40) if index not in hard)
    context = await new_tablet(browser, live)
    page = await pair(context, live, place)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Chợ Cây Đa")
    # The operator is no longer signed in here: neither the cookie nor the session behind it.
    assert (await page.request.get("/api/v1/me")).status == 403
    operator = await page.request.get("/api/v1/me", headers=place.operator.headers)
    assert operator.status == 401

    await wedge(page, cards[plain])
    await says(page, "green", "Mời vào")
    await expect(page.locator("[data-part=answer]")).to_be_hidden()
    # The letters are wrong and the keys are right.
    await wedge(page, cards[hard[0]], layout=TELEX)
    await says(page, "green", "Mời vào")
    # Still holding it there: one person, one scan.
    await wedge(page, cards[hard[0]], layout=TELEX)
    await expect(page.locator("[data-part=today]")).to_have_text("2 lượt hôm nay")
    # Nothing tells which keys they were.
    await wedge(page, cards[hard[1]], layout=TELEX, keeps_codes=False)
    await says(page, "red", "Đầu đọc đặt sai bàn phím")
    await expect(page.locator("[data-part=answer-text]")).to_contain_text("English (US)")
    await page.locator("[data-part=answer]").click()
    await wedge(page, "LCC:ABCDEFGH2345")
    await says(page, "red", "Số thẻ chưa đúng")
    assert await scans_at(live_owner, place) == [people[plain], people[hard[0]]]
    await context.close()


def poster(code: str, base_url: str) -> Image.Image:
    press = PosterPress(Catalogs(), base_url)
    return Image.open(BytesIO(press.draw([Poster(code, "Chợ Cây Đa", None)], "a4", ppi=60)))


async def test_what_people_hold_up_to_the_camera(
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    keyring: Keyring,
    tmp_path: Path,
) -> None:
    place = await make_place(live_owner, await live_resident())
    (holder,) = await make_people(live_owner, 1)
    (card,) = await make_cards(live_owner, keyring, [holder], (await live_officer()).id)
    phone = await phone_of(live, await live_resident(), "Bé Thử")
    camera = Camera(tmp_path / "camera.y4m")
    async with tablet_with_camera(live, camera) as context:
        page = await pair(context, live, place, reader="front")
        await until(page, "document.querySelector('[data-part=eye]').dataset.eye === 'on'")

        camera.hold_up(poster(place.code, live.url))
        await says(page, "amber", "Đây là tờ dán của điểm quét")
        camera.hold_up(card)
        await says(page, "green", "Mời vào")
        assert await page.locator("html").get_attribute("data-sounded") == "in"
        # A photograph of a phone: what it showed five minutes ago.
        camera.hold_up(phone.code(datetime.now(UTC) - timedelta(minutes=5)))
        await says(page, "red", "Mã đã hết hạn")
        assert await page.locator("html").get_attribute("data-sounded") == "refused"
        camera.hold_up(phone.code(datetime.now(UTC), mask=1))
        await says(page, "green", "Mời vào")
        await expect(page.locator("[data-part=answer-text]")).to_have_text("Cả nhóm 2 người")
        year = 1950 + randbelow(50)
        number = f"0011{year % 100:02}{randbelow(10**6):06}"
        camera.hold_up(f"{number}||Lê Thị Thử|0102{year}|Nữ|Số 1, Phường Thử|01012021|x|y")
        await says(page, "green", "Mời vào")
        await expect(page.locator("[data-part=answer-text]")).to_be_empty()
        # No name is shown, and none is told to the tablet.
        assert "Lê Thị Thử" not in await page.content()
        # Another code of the same person: shown at once it would be the same showing.
        camera.hold_up(None)
        later = await page.evaluate("performance.now()") + 6_000
        await until(page, f"performance.now() > {later}")
        camera.hold_up(f"{number}|Lê Thị Thử|0102{year}|1|Q|E")
        await expect(page.locator("[data-part=answer-text]")).to_contain_text("từ trước")
        seen = await scans_at(live_owner, place)
        assert {holder, phone.person} < {*seen}
        # The same person by ID card and by personal code.
        assert len(seen) == 5
        assert len({*seen}) == 4


async def _texted(page: Page, number: str) -> str:
    tab = await page.context.new_page()
    await tab.goto("/dev/outbox")
    entry = tab.locator(".timeline-item", has_text=f"+84{number[1:]}").first
    body = await entry.locator("[data-text]").inner_text()
    await tab.close()
    return body[:6]


async def _press(page: Page, digits: str) -> None:
    for digit in digits:
        await page.locator(f"[data-key='{digit}']").click()


async def test_somebody_with_nothing_to_show(
    browser: Browser, live: Live, live_owner: AsyncEngine, live_resident: MakeResident
) -> None:
    place = await make_place(live_owner, await live_resident())
    context = await new_tablet(browser, live, has_touch=True)
    page = await pair(context, live, place)
    number = f"091{randbelow(10**7):07}"
    await page.get_by_role("button", name="Không có mã? Bấm số điện thoại").click()
    await _press(page, number)
    await page.get_by_role("button", name="Nhắn mã").click()
    await expect(page.get_by_text("Đã gửi tin nhắn. Hãy nhập mã 6 số.")).to_be_visible()
    code = await _texted(page, number)
    await _press(page, f"{(int(code) + 1) % 10**6:06}")
    await page.get_by_role("button", name="Xong").click()
    await says(page, "red", "Mã không đúng")
    await page.locator("[data-part=answer]").click()
    await _press(page, code)
    await page.get_by_role("button", name="Xong").click()
    await says(page, "green", "Mời vào")
    assert len(await scans_at(live_owner, place)) == 1

    # Off line nobody can be texted: the number waits for the operator, and the person is told so.
    await context.set_offline(True)
    await page.get_by_role("button", name="Không có mã? Bấm số điện thoại").click()
    await _press(page, f"091{randbelow(10**7):07}")
    await page.get_by_role("button", name="Nhắn mã").click()
    await says(page, "amber", "Đã giữ, chờ xác nhận")
    await expect(page.locator("[data-part=line-text]")).to_contain_text("đã giữ 1 lượt")
    await context.set_offline(False)
    await expect(page.locator("[data-part=line-text]")).to_have_text("Đang có mạng")
    async with live_owner.connect() as connection:
        for _ in range(100):
            held = await connection.scalar(
                text("SELECT count(*) FROM paper_row WHERE place_id = :place"), {"place": place.id}
            )
            if held:
                break
            await asyncio.sleep(0.2)
    assert held == 1
    assert len(await scans_at(live_owner, place)) == 1
    await context.close()


async def test_a_tablet_that_is_taken_off_the_place(
    browser: Browser,
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    keyring: Keyring,
) -> None:
    place = await make_place(live_owner, await live_resident())
    people = await make_people(live_owner, 2)
    cards = await make_cards(live_owner, keyring, people, (await live_officer()).id)
    context = await new_tablet(browser, live)
    page = await pair(context, live, place)
    device = (await (await page.request.get("/api/v1/device")).json())["id"]
    # The operator, on a phone of their own.
    fresh = await live_resident()
    async with live_owner.begin() as connection:
        await connection.execute(
            text("INSERT INTO place_staff (place_id, person_id, role) VALUES (:p, :n, 'staff')"),
            {"p": place.id, "n": fresh.id},
        )
    removed = await page.request.delete(
        f"/api/v1/places/{place.id}/devices/{device}", headers=fresh.headers
    )
    assert removed.status == 204
    await wedge(page, cards[0])
    await expect(page.get_by_role("heading", name="Máy này đã ngừng nhận lượt")).to_be_visible()
    await expect(page.locator("[data-part=revoked-kept]")).to_contain_text("1 lượt chưa gửi")
    assert await scans_at(live_owner, place) == []
    # Paired again with the same place, what it kept is sent.
    await page.get_by_role("button", name="Người phụ trách đăng nhập").click()
    await expect(page.get_by_label("Số điện thoại di động")).to_be_visible()
    await context.add_cookies([{"name": "lachan_session", "value": fresh.token, "url": live.url}])
    await page.goto(f"/place/{place.id}/kiosk")
    await page.get_by_label("Máy đặt ở đâu?").fill("Cổng sau")
    await page.get_by_role("button", name="Ghép máy này").click()
    await set_up(page)
    await wedge(page, cards[1])
    await says(page, "green", "Mời vào")
    for _ in range(100):
        if len(await scans_at(live_owner, place)) == 2:
            break
        await asyncio.sleep(0.2)
    assert sorted(await scans_at(live_owner, place)) == sorted(people)
    # Passers-by do not get to the settings; whoever leaves is signed in nowhere.
    await page.get_by_role("button", name="Dành cho người phụ trách").click()
    await page.locator("#pin").fill("0000")
    await page.locator("#pin").press("Enter")
    await expect(page.locator("[data-part=pin-wrong]")).to_have_text("Số chưa đúng.")
    await page.locator("#pin").fill(PIN)
    await page.locator("#pin").press("Enter")
    await page.get_by_role("button", name="Ngừng dùng máy này").click()
    await expect(page.get_by_label("Số điện thoại di động")).to_be_visible()
    assert (await page.request.get("/api/v1/device")).status == 401
    await context.close()


async def _check(page: Page, screen: str) -> None:
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    assert [(screen, v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    small = await page.evaluate(
        """[...document.querySelectorAll(".kiosk :is(button, a, .kiosk-choice, .kiosk-input)")]
        .filter((e) => e.checkVisibility())
        .map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 80 || box.width < 80).map(([html]) => html)"""
    )
    assert (screen, small) == (screen, [])
    for width, height in ((360, 740), (800, 1280), (1280, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, screen
        if screen in {"ready", "pad"}:
            # The next person must see all of it without touching anything.
            assert await page.evaluate("document.documentElement.scrollHeight") <= height, width


REMEMBERS_VI = """new Promise((resolve) => {
  indexedDB.open("lachan-kiosk", 1).onsuccess = ({target: {result: db}}) => {
    db.transaction("values").objectStore("values").get("lang").onsuccess = (event) => {
      db.close();
      resolve(event.target.result === "vi");
    };
  };
})"""


async def _check_both(page: Page, screen: str) -> None:
    await _check(page, f"{screen}")
    await page.emulate_media(color_scheme="dark")
    await page.locator("[data-part=language]").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not await page.evaluate(
        r"[...document.querySelectorAll('main :not(script)')].filter((e) => !e.children.length "
        r"&& e.checkVisibility() && /[ăâđêôơưạ-ỹ]/i.test(e.textContent)).map((e) => e.outerHTML)"
    )
    await _check(page, screen)
    await page.locator("[data-part=language]").click()
    # A page that is loaded anew speaks what the tablet remembers: let it.
    await until(page, REMEMBERS_VI)
    await page.emulate_media(color_scheme="light")


async def test_every_screen_for_everybody(
    browser: Browser, live: Live, live_owner: AsyncEngine, live_resident: MakeResident
) -> None:
    place = await make_place(live_owner, await live_resident(), "Market")
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    context = await new_tablet(browser, live, bypass_csp=True)
    await context.add_init_script(AXE.read_text(encoding="utf-8"))
    page = await context.new_page()
    await page.goto("/kiosk")
    await expect(page.locator("[data-screen=unpaired]")).to_be_visible()
    await _check_both(page, "unpaired")
    await page.close()
    await context.add_cookies(
        [{"name": "lachan_session", "value": place.operator.token, "url": live.url}]
    )
    page = await context.new_page()
    await page.goto(f"/place/{place.id}/kiosk")
    await page.get_by_role("button", name="Ghép máy này").click()
    await expect(page.locator(".error-summary")).to_be_visible()
    await page.get_by_label("Máy đặt ở đâu?").fill("Gate")
    await page.get_by_role("button", name="Ghép máy này").click()
    await expect(page.locator("[data-screen=setup]")).to_be_visible()
    await page.locator("#setup-pin").fill("12")
    await page.get_by_role("button", name="Bắt đầu").click()
    await expect(page.locator("[data-part=setup-wrong]")).to_have_text(
        "Hãy nhập từ 4 đến 8 chữ số."
    )
    await _check_both(page, "setup")
    await set_up(page)
    await _check_both(page, "ready")
    await wedge(page, f"HTTP://X.EXAMPLE/P/{place.code}")
    await says(page, "amber", "Đây là tờ dán của điểm quét")
    await _check(page, "answer")
    await page.locator("[data-part=answer]").click()
    await page.get_by_role("button", name="Không có mã? Bấm số điện thoại").click()
    await _check_both(page, "pad")
    await page.get_by_role("button", name="Thôi").click()
    await page.get_by_role("button", name="Dành cho người phụ trách").click()
    await _check_both(page, "pin")
    await page.locator("#pin").fill(PIN)
    await page.locator("#pin").press("Enter")
    await expect(page.locator("[data-screen=desk]")).to_be_visible()
    await _check_both(page, "desk")
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE device SET revoked_at = now() WHERE place_id = :place"),
            {"place": place.id},
        )
    await page.reload()
    await expect(page.locator("[data-screen=revoked]")).to_be_visible()
    await _check_both(page, "revoked")
    await context.close()
