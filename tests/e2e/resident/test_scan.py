"""Scanning with the app: a real poster before the camera, no network, a session that ended."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import Keyring
from lachan.visits.proof import Doors, door_code
from tests.conftest import MakeResident
from tests.e2e.conftest import Live
from tests.e2e.resident.conftest import (
    KEPT,
    PATIENCE_MS,
    add_member,
    camera_phone,
    kept,
    make_place,
    open_app,
    poster_film,
    scans_of,
    sign_in,
    type_code,
    until,
    visits_of,
)

pytestmark = pytest.mark.e2e

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


async def test_the_camera_reads_the_poster_and_one_tap_checks_in(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, tmp_path: Path
) -> None:
    code = await make_place(live_owner)
    someone = await live_resident()
    hosts, complaints = set(), []
    async with camera_phone(live, poster_film(code, live.url, tmp_path)) as phone:
        await sign_in(phone, live, someone)
        page = await phone.new_page()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        await page.goto("/me/scan")
        # Allowed already: the camera opens by itself, and reads.
        await expect(page.locator("[data-sheet-name]")).to_have_text("Quán Phở Cây Bàng")
        await page.get_by_role("button", name="Vào đây").tap()
        await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
        await page.get_by_role("button", name="Tôi rời đi").tap()
        await expect(page.locator("[data-done-title]")).to_have_text("Đã rời đi")
    assert await visits_of(live_owner, someone.id) == [("Quán Phở Cây Bàng", "scanned")]
    assert hosts == {live.url.split("/")[2]}
    assert complaints == []


async def test_a_camera_that_is_refused_leaves_the_typed_code(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    await sign_in(app_phone, live, await live_resident())
    page = await open_app(app_phone)
    await page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = "
        "() => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    await page.get_by_role("button", name="Mở máy ảnh").tap()
    await expect(page.get_by_text("Máy ảnh đang bị chặn")).to_be_visible()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    await type_code(page, wrong)
    await expect(page.locator("[data-typed-wrong]")).to_be_visible()
    await type_code(page, code)
    await expect(page.locator("[data-sheet-name]")).to_have_text("Quán Phở Cây Bàng")


async def scan_in(page: Page, code: str) -> None:
    await type_code(page, code)
    await page.get_by_role("button", name="Vào đây").tap()


async def test_scans_made_without_a_network_arrive_once_also_after_an_update_of_the_worker(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    first, second = await make_place(live_owner, "Chợ"), await make_place(live_owner, "Quán")
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    page = await open_app(app_phone)
    await app_phone.set_offline(True)
    # Opened anew without a network: the page comes from the phone.
    await page.goto("/me/scan")
    for code in (first, second):
        await scan_in(page, code)
        await expect(page.locator("[data-done-title]")).to_have_text("Đã lưu trên máy")
        await page.get_by_role("button", name="Quét mã khác").tap()
    await expect(page.locator("[data-waiting] span")).to_have_text("2 lượt quét đang chờ gửi")
    assert await scans_of(live_owner, someone.id) == 0
    # Signed out meanwhile, so that nothing can leave before the worker has been replaced.
    await app_phone.clear_cookies()
    await app_phone.set_offline(False)
    # A page that has just been opened takes a new worker by loading anew, and would ask for the old
    # one's address again.
    await until(page, "performance.now() > 9000")
    await page.evaluate(
        "() => { navigator.serviceWorker.register('/sw.js?next').then(next =>"
        " setInterval(() => next.waiting?.postMessage({type: 'skip-waiting'}), 200)); }"
    )
    await until(page, "navigator.serviceWorker.controller?.scriptURL.endsWith('?next')")
    assert await scans_of(live_owner, someone.id) == 0
    await sign_in(app_phone, live, someone)
    await page.goto("/me/diary")
    await until(page, f"{KEPT}('scans').then(all => all.every(one => one.state === 'taken'))")
    assert [name for name, _ in await visits_of(live_owner, someone.id)] == ["Chợ", "Quán"]
    assert await scans_of(live_owner, someone.id) == 2


async def test_an_answer_lost_on_the_way_does_not_count_twice(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    page = await open_app(app_phone)
    lost = 0

    async def lose(route: object) -> None:
        nonlocal lost
        if lost < 2:
            lost += 1
            await route.fetch()
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await app_phone.route("**/api/v1/visits", lose)
    await scan_in(page, code)
    await expect(page.locator("[data-done-title]")).to_have_text("Đã lưu trên máy")
    for _ in range(2):
        await page.evaluate("window.dispatchEvent(new Event('online'))")
    await page.reload()
    await expect(page.locator("[data-queue]")).to_be_hidden()
    await expect(page.locator("[data-here-name]")).to_have_text("Quán Phở Cây Bàng")
    assert lost == 2
    assert await scans_of(live_owner, someone.id) == 1


async def test_a_refused_scan_is_shown_until_the_person_lets_it_go(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    await sign_in(app_phone, live, await live_resident())
    page = await open_app(app_phone)
    await app_phone.set_offline(True)
    await scan_in(page, code)
    await expect(page.locator("[data-done-title]")).to_have_text("Đã lưu trên máy")
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_code SET revoked_at = now() WHERE code = :code"), {"code": code}
        )
    await app_phone.set_offline(False)
    await page.goto("/me/diary")
    await expect(page.locator("[data-waiting] span")).to_contain_text("1 lượt quét chưa được nhận")
    await page.get_by_role("link", name="Xem", exact=True).tap()
    await expect(page.locator(".waiting-refused")).to_contain_text("Tờ dán đã cũ")
    await page.get_by_role("button", name="Đã hiểu, bỏ lượt này").tap()
    await expect(page.locator("[data-queue]")).to_be_hidden()


async def test_scans_of_an_ended_session_wait_for_their_person_and_for_nobody_else(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    first, second = await live_resident(), await live_resident()
    await sign_in(app_phone, live, first)
    page = await open_app(app_phone)
    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE session SET revoked_at = now() WHERE person_id = :person"),
            {"person": first.id},
        )
    await app_phone.clear_cookies()
    await scan_in(page, code)
    await expect(page.locator("[data-done-title]")).to_have_text("Đã lưu trên máy")
    await expect(page.locator("[data-done-text]")).to_contain_text("đăng nhập lại")

    await sign_in(app_phone, live, second)
    await page.goto("/me/diary")
    await page.goto("/me/scan")
    await expect(page.locator("[data-others]")).to_contain_text("1 lượt quét của người khác")
    await expect(page.locator("[data-queue] li")).to_have_count(0)
    assert await visits_of(live_owner, second.id) == []

    async with live_owner.begin() as connection:
        await connection.execute(
            text("UPDATE session SET revoked_at = NULL WHERE person_id = :person"),
            {"person": first.id},
        )
    await sign_in(app_phone, live, first)
    await page.goto("/me/diary")
    await page.goto("/me/scan")
    # The page is drawn with an empty queue: only the visit itself says that it was sent.
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not (sent := await visits_of(live_owner, first.id)):  # noqa: ASYNC110 - only the database tells
            await asyncio.sleep(0.1)
    assert [name for name, _ in sent] == ["Quán Phở Cây Bàng"]
    await expect(page.locator("[data-queue]")).to_be_hidden()
    assert await visits_of(live_owner, second.id) == []


async def test_signing_out_empties_the_phone_and_sends_what_waited_first(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    page = await open_app(app_phone)
    await scan_in(page, code)
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    await page.get_by_role("button", name="Đăng xuất").tap()
    await page.wait_for_url("**/")
    assert await kept(page, "values", "me") is None
    assert await kept(page, "values", "key") is None
    assert await kept(page, "favourites") == []
    assert await kept(page, "scans") == []
    caches = await page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name)"
        ".then(cache => cache.keys()).then(keys => keys.map(one => new URL(one.url).pathname)))))"
    )
    held = {path for paths in caches for path in paths}
    assert held
    assert all(path.startswith(("/static/", "/app/")) for path in held), held
    await page.goto("/me/scan")
    await page.wait_for_url(re.compile("/login"))


async def test_the_household_comes_along_until_the_event_ends_and_is_remembered(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code, next_code = await make_place(live_owner, "Hội chợ"), await make_place(live_owner)
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    child = await add_member(app_phone, live, "Nguyễn Văn Bé")
    await add_member(app_phone, live, "Trần Thị Hai")
    page = await open_app(app_phone)
    ends = datetime.now(HANOI).replace(second=0, microsecond=0) + timedelta(hours=3, minutes=7)
    await type_code(page, code)
    await page.get_by_label("Nguyễn Văn Bé").locator("xpath=..").tap()
    await page.get_by_text("Ở lại đến khi sự kiện kết thúc").tap()
    await page.get_by_label("Sự kiện kết thúc lúc").fill(f"{ends:%H:%M}")
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    async with live_owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT ends_at FROM visit WHERE person_id = ANY(:people)"),
            {"people": [someone.id, child]},
        )
        assert [row.ends_at.astimezone(HANOI) for row in rows] == [ends, ends]
    await page.get_by_role("button", name="Quét mã khác").tap()
    await type_code(page, next_code)
    await expect(page.get_by_label("Nguyễn Văn Bé")).to_be_checked()
    await expect(page.get_by_label("Trần Thị Hai")).not_to_be_checked()


async def test_a_door_with_a_display_asks_for_its_digits(
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    app_phone: BrowserContext,
    keyring: Keyring,
) -> None:
    code = await make_place(live_owner)
    async with live_owner.begin() as connection:
        place = await connection.scalar(
            text(
                "UPDATE place SET proof = 'required' WHERE id = "
                "(SELECT place_id FROM place_code WHERE code = :code) RETURNING id"
            ),
            {"code": code},
        )
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    page = await open_app(app_phone)
    await scan_in(page, code)
    digits = page.get_by_label("Ba chữ số bên cạnh mã")
    await expect(digits).to_be_focused()
    await digits.fill(door_code(Doors(keyring).key_of(place), datetime.now(UTC)).digits)
    await page.get_by_role("button", name="Vào đây").tap()
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    assert await scans_of(live_owner, someone.id) == 1


async def test_a_phone_whose_clock_runs_ahead_is_put_right(
    live: Live, live_owner: AsyncEngine, live_resident: MakeResident, app_phone: BrowserContext
) -> None:
    code = await make_place(live_owner)
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    await app_phone.add_init_script(
        "const Real = Date; Date = class extends Real {"
        " constructor(...given) { given.length ? super(...given) : super(Real.now() + 3_600_000); }"
        " static now() { return Real.now() + 3_600_000; } };"
    )
    page = await open_app(app_phone)
    await scan_in(page, code)
    await expect(page.locator("[data-done-title]")).to_have_text("Đã vào")
    async with live_owner.connect() as connection:
        started = await connection.scalar(
            text("SELECT started_at FROM visit WHERE person_id = :person"), {"person": someone.id}
        )
    assert abs(started - datetime.now(UTC)) < timedelta(minutes=2)
