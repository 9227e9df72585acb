"""A door with a tablet: paired by its operator, shown things by people."""

import base64
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import httpx
import segno
from PIL import Image
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    async_playwright,
    expect,
)
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import sessions
from lachan.identity.credentials import domain
from lachan.identity.credentials.service import card_index, phone_key
from lachan.kit.crypto import Keyring, new_token
from lachan.kit.ids import new_code
from tests.conftest import AREA, Someone
from tests.e2e.conftest import _FLAGS, PATIENCE_MS, Live, chromium_path

TABLET = {"width": 800, "height": 1280}
PIN = "4712"
NO_LAYOUT: Mapping[str, str] = {}
# What a Vietnamese input method (Telex) makes of single letters.
TELEX = {"W": "Ư", "w": "ư"}


@dataclass(frozen=True, slots=True)
class RunPlace:
    """A place, its code on the poster, and who runs it."""

    id: int
    code: str
    operator: Someone


async def make_place(owner: AsyncEngine, operator: Someone, name: str = "Chợ Cây Đa") -> RunPlace:
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES (:name, 'market', :area) RETURNING id"
            ),
            {"name": name, "area": AREA},
        )
        code = new_code()
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": code, "place": place},
        )
        await connection.execute(
            text(
                "INSERT INTO place_staff (place_id, person_id, role) "
                "VALUES (:place, :person, 'owner')"
            ),
            {"place": place, "person": operator.id},
        )
    assert isinstance(place, int)
    return RunPlace(place, code, operator)


async def make_cards(
    owner: AsyncEngine, keyring: Keyring, people: Sequence[int], officer: int
) -> list[str]:
    """A card for each of `people`; the texts of their QR pictures."""
    numbers = [new_code(domain.CARD_LENGTH) for _ in people]
    async with owner.begin() as connection:
        batch = await connection.scalar(
            text(
                "INSERT INTO card_batch (area, label, size, made_by) "
                "VALUES (:area, 'Lô thử', :size, :officer) RETURNING id"
            ),
            {"area": AREA, "size": len(numbers), "officer": officer},
        )
        await connection.execute(
            text(
                "INSERT INTO card (batch_id, serial, number_index, area, state, person_id) "
                "VALUES (:batch, :serial, :index, :area, 'held', :person)"
            ),
            [
                {
                    "batch": batch,
                    "serial": serial,
                    "index": card_index(keyring, number),
                    "area": AREA,
                    "person": person,
                }
                for serial, (number, person) in enumerate(zip(numbers, people, strict=True), 1)
            ],
        )
    return [f"LCC:{number}" for number in numbers]


async def make_people(owner: AsyncEngine, count: int) -> list[int]:
    async with owner.begin() as connection:
        rows = await connection.execute(
            text("INSERT INTO person (home_area) SELECT :area FROM generate_series(1, :n) "
                 "RETURNING id"),
            {"area": AREA, "n": count},
        )  # fmt: skip
        return [row.id for row in rows]


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that makes codes."""

    person: int
    handle: bytes
    key: bytes

    def code(self, at: datetime, mask: int = 0) -> str:
        return domain.phone_code(self.key, self.handle, domain.step_of(at), mask)


async def make_phone(owner: AsyncEngine, keyring: Keyring) -> Phone:
    """A phone that got its key two hours ago."""
    handle = new_token().encode()[: domain.HANDLE_BYTES]
    (person,) = await make_people(owner, 1)
    async with owner.begin() as connection:
        token = new_token()
        await sessions.create(connection, token, minutes=600, person_id=person)
        await connection.execute(
            text(
                "INSERT INTO phone_key (handle, person_id, session_hash, created_at, ends_at) "
                "SELECT :handle, :person, token_hash, now() - interval '2 hours', expires_at "
                "FROM session WHERE person_id = :person"
            ),
            {"handle": handle, "person": person},
        )
    return Phone(person, handle, phone_key(keyring, handle))


async def phone_of(live: Live, resident: Someone, *along: str) -> Phone:
    """The app on a resident's phone, with new members of the household."""
    async with httpx.AsyncClient(base_url=live.url, headers=resident.headers) as http:
        for name in along:
            (await http.post("/api/v1/me/household", json={"name": name})).raise_for_status()
        answer = await http.post("/api/v1/me/phone-codes")
        answer.raise_for_status()
    made = answer.json()
    handle, key = (base64.b64decode(made[part]) for part in ("handle", "key"))
    return Phone(resident.id, handle, key)


async def pair(context: BrowserContext, live: Live, place: RunPlace, reader: str = "usb") -> Page:
    """A tablet paired by the operator and set up; waiting for the first person."""
    await context.add_cookies(
        [{"name": "lachan_session", "value": place.operator.token, "url": live.url}]
    )
    page = await context.new_page()
    await page.goto(f"/place/{place.id}/kiosk")
    await page.get_by_label("Máy đặt ở đâu?").fill("Cổng chính")
    await page.get_by_role("button", name="Ghép máy này").click()
    await set_up(page, reader)
    return page


async def set_up(page: Page, reader: str = "usb") -> None:
    await page.locator(f"#reader-{reader}").check()
    await page.locator("#setup-pin").fill(PIN)
    await page.get_by_role("button", name="Bắt đầu").click()
    await expect(page.locator("[data-screen=ready]")).to_be_visible()


async def until(page: Page, expression: str) -> None:
    """Wait for a fact of the page; the policy forbids Playwright's own way of asking again."""
    ends = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < ends:
        if await page.evaluate(expression):
            return
        await page.wait_for_timeout(100)
    raise AssertionError(expression)


async def keeps_page(page: Page) -> None:
    """Until the service worker would open the kiosk without a network."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await until(page, "navigator.serviceWorker.controller?.scriptURL.endsWith('/kiosk/sw.js')")


_KEYS = {
    ":": "Semicolon",
    "|": "Backslash",
    " ": "Space",
    "/": "Slash",
    ".": "Period",
    "-": "Minus",
}


def us_key(letter: str) -> tuple[str, bool]:
    """The key of a US keyboard that writes `letter`, and whether shift is held with it."""
    if letter.isdigit():
        return f"Digit{letter}", False
    if letter.isalpha():
        return (f"Key{letter.upper()}" if letter.isascii() else ""), letter.isupper()
    return _KEYS[letter], letter in ":|"


async def wedge(
    page: Page, shown: str, *, layout: Mapping[str, str] = NO_LAYOUT, keeps_codes: bool = True
) -> None:
    """A USB reader in keyboard mode types what was shown, then Enter.

    `layout` is what the tablet makes of letters. Most systems still tell which key it was; with
    `keeps_codes` false this one does not.
    """
    cdp = await page.context.new_cdp_session(page)
    for letter in [*shown, "Enter"]:
        code, shift = ("Enter", False) if letter == "Enter" else us_key(letter)
        event = {
            "key": layout.get(letter, letter),
            "code": code if keeps_codes or letter == "Enter" else "",
            "modifiers": 8 if shift else 0,
        }
        await cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
        await cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
    await cdp.detach()


# The same, all keys at once: hundreds of scans would take minutes key by key.
_TYPE_AT_ONCE = """
(shown) => {
  const press = (key) => {
    const how = { key, code: "", bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", how));
  };
  for (const letter of shown) press(letter);
  press("Enter");
}
"""


async def quick_wedge(page: Page, shown: str) -> None:
    await page.evaluate(_TYPE_AT_ONCE, shown)


async def says(page: Page, colour: str, title: str) -> None:
    over = page.locator("[data-part=answer]")
    await expect(over.locator("[data-part=answer-title]")).to_have_text(title)
    await expect(over).to_have_attribute("data-colour", colour)


class Camera:
    """A film that the browser takes for its camera; what it shows can be changed while it runs."""

    SIZE = (640, 480)

    def __init__(self, path: Path) -> None:
        self.path = path
        self._write(self._frame(None))

    def hold_up(self, shown: str | Image.Image | None) -> None:
        picture = shown
        if isinstance(shown, str):
            drawn = BytesIO()
            segno.make(shown, error="m").save(drawn, kind="png", scale=8, border=4)
            picture = Image.open(drawn)
        self._write(self._frame(picture))  # type: ignore[arg-type]

    def _frame(self, picture: Image.Image | None) -> bytes:
        width, height = self.SIZE
        frame = Image.new("L", self.SIZE, 120)
        if picture is not None:
            side = min(420 / picture.height, 600 / picture.width)
            size = (round(picture.width * side), round(picture.height * side))
            shown = picture.convert("L").resize(size)
            frame.paste(shown, ((width - size[0]) // 2, (height - size[1]) // 2))
        return b"FRAME\n" + frame.tobytes() + b"\x80" * (width * height // 2)

    def _write(self, frame: bytes) -> None:
        width, height = self.SIZE
        film = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3
        # In place and of one size: the browser goes on reading the same file.
        with self.path.open("r+b" if self.path.exists() else "wb") as out:
            out.write(film)


@asynccontextmanager
async def tablet_with_camera(
    live: Live, camera: Camera, **options: object
) -> AsyncIterator[BrowserContext]:
    """A tablet that sees what is held up before `camera`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[
                *_FLAGS,
                "--autoplay-policy=no-user-gesture-required",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera.path}",
            ],
        )
        context = await new_tablet(browser, live, **options)
        yield context
        await context.close()
        await browser.close()


async def new_tablet(browser: Browser, live: Live, **options: object) -> BrowserContext:
    context = await browser.new_context(
        base_url=live.url, **{"viewport": TABLET, "locale": "vi-VN", **options}
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


async def scans_at(owner: AsyncEngine, place: RunPlace) -> list[int]:
    """Who was scanned at the place, one entry a scan, in order of time."""
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT person_id FROM scan WHERE place_id = :place ORDER BY at"),
            {"place": place.id},
        )
        return [row.person_id for row in rows]
