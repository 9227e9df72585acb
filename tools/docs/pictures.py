"""Takes the pictures of the documentation from a running demo, as anybody would see it.

    make run PORT=8000
    .venv/bin/python tools/docs/pictures.py --url http://localhost:8000 [NAME ...]

It signs in as the demo's resident, the owner of a place, and a tracer; it checks in and out, opens
a warning, and changes nothing else. Look at what it took before committing it.
"""

import argparse
import re
import shutil
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lachan.demo.logins import OWNER_PHONE, PASSWORD, RESIDENT_PHONE, national, totp_now
from lachan.kit.i18n import Catalogs
from lachan.places.poster import Poster, PosterPress

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
ADDRESS: Final = "https://lachan.example.vn"
PHONE: Final = {"width": 360, "height": 740}
DESKTOP: Final = {"width": 1280, "height": 860}
TRACER: Final = "tracer.hanoi"
_SHARPNESS: Final = 1.5
_COLOURS: Final = 96
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

    def __init__(self, browser: Browser, url: str) -> None:
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
    page.set_viewport_size({"width": 1280, "height": 1120})
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


PICTURES: Final[dict[str, Callable[[Demo], Image.Image]]] = {
    "check-in": check_in,
    "diary-and-warning": diary_and_warning,
    "overview": overview,
    "case": case,
    "contacts": contacts,
    "warning": warning,
    "poster": poster,
    "areas": areas,
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
        demo = Demo(browser, asked.url)
        for name in asked.names or PICTURES:
            size = save(name, PICTURES[name](demo))
            print(f"{name}.png {size // 1024} KB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
