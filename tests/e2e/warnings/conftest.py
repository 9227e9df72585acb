"""A browser that runs no scripts."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.e2e.conftest import PHONE, Live


@pytest.fixture
async def browser_without_scripts(browser: Browser, live: Live) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=live.url, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    yield context
    await context.close()
