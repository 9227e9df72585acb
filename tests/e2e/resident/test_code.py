"""The own code: read off the screen as a kiosk's camera would, with and without a network."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from lachan.identity.credentials.domain import PhoneCode, is_current, is_signed, read_shown
from lachan.identity.credentials.service import phone_key
from lachan.kit.crypto import Keyring
from tests.conftest import MakeResident
from tests.e2e.conftest import Live
from tests.e2e.resident.conftest import KEPT, add_member, kept, open_app, sign_in, until

pytestmark = pytest.mark.e2e


async def shown_code(page: Page) -> PhoneCode:
    """What a camera reads off the screen now."""
    await expect(page.locator("[data-code-picture] path")).to_have_count(1)
    picture = await page.locator("[data-code-picture]").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    code = read_shown(found.text)
    assert isinstance(code, PhoneCode)
    return code


async def test_the_code_is_signed_current_and_says_who_comes_along_also_without_a_network(
    live: Live, live_resident: MakeResident, app_phone: BrowserContext, keyring: Keyring
) -> None:
    someone = await live_resident()
    await sign_in(app_phone, live, someone)
    for name in ("Nguyễn Văn Bé", "Trần Thị Hai"):
        await add_member(app_phone, live, name)
    page = await open_app(app_phone, "/me/code")
    alone = await shown_code(page)
    assert is_signed(alone, phone_key(keyring, alone.handle))
    assert is_current(alone, datetime.now(UTC))
    assert alone.mask == 0

    await app_phone.set_offline(True)
    await page.reload()
    box = page.get_by_label("Trần Thị Hai")
    await box.locator("xpath=..").tap()
    bit = int(await box.get_attribute("value") or "")
    await expect(page.locator("[data-code]")).to_have_attribute("data-mask", str(1 << bit))
    both = await shown_code(page)
    assert is_signed(both, phone_key(keyring, both.handle))
    assert is_current(both, datetime.now(UTC))
    assert (both.mask, both.handle) == (1 << bit, alone.handle)

    # Whoever opens the browser's memory finds a key that cannot be read out.
    assert await page.evaluate(f"{KEPT}('values', 'key').then(one => one.key.extractable)") is False
    await app_phone.set_offline(False)
    await page.goto("/me")
    await page.get_by_role("button", name="Đăng xuất", exact=True).tap()
    await page.wait_for_url(f"{live.url}/")
    assert await kept(page, "values", "key") is None


async def test_a_phone_whose_clock_is_wrong_still_shows_a_current_code(
    live: Live, live_resident: MakeResident, app_phone: BrowserContext, keyring: Keyring
) -> None:
    await sign_in(app_phone, live, await live_resident())
    await app_phone.add_init_script(
        "const real = Date.now.bind(Date); Date.now = () => real() + 600_000;"
    )
    page = await open_app(app_phone, "/me/code")
    await until(page, f"{KEPT}('values', 'key')")
    code = await shown_code(page)
    assert is_signed(code, phone_key(keyring, code.handle))
    assert is_current(code, datetime.now(UTC))
    assert not is_current(code, datetime.now(UTC) + timedelta(minutes=10))
