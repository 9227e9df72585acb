"""The pages on areas in a real browser."""

import pytest
from playwright.async_api import expect

from tests.e2e.web.conftest import AXE

pytestmark = pytest.mark.e2e

PAGES = ["/areas", "/areas?q=dich+vong", "/areas/VN.48", "/areas/VN.01.00166"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing(browser, live, path):
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    context = await browser.new_context(base_url=live.url, bypass_csp=True)
    page = await context.new_page()
    await page.goto(path)
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    await context.close()


@pytest.mark.parametrize("path", PAGES)
async def test_a_phone_shows_it_without_scrolling_sideways(phone, path):
    page = await phone.new_page()
    await page.goto(path)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_a_ward_is_found_without_scripts_by_its_old_name(browser, live):
    context = await browser.new_context(
        base_url=live.url, java_script_enabled=False, locale="vi-VN"
    )
    page = await context.new_page()
    await page.goto("/areas")
    await page.get_by_label("Tìm phường, xã, tỉnh, thành phố").fill("phuc xa")
    await page.get_by_role("button", name="Tìm").click()
    await page.get_by_role("link", name="Phường Hồng Hà").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Phường Hồng Hà")
    await context.close()


async def test_the_map_leads_from_province_to_ward(desktop):
    page = await desktop.new_page()
    await page.goto("/areas")
    await page.locator('svg a[href="/areas/VN.66"] path').click()
    await page.wait_for_url("**/areas/VN.66")
    await page.locator("svg a path").first.click()
    await page.wait_for_url("**/areas/VN.66.*")


async def test_both_archipelagos_can_be_seen_and_pressed(desktop):
    page = await desktop.new_page()
    for name, path in (("Hoàng Sa", "VN.48.20333"), ("Trường Sa", "VN.56.22736")):
        await page.goto("/areas")
        label = page.locator(".area-label", has_text=name)
        box = await label.bounding_box()
        picture = await page.locator(".area-map svg").bounding_box()
        assert box is not None
        assert picture is not None
        assert picture["x"] <= box["x"]
        assert box["x"] + box["width"] <= picture["x"] + picture["width"]
        await label.click()
        await page.wait_for_url(f"**/areas/{path}")
