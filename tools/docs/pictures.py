"""Takes the pictures of the documentation from a running demo, as anybody would see it.

    make run PORT=8000
    .venv/bin/python tools/docs/pictures.py --url http://localhost:8000 [NAME ...]

It signs in as the demo's resident, the owner of a place, and a tracer; it checks in and out, opens
a warning, lets an invented visitor pass a kiosk that it pairs and removes again, and changes
nothing else. Look at what it took before committing it.
"""

import argparse
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    StorageState,
    sync_playwright,
)

from lachan.demo.logins import OWNER_PHONE, PASSWORD, RESIDENT_PHONE, national, totp_now
from lachan.kit.i18n import Catalogs
from lachan.places.poster import Poster, PosterPress

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
ADDRESS: Final = "https://lachan.example.vn"
PHONE: Final = {"width": 360, "height": 740}
DESKTOP: Final = {"width": 1280, "height": 860}
TABLET: Final = {"width": 1280, "height": 800}
TRACER: Final = "tracer.hanoi"
_SHARPNESS: Final = 1.5
_COLOURS: Final = 200
_GROUND: Final = (233, 228, 214)
_EDGE: Final = (40, 46, 42)
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def chromium() -> str:
    """The Chromium of this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("no Chromium on this machine: `make test` finds or installs one")


class Demo:
    """A running demo, and a browser that looks at it."""

    def __init__(self, chrome: BrowserType, browser: Browser, url: str) -> None:
        self.chrome = chrome
        self.browser = browser
        self.url = url.rstrip("/")
        self._signed_in: dict[tuple[str, str], BrowserContext] = {}

    def context(self, *, phone: bool, lang: str = "vi") -> BrowserContext:
        """A fresh browser, wide as a phone or a desk."""
        return self.browser.new_context(
            base_url=self.url,
            viewport=PHONE if phone else DESKTOP,
            device_scale_factor=_SHARPNESS,
            locale="vi-VN" if lang == "vi" else "en-GB",
            color_scheme="light",
            reduced_motion="reduce",
        )

    @contextmanager
    def seeing(self, scene: Image.Image) -> Iterator[Browser]:
        """A browser whose camera sees `scene`."""
        with tempfile.TemporaryDirectory() as folder:
            film = Path(folder) / "camera.mjpeg"
            frame = BytesIO()
            scene.save(frame, "JPEG", quality=92)
            film.write_bytes(frame.getvalue() * 2)
            browser = self.chrome.launch(
                executable_path=chromium(),
                args=[
                    *_FLAGS,
                    "--use-fake-ui-for-media-stream",
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-video-capture={film}",
                ],
            )
            try:
                yield browser
            finally:
                browser.close()

    def signed_in(self, number: str) -> StorageState:
        """What another browser needs to go on as this resident."""
        self.resident(number).close()
        return self._signed_in[number, "vi"].storage_state()

    def resident(self, number: str, lang: str = "vi") -> Page:
        """A page of a resident who signs in with a code from the development outbox."""
        key = (number, lang)
        if key not in self._signed_in:
            context = self.context(phone=True, lang=lang)
            page = context.new_page()
            page.goto("/login")
            page.fill("input[name=phone]", national(number))
            page.click("main button[type=submit]")
            page.wait_for_url("**/login/code")
            page.fill("input[name=code]", self._code(context, number))
            page.click("main button[type=submit]")
            page.wait_for_url("**/me**")
            page.close()
            self._signed_in[key] = context
        return self._signed_in[key].new_page()

    def _code(self, context: BrowserContext, number: str) -> str:
        """The newest code texted to `number`."""
        ends = time.monotonic() + 15
        while time.monotonic() < ends:
            outbox = context.new_page()
            outbox.goto("/dev/outbox")
            for entry in outbox.locator("main li").all_inner_texts():
                digits = re.search(r"\b(\d{6})\b", entry.partition("\n")[2])
                if re.sub(r"\D", "", entry).find(number[-9:]) >= 0 and digits:
                    outbox.close()
                    return digits.group(1)
            outbox.close()
            time.sleep(0.5)
        raise SystemExit("no code in the outbox: is this a demo in development mode?")

    def tracer(self, lang: str = "vi") -> Page:
        """A page of the demo's tracer."""
        key = (TRACER, lang)
        if key not in self._signed_in:
            context = self.context(phone=False, lang=lang)
            page = context.new_page()
            for _ in range(3):
                page.goto("/desk/login")
                page.fill("input[name=login]", TRACER)
                page.fill("input[name=password]", PASSWORD)
                page.click("main button[type=submit]")
                page.wait_for_url("**/desk/login/code")
                page.fill("input[name=totp]", totp_now(TRACER))
                page.click("main button[type=submit]")
                page.wait_for_load_state()
                if "/login" not in page.url:
                    break
                # A code counts once; the next is half a minute away.
                time.sleep(31)
            page.close()
            self._signed_in[key] = context
        return self._signed_in[key].new_page()


def shot(page: Page, *, whole: bool = False) -> Image.Image:
    """What is on the screen, once fonts are there."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)
    return Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")


def bring_up(page: Page, what: str, below: int) -> None:
    """Scroll until the first `what` stands `below` pixels under the top of the screen."""
    page.evaluate("document.fonts.ready")
    for _ in range(20):
        top = page.locator(what).first.evaluate(
            """(found, below) => {
                const top = found.getBoundingClientRect().top;
                scrollBy({top: top - below, behavior: "instant"});
                return top;
            }""",
            below,
        )
        page.wait_for_timeout(100)
        if abs(top - below) <= 1:
            return


def side_by_side(screens: Sequence[Image.Image]) -> Image.Image:
    """Phones in a row: each screen with a dark rim and round corners."""
    gap, rim, corner = 36, 9, 34
    width, height = screens[0].size
    ground = Image.new(
        "RGB",
        (len(screens) * (width + 2 * rim + gap) + gap, height + 2 * (rim + gap)),
        _GROUND,
    )
    drawn = ImageDraw.Draw(ground)
    for number, screen in enumerate(screens):
        left, top = gap + number * (width + 2 * rim + gap), gap
        drawn.rounded_rectangle(
            (left, top, left + width + 2 * rim, top + height + 2 * rim), corner + rim, fill=_EDGE
        )
        mask = Image.new("L", screen.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width, height), corner, fill=255)
        ground.paste(screen, (left + rim, top + rim), mask)
    return ground


def check_in(demo: Demo) -> Image.Image:
    """A poster's page, and what it becomes after one tap."""
    code = first_code(demo)
    # Not the resident who was warned: the notice would stand before what is shown here.
    page = demo.resident(OWNER_PHONE)
    page.goto(f"/p/{code}")
    if page.locator("input[name=direction][value=in]").count():
        page.click("main form button[type=submit]")
        page.goto(f"/p/{code}")
    # Now inside; having left, nothing of an earlier visit is on the next page.
    page.click("main form button[type=submit]")
    page.goto(f"/p/{code}")
    before = shot(page)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/me/visits/**")
    after = shot(page)
    leave = page.locator("form:has(input[value=out]) button")
    if leave.count():
        leave.first.click()
        page.wait_for_load_state()
    page.close()
    return side_by_side([before, after])


def scene(held: Image.Image) -> Image.Image:
    """What a camera sees as `held` comes near: not yet sharp enough to be read."""
    view = Image.new("RGB", (720, 720), (150, 144, 130))
    height = 640
    near = held.resize((round(held.width * height / held.height), height))
    turned = near.rotate(
        4, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=(150, 144, 130)
    )
    view.paste(turned, ((view.width - turned.width) // 2, (view.height - turned.height) // 2))
    return view.filter(ImageFilter.GaussianBlur(8))


def open_eyes(page: Page) -> None:
    """Wait until the camera sees something."""
    for _ in range(100):
        if page.evaluate("document.querySelector('video')?.videoWidth > 0"):
            page.wait_for_timeout(1000)
            return
        page.wait_for_timeout(100)
    raise SystemExit("the camera sees nothing")


def phone(demo: Demo) -> Image.Image:
    """The two halves of the app at a door: I scan the place, or the place scans me."""
    held = demo.signed_in(OWNER_PHONE)
    with demo.seeing(scene(poster(demo))) as browser:
        context = browser.new_context(
            base_url=demo.url, storage_state=held, viewport=PHONE, device_scale_factor=_SHARPNESS,
            locale="vi-VN", color_scheme="light", reduced_motion="reduce", permissions=["camera"],
        )  # fmt: skip
        page = context.new_page()
        page.goto("/me/scan")
        open_eyes(page)
        scanning = shot(page)
        page.goto("/me/code")
        page.wait_for_selector(".my-code-picture path")
        code = shot(page)
    return side_by_side([scanning, code])


def kiosk(demo: Demo) -> Image.Image:
    """A tablet at the door: it waits, and it lets somebody in."""
    page = demo.resident(OWNER_PHONE)
    place = page.request.get("/api/v1/me/places").json()["places"][0]["id"]
    devices = f"/api/v1/places/{place}/devices"
    own = {"Origin": demo.url}
    asked = {"kind": "kiosk", "label": "Cổng chính"}
    made = page.request.post(devices, data=asked, headers=own).json()
    page.goto("/me/code")
    page.wait_for_selector(".my-code-picture path")
    shown = side_by_side([shot(page)])
    try:
        with demo.seeing(scene(shown)) as browser:
            context = browser.new_context(
                base_url=demo.url, viewport=TABLET, device_scale_factor=0.75, locale="vi-VN",
                color_scheme="light", reduced_motion="reduce", permissions=["camera"],
            )  # fmt: skip
            context.add_cookies([{"name": "lachan_session", "value": made["key"], "url": demo.url}])
            return side_by_side(_at_the_door(context.new_page()))
    finally:
        page.request.delete(f"{devices}/{made['id']}", headers=own)
        page.close()


def _at_the_door(tablet: Page) -> list[Image.Image]:
    tablet.goto("/kiosk")
    tablet.fill("#setup-pin", "4712")
    tablet.click("[data-part=setup-form] button[type=submit]")
    open_eyes(tablet)
    waiting = shot(tablet)
    # A USB reader types what stands on the identity card of somebody invented.
    born = 10 + int(time.time()) % 80
    tablet.evaluate(
        """(card) => {
            for (const key of [...card, "Enter"]) {
                const how = {key, code: "", bubbles: true, cancelable: true};
                document.body.dispatchEvent(new KeyboardEvent("keydown", how));
            }
        }""",
        f"0010{born}{int(time.time()) % 1_000_000:06d}||NGUYEN VAN MAU|010119{born}|Nam||01012021",
    )
    tablet.wait_for_selector("[data-part=answer]:not([hidden])")
    return [waiting, shot(tablet)]


def place(demo: Demo) -> Image.Image:
    """A place that runs: what there is to do, and how many came."""
    page = demo.resident(OWNER_PHONE)
    number = page.request.get("/api/v1/me/places").json()["places"][0]["id"]
    page.goto(f"/place/{number}")
    bring_up(page, "main h1", 24)
    run = shot(page)
    page.goto(f"/place/{number}/numbers")
    bring_up(page, "main h1", 24)
    numbers = shot(page)
    page.close()
    return side_by_side([run, numbers])


def warning_draft(demo: Demo) -> Image.Image:
    """A warning before it leaves: whom it would reach, and what they would read."""
    page = demo.tracer()
    found = page.request.get("/api/v1/warnings").json()["items"]
    draft = next(one["id"] for one in found if one["state"] == "draft")
    page.set_viewport_size({"width": 1280, "height": 1120})
    page.goto(f"/desk/warnings/{draft}")
    bring_up(page, ".dry-run", 24)
    taken = shot(page)
    page.close()
    return taken


def diary_and_warning(demo: Demo) -> Image.Image:
    """What the resident is told, and where the resident was."""
    page = demo.resident(RESIDENT_PHONE)
    page.goto("/me/warnings")
    page.locator("main a[href^='/me/warnings/']").first.click()
    page.wait_for_url("**/me/warnings/*")
    top = shot(page)
    bring_up(page, "main .summary-row:nth-of-type(3)", 16)
    rest = shot(page)
    # Read by now, the warning has left the top of the diary.
    page.goto("/me/diary")
    diary = shot(page)
    page.close()
    return side_by_side([top, rest, diary])


def first_code(demo: Demo) -> str:
    """The code of a place that the demo's owner runs."""
    page = demo.resident(OWNER_PHONE)
    places = page.request.get("/api/v1/me/places").json()
    page.close()
    return str(places["places"][0]["code"])


def poster(demo: Demo) -> Image.Image:
    """The poster of that place, as it is printed."""
    code = first_code(demo)
    page = demo.resident(OWNER_PHONE)
    facts = page.request.get(f"/api/v1/places/{code}").json()
    page.close()
    press = PosterPress(Catalogs(), ADDRESS)
    drawn = press.draw([Poster(code, facts["name"], None)], "a4", ppi=72)
    paper = Image.open(BytesIO(drawn)).convert("RGB")
    ground = Image.new("RGB", (paper.width + 60, paper.height + 60), _GROUND)
    ground.paste(paper, (30, 30))
    return ground


def warned_case(demo: Demo) -> int:
    """The case that the demo's first warning is about."""
    page = demo.tracer()
    found = page.request.get("/api/v1/warnings").json()["items"]
    page.close()
    return min((one["id"], int(one["case_id"])) for one in found)[1]


def overview(demo: Demo) -> Image.Image:
    """What a tracer sees first."""
    page = demo.tracer()
    page.goto("/desk")
    taken = shot(page)
    page.close()
    return taken


def case(demo: Demo) -> Image.Image:
    """A case: its infectious window, its trace, where it was."""
    page = demo.tracer()
    page.goto(f"/desk/cases/{warned_case(demo)}")
    page.set_viewport_size({"width": 1280, "height": 1240})
    taken = shot(page)
    page.close()
    return taken


def contacts(demo: Demo) -> Image.Image:
    """Its contacts, each with the reason."""
    page = demo.tracer()
    page.goto(f"/desk/cases/{warned_case(demo)}")
    bring_up(page, "table:has(a[href^='/desk/contacts/'])", 120)
    taken = shot(page)
    page.close()
    return taken


def warning(demo: Demo) -> Image.Image:
    """A warning on the desk: whom it reached."""
    page = demo.tracer()
    page.goto("/desk/warnings")
    page.locator("main a[href^='/desk/warnings/']:not([href$='/new'])").last.click()
    page.wait_for_load_state()
    taken = shot(page)
    page.close()
    return taken


def areas(demo: Demo) -> Image.Image:
    """Hà Nội and its wards."""
    context = demo.context(phone=False)
    page = context.new_page()
    page.goto("/areas/VN.01")
    taken = shot(page)
    context.close()
    return taken


def moving_map(page: Page, at: str) -> None:
    """Open the map somewhere and wait until everything is drawn."""
    page.goto(f"/map#{at}")
    page.wait_for_selector("[data-face=engine][data-drawn=yes]", timeout=60_000)
    page.wait_for_timeout(1000)


def safety(demo: Demo) -> Image.Image:
    """A school's day, the map that everybody sees, and a place on it."""
    owner = demo.resident(OWNER_PHONE)
    owner.goto("/safety")
    day = shot(owner)
    owner.close()
    context = demo.context(phone=True)
    page = context.new_page()
    moving_map(page, "14/21.03/105.845")
    bring_up(page, ".smap-main", 24)
    near = shot(page)
    some = page.request.get("/api/v1/map/places?colour=green&kind=school&limit=1").json()["items"]
    page.goto(f"/map/places/{some[0]['id']}")
    bring_up(page, "main h1", 24)
    place_page = shot(page)
    context.close()
    return side_by_side([day, near, place_page])


def safety_map(demo: Demo) -> Image.Image:
    """The map on a desk, over the city."""
    context = demo.context(phone=False)
    page = context.new_page()
    moving_map(page, "11.2/21.02/105.82")
    bring_up(page, ".smap-page", 24)
    taken = shot(page)
    context.close()
    return taken


PICTURES: Final[dict[str, Callable[[Demo], Image.Image]]] = {
    "check-in": check_in,
    "phone": phone,
    "kiosk": kiosk,
    "place": place,
    "diary-and-warning": diary_and_warning,
    "overview": overview,
    "case": case,
    "contacts": contacts,
    "warning-draft": warning_draft,
    "warning": warning,
    "poster": poster,
    "areas": areas,
    "safety": safety,
    "map": safety_map,
}


def save(name: str, picture: Image.Image) -> int:
    """Write a small PNG; its size in bytes."""
    path = IMAGES / f"{name}.png"
    few = picture.quantize(
        colors=_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    few.save(path, optimize=True)
    return path.stat().st_size


def main() -> None:
    """Take the pictures named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PICTURES))
    asked = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        demo = Demo(playwright.chromium, browser, asked.url)
        for name in asked.names or PICTURES:
            size = save(name, PICTURES[name](demo))
            print(f"{name}.png {size // 1024} KB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
