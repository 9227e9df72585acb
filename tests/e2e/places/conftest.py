"""A phone's browser in which axe may look at our pages."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.e2e.areas.test_pages import RULES
from tests.e2e.conftest import PHONE, Live
from tests.e2e.web.conftest import AXE


async def is_sound(page: Page) -> None:
    """Nothing that axe finds, nothing to scroll sideways."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )
    problems = [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
    assert problems == [], page.url
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
async def narrow(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    # The policy of our pages rightly keeps a foreign script out; only axe is let past it.
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", bypass_csp=True, service_workers="block"
    )
    yield context
    await context.close()
