"""A phone with the app on it: its service worker runs, its camera sees what a test holds up."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.i18n import Catalogs
from lachan.kit.ids import new_code
from lachan.places.poster import Poster, PosterPress
from tests.conftest import AREA, Someone
from tests.e2e.conftest import _FLAGS, PATIENCE_MS, PHONE, Live, chromium_path


async def make_place(
    owner: AsyncEngine, name: str = "Quán Phở Cây Bàng", kind: str = "food"
) -> str:
    async with owner.begin() as connection:
        place = await connection.scalar(
            text("INSERT INTO place (name, kind, area) VALUES (:name, :kind, :area) RETURNING id"),
            {"name": name, "kind": kind, "area": AREA},
        )
        code = new_code()
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": code, "place": place},
        )
    return code


async def visits_of(owner: AsyncEngine, person: int) -> list[tuple[str, str]]:
    """Name of the place and why the visit ended, oldest first."""
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT p.name, v.end_source FROM visit v JOIN place p ON p.id = v.place_id "
                "WHERE v.person_id = :person ORDER BY v.started_at"
            ),
            {"person": person},
        )
        return [(row.name, row.end_source) for row in rows]


async def scans_of(owner: AsyncEngine, person: int) -> int:
    async with owner.connect() as connection:
        return await connection.scalar(
            text("SELECT count(*) FROM scan WHERE person_id = :person"), {"person": person}
        )


def film(picture: Image.Image, path: Path) -> Path:
    """A film in which somebody holds `picture` before the camera."""
    frame = Image.new("RGB", (1280, 720), (120, 112, 104))
    height = 640
    shown = picture.convert("RGB").resize((picture.width * height // picture.height, height))
    frame.paste(shown, ((frame.width - shown.width) // 2, (frame.height - height) // 2))
    still = BytesIO()
    frame.save(still, "JPEG", quality=90)
    path.write_bytes(still.getvalue() * 4)
    return path


def poster_film(code: str, base_url: str, folder: Path) -> Path:
    """A film of the poster that the product itself prints for this place."""
    press = PosterPress(Catalogs(), base_url)
    drawn = press.draw([Poster(code, "Quán Phở Cây Bàng", None)], "a4", ppi=150)
    return film(Image.open(BytesIO(drawn)), folder / "poster.mjpeg")


@asynccontextmanager
async def camera_phone(live: Live, path: Path, **options: object) -> AsyncIterator[BrowserContext]:
    """A phone whose camera sees the film, and whose owner allows the camera."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[
                *_FLAGS,
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={path}",
            ],
        )
        context = await browser.new_context(
            base_url=live.url, viewport=PHONE, locale="vi-VN", has_touch=True, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context
        await context.close()
        await browser.close()


@pytest.fixture
async def app_phone(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    """A phone that lets the service worker run."""
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


async def sign_in(context: BrowserContext, live: Live, someone: Someone) -> None:
    await context.add_cookies([{"name": "lachan_session", "value": someone.token, "url": live.url}])


async def add_member(context: BrowserContext, live: Live, name: str) -> int:
    """Somebody without a phone in the household of whoever is signed in; their id."""
    answer = await context.request.post(
        "/api/v1/me/household",
        data={"name": name, "birth_year": 2015, "relation": "child"},
        headers={"origin": live.url},
    )
    assert answer.status == 201, await answer.text()
    return int((await answer.json())["person_id"])


async def open_app(context: BrowserContext, path: str = "/me/scan") -> Page:
    """A page of the app, once the service worker holds all it needs and answers for it."""
    page = await context.new_page()
    await page.goto(path)
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await until(page, "navigator.serviceWorker.controller !== null")
    await until(page, f"{KEPT}('values', 'me')")
    return page


async def until(page: Page, expression: str) -> None:
    """Wait for a fact of the page; the policy forbids Playwright's own way of asking again."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        # A page that loads itself anew has no answer for a moment.
        with suppress(Error):
            if await page.evaluate(expression):
                return
        await page.wait_for_timeout(100)
    raise AssertionError(expression)


# Reads one thing that the app keeps on the phone.
KEPT = """
((store, key) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("lachan", 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const db = opening.result;
    if (!db.objectStoreNames.contains(store)) return resolve(undefined);
    const found = key === undefined
      ? db.transaction(store).objectStore(store).getAll()
      : db.transaction(store).objectStore(store).get(key);
    found.onsuccess = () => { db.close(); resolve(found.result); };
    found.onerror = () => reject(found.error);
  };
}))
"""


async def kept(page: Page, store: str, key: str | None = None) -> object:
    arguments = f"'{store}'" + (f", '{key}'" if key else "")
    return await page.evaluate(KEPT + f"({arguments})")


async def type_code(page: Page, code: str) -> None:
    await page.get_by_label("Mã của điểm quét").fill(code)
    await page.get_by_role("button", name="Đến điểm này").click()
