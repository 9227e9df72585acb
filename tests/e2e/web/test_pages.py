"""What every page promises: for all readers, on all screens, with and without scripts."""

import pytest
from playwright.async_api import expect

from lachan.web import dev

from .conftest import AXE

pytestmark = pytest.mark.e2e

GALLERIES = {frame: f"/dev/components?frame={frame}" for frame in dev.FRAMES}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(
    ("path", "width", "theme"),
    [
        ("/", 360, "dark"),
        ("/", 1280, "light"),
        (GALLERIES["resident"], 360, "light"),
        (GALLERIES["desk"], 1280, "dark"),
    ],
)
async def test_axe_finds_nothing(open_page, path, width, theme):
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    page = await open_page(path, width=width, theme=theme, bypass_csp=True)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []


@pytest.mark.parametrize("path", ["/", *GALLERIES.values()])
async def test_nothing_scrolls_sideways(open_page, path):
    page = await open_page(path, lang="en")
    for width in (320, 360, 768, 1024, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_what_is_pressed_is_48_pixels_high(open_page):
    page = await open_page(GALLERIES["resident"])
    small = await page.evaluate(
        """[...document.querySelectorAll("a, button, input, select, label.choice-label")]
        .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "inline")
        .filter(e => !e.matches(".choice-input, .skip, .card-link a") && !e.closest("td"))
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
        .filter(([, height]) => height < 48)"""
    )
    assert small == []


async def test_the_font_is_ours_and_loads_under_the_policy(open_page):
    page = await open_page()
    families = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    await page.evaluate("document.fonts.ready")
    assert {name.strip('"') for name in await page.evaluate(families)} == {"Be Vietnam Pro"}


@pytest.mark.parametrize(("scheme", "theme", "dark"), [
    ("light", "auto", False),
    ("dark", "auto", True),
    ("dark", "light", False),
    ("light", "dark", True),
])  # fmt: skip
async def test_the_theme_follows_the_device_until_the_reader_chooses(
    open_page, scheme, theme, dark
):
    page = await open_page(theme=theme, color_scheme=scheme)
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(16, 22, 18)" if dark else "rgb(248, 245, 236)")


async def test_on_a_phone_one_button_turns_the_theme_and_it_stays(open_page):
    page = await open_page()
    seen = []
    for _ in range(3):
        await page.locator(".theme button:visible").click()
        seen.append(await page.locator("html").get_attribute("data-theme"))
    assert seen == ["light", "dark", "auto"]
    await page.locator(".theme button:visible").click()
    await page.reload()
    assert await page.locator("html").get_attribute("data-theme") == "light"


async def test_without_scripts_the_theme_is_a_form(open_page, site):
    page = await open_page("/dev/components", java_script_enabled=False)
    await page.locator(".theme button[value=dark]").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url == site.url + "/dev/components"


async def test_the_language_is_one_link_away_and_stays(open_page, site):
    page = await open_page("/dev/components?frame=place")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url == site.url + "/dev/components?frame=place"
    await page.goto(site.url)
    assert await page.locator("html").get_attribute("lang") == "en"


async def test_the_first_stop_of_the_keyboard_skips_to_the_content(open_page):
    page = await open_page()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "content"


async def test_mistakes_are_brought_to_the_reader_and_lead_to_the_field(open_page):
    page = await open_page("/dev/components")
    assert await page.evaluate("document.activeElement.className") == "error-summary"
    links = page.locator(".error-summary a")
    for index, field in enumerate(["demo-phone", "demo-kind"]):
        await links.nth(index).click()
        assert await page.evaluate("document.activeElement.id") == field


async def test_a_second_tap_does_not_send_a_form_twice(open_page, site):
    page = await open_page("/dev/components")
    site.sent.clear()
    await page.evaluate(
        """() => {
            const form = document.querySelector("main form");
            delete form.dataset.again;
            form.method = "post";
            form.action = "/slow";
            const button = form.querySelector("button");
            button.click();
            setTimeout(() => button.click(), 50);
        }"""
    )
    await page.wait_for_timeout(600)
    assert site.sent == ["/slow"]
    button = page.locator("main form button")
    assert await button.get_attribute("aria-busy") == "true"


async def test_losing_the_network_is_said_and_unsaid(open_page):
    page = await open_page()
    notice = page.locator("[data-offline]")
    assert await notice.is_hidden()
    await page.context.set_offline(True)
    await notice.wait_for(state="visible")
    await page.context.set_offline(False)
    await notice.wait_for(state="hidden")


async def test_a_code_can_be_copied(open_page):
    page = await open_page("/dev/components", permissions=["clipboard-read", "clipboard-write"])
    await page.locator("[data-copy]").click()
    await expect(page.locator("[data-copy]")).to_contain_text("Đã sao chép")
    assert await page.evaluate("navigator.clipboard.readText()") == "LC-7K2M-9QX4"
