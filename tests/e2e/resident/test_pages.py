"""The app's pages for every reader: axe, both languages, small screens, and installable."""

import pytest
from playwright.async_api import Browser, expect

from tests.conftest import MakeResident
from tests.e2e.conftest import Live
from tests.e2e.resident.conftest import add_member, open_app, sign_in
from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = """
[...document.querySelectorAll(".content a, .content button, .content input, .content summary")]
  .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "inline")
  .filter(e => !e.matches(".choice-input"))
  .map(e => [e.outerHTML.slice(0, 80), Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < 48)
"""


@pytest.mark.parametrize(
    ("lang", "theme", "scan", "code"),
    [("vi", "light", "Quét mã", "Mã của tôi"), ("en", "dark", "Scan", "My code")],
)
async def test_every_state_of_the_pages_is_for_everybody(
    live: Live,
    live_resident: MakeResident,
    browser: Browser,
    lang: str,
    theme: str,
    scan: str,
    code: str,
) -> None:
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    phone = await browser.new_context(
        base_url=live.url, viewport={"width": 320, "height": 700}, bypass_csp=True
    )
    await phone.add_cookies(
        [
            {"name": name, "value": value, "url": live.url}
            for name, value in (("lang", lang), ("theme", theme))
        ]
    )
    await sign_in(phone, live, await live_resident())
    await add_member(phone, live, "Nguyễn Văn Bé")
    page = await open_app(phone)

    async def look(state: str) -> None:
        assert await page.locator("html").get_attribute("lang") == lang, state
        assert await page.locator("html").get_attribute("data-theme") == theme, state
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, state
        assert await page.evaluate(SMALL) == [], state
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(AXE.read_text(encoding="utf-8"))
        found = await page.evaluate(
            "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
        )
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], state

    await expect(page.get_by_role("heading", level=1)).to_have_text(scan)
    # Everything that a script may show, at once: each state has its words and its contrast.
    await page.evaluate(
        "() => { for (const one of document.querySelectorAll("
        "'[data-trouble], [data-signed-out], [data-camera-open], [data-torch], [data-sheet],"
        " [data-sheet-proof], [data-sheet-people], [data-typed-wrong], [data-update]'))"
        " one.hidden = false; document.querySelector('.sheet-more').open = true; }"
    )
    await look("scan, every part")
    await page.goto("/me/code")
    await expect(page.get_by_role("heading", level=1)).to_have_text(code)
    await expect(page.locator("[data-code-picture] path")).to_have_count(1)
    await look("code")
    await phone.set_offline(True)
    await page.goto("/me/diary")
    await expect(page.locator(".app-offline")).to_be_visible()
    await look("offline")
    await phone.close()


async def test_the_browser_would_install_it(
    live: Live, live_resident: MakeResident, browser: Browser
) -> None:
    phone = await browser.new_context(base_url=live.url)
    await sign_in(phone, live, await live_resident())
    page = await open_app(phone)
    tools = await phone.new_cdp_session(page)
    manifest = await tools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    problems = await tools.send("Page.getInstallabilityErrors")
    # A test browser's profile is a private window, which installs nothing; all else must suit.
    assert {one["errorId"] for one in problems["installabilityErrors"]} <= {"in-incognito"}
    await phone.close()
