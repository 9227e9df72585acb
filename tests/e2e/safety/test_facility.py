"""A school's phone: the day's list on line, in a cellar, and on a browser without scripts."""

import io
import json
from uuid import UUID

import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.checks.service import join
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.service import load_published, set_for
from tests.conftest import OTHER_AREA, MakeResident
from tests.days import today
from tests.e2e.conftest import DESKTOP, PHONE, Live
from tests.e2e.places.conftest import is_sound
from tests.e2e.resident.conftest import open_app, sign_in, until
from tests.integration.safety.conftest import Facility

pytestmark = pytest.mark.e2e


def photo() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (2400, 1800), (30, 120, 60))
    exif = Image.Exif()
    exif[0x010F] = "Hãng máy ảnh"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
async def school(live_owner: AsyncEngine, live_resident: MakeResident) -> Facility:
    runs = await live_resident(area=OTHER_AREA)
    async with live_owner.begin() as connection:
        await load_published(connection)
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area)"
                " VALUES ('Trường Tiểu học Thử', 'school', :area) RETURNING id"
            ),
            {"area": OTHER_AREA},
        )
        await connection.execute(
            text("INSERT INTO place_staff VALUES (:place, :person, 'owner')"),
            {"place": place, "person": runs.id},
        )
        await join(connection, place, today())
        criteria: CriteriaSet = await set_for(connection, "school", OTHER_AREA, today())
    return Facility(place, OTHER_AREA, runs, criteria)


async def checks_of(owner: AsyncEngine, place: int) -> list[tuple[UUID, str, bool, str]]:
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT commit_id, moment, late, outcome FROM daily_check"
                " WHERE place_id = :place ORDER BY id"
            ),
            {"place": place},
        )
        return [tuple(row) for row in rows]


async def photos_of(owner: AsyncEngine, place: int) -> list[bytes]:
    async with owner.connect() as connection:
        return list(
            await connection.scalars(
                text(
                    "SELECT picture FROM safety_photo WHERE place_id = :p AND check_id IS NOT NULL"
                ),
                {"p": place},
            )
        )


async def tick_all(page: Page, but: str | None = None) -> None:
    """Say of every item that it is met, as a thumb does."""
    await expect(page.locator("[data-item]").first).to_be_visible()
    for item in await page.locator("[data-item]").all():
        if await item.get_attribute("data-item") != but:
            await item.get_by_text("Đạt", exact=True).click()


async def no_network(context: BrowserContext, page: Page) -> None:
    await context.set_offline(True)
    await until(page, "!navigator.onLine")


async def test_a_school_commits_on_its_phone(
    narrow: BrowserContext, live: Live, live_owner: AsyncEngine, school: Facility
) -> None:
    await sign_in(narrow, live, school.owner)
    page = await narrow.new_page()
    await page.goto("/safety")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Trường Tiểu học Thử")
    await is_sound(page)
    await page.get_by_role("link", name="Đầu ngày").click()
    await page.get_by_role("button", name="Cam kết và gửi").click()
    await expect(page.locator(".error-summary")).to_be_focused()
    await expect(page.locator(".error-summary")).to_contain_text("1. Hãy chọn câu trả lời")
    await is_sound(page)
    await tick_all(page, but="8")
    await page.locator("[data-item='6'] summary").click()
    await page.locator("#photo-6").set_input_files(
        {"name": "cong.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    await expect(page.locator("[data-item='6'] [data-photo-kept]")).to_contain_text("Đã có ảnh")
    await until(page, "document.querySelector('[data-check-count]').textContent.includes('2/3')")
    # A draft survives the page.
    await until(page, DRAFT)
    await page.reload()
    await expect(page.locator("#answer-1")).to_be_checked()
    await expect(page.locator("[data-item='6'] [data-photo-kept]")).to_contain_text("Đã có ảnh")
    await tick_all(page)
    await page.get_by_label("Người cam kết").fill("Cô Lan, hiệu phó")
    await is_sound(page)
    await page.get_by_role("button", name="Cam kết và gửi").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã cam kết")
    await expect(page.locator(".colour-panel")).to_contain_text("An toàn")
    await is_sound(page)
    [pictured] = await photos_of(live_owner, school.id)
    assert b"ng m" not in pictured[:400]
    assert max(Image.open(io.BytesIO(pictured)).size) == 1600
    await page.get_by_role("link", name="Về việc hôm nay").click()
    [(*_, late, _)] = await checks_of(live_owner, school.id)
    done = "Xong, muộn" if late else "Đã xong"
    await expect(page.locator("[data-moment=before] .task-status")).to_have_text(done)
    await is_sound(page)
    for path in ("/history", ""):
        await page.goto(f"/safety/{school.id}{path}")
        await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # the shared dict is untyped
        await is_sound(page)
        await page.set_viewport_size(PHONE)  # type: ignore[arg-type] # as above
        await is_sound(page)
    assert len(await checks_of(live_owner, school.id)) == 1


DRAFT = """
new Promise((resolve) => {
  const opening = indexedDB.open("lachan-safety", 1);
  opening.onsuccess = () => {
    const db = opening.result;
    const found = db.transaction("drafts").objectStore("drafts").getAll();
    found.onsuccess = () => {
      db.close();
      resolve(found.result.some((one) => Object.keys(one.photos).length === 1));
    };
  };
})
"""


async def test_a_list_committed_without_network_is_sent_once(
    app_phone: BrowserContext, live: Live, live_owner: AsyncEngine, school: Facility
) -> None:
    await sign_in(app_phone, live, school.owner)
    page = await open_app(app_phone, f"/safety/{school.id}")
    await until(page, LISTS)
    sent: list[dict[str, object]] = []
    app_phone.on(
        "request",
        lambda request: (
            sent.append(json.loads(request.post_data or "{}"))
            if request.url.endswith("/checks") and request.method == "POST"
            else None
        ),
    )
    await no_network(app_phone, page)
    await page.goto(f"/safety/{school.id}")
    await expect(page.get_by_text("An toàn tại cơ sở, không có mạng")).to_be_visible()
    await page.get_by_role("link", name="Đầu ngày").click()
    await tick_all(page)
    await page.get_by_label("Người cam kết").fill("Thầy Nam")
    # Left and opened again, still without a network: the draft is there.
    await until(page, DRAFT.replace("Object.keys(one.photos).length === 1", "one.fields.name"))
    await page.goto(f"/safety/{school.id}")
    await expect(page.locator("[data-moment=before] .task-status")).to_have_text("Đang làm dở")
    await page.get_by_role("link", name="Đầu ngày").click()
    await expect(page.get_by_label("Người cam kết")).to_have_value("Thầy Nam")
    await page.locator("[data-item='6'] summary").click()
    await page.locator("#photo-6").set_input_files(
        {"name": "cong.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    await expect(page.locator("[data-item='6'] [data-photo-kept]")).to_contain_text("Đã có ảnh")
    await page.get_by_role("button", name="Cam kết và gửi").click()
    await expect(page.locator("[data-kept-commit]")).to_contain_text("đang chờ gửi")
    assert await checks_of(live_owner, school.id) == []
    # Held back as if it had waited long: it comes late, and says so.
    held_back = await page.evaluate(AGO)
    done = "Xong, muộn" if held_back else "Đã xong"
    # A page slower than the service worker is drawn before the commit has arrived.
    pace = await app_phone.new_cdp_session(page)
    await pace.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    await app_phone.set_offline(False)
    await page.goto(f"/safety/{school.id}")
    await expect(page.get_by_text("Đã gửi bản cam kết chờ")).to_be_visible()
    await expect(page.locator("[data-moment=before] .task-status")).to_contain_text(done)
    await page.reload()
    await expect(page.locator("[data-moment=before] .task-status")).to_contain_text(done)
    [(commit_id, moment, late, outcome)] = await checks_of(live_owner, school.id)
    assert (moment, late or not held_back, outcome) == ("before", True, "high")
    assert {one["commit_id"] for one in sent} == {str(commit_id)}
    assert len(await photos_of(live_owner, school.id)) == 1


LISTS = """
new Promise((resolve) => {
  const opening = indexedDB.open("lachan-safety", 1);
  opening.onsuccess = () => {
    const db = opening.result;
    if (!db.objectStoreNames.contains("lists")) { db.close(); resolve(false); return; }
    const found = db.transaction("lists").objectStore("lists").count();
    found.onsuccess = () => { db.close(); resolve(found.result === 3); };
  };
})
"""

# Moves the waiting commit eleven minutes back, unless that would be on the day before; whether.
AGO = """
new Promise((resolve, reject) => {
  const opening = indexedDB.open("lachan-safety", 1);
  opening.onsuccess = () => {
    const db = opening.result;
    const store = db.transaction("commits", "readwrite").objectStore("commits");
    const found = store.getAll();
    found.onsuccess = () => {
      const [one] = found.result;
      const day = (moment) =>
        new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(moment);
      const made = Date.parse(one.made_at) - 11 * 60_000;
      const moved = day(made) === one.day;
      if (moved) one.made_at = new Date(made).toISOString();
      const put = store.put(one);
      put.onsuccess = () => { db.close(); resolve(moved); };
      put.onerror = () => reject(put.error);
    };
  };
})
"""


async def test_the_day_is_done_without_any_script(
    browser: Browser, live: Live, live_owner: AsyncEngine, school: Facility
) -> None:
    plain = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    await sign_in(plain, live, school.owner)
    page = await plain.new_page()
    await page.goto(f"/safety/{school.id}")
    await page.get_by_role("link", name="Trong ngày").click()
    await tick_all(page, but="5")
    await page.locator("[data-item='5']").get_by_text("Chưa đạt").click()
    await page.get_by_label("Người cam kết").fill("Bảo vệ Tư")
    await page.get_by_role("button", name="Cam kết và gửi").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đã cam kết")
    await expect(page.locator("main")).to_contain_text("Bảo vệ Tư")
    [(_, moment, _, _)] = await checks_of(live_owner, school.id)
    assert moment == "during"
    await plain.close()
