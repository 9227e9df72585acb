"""A tablet at a door, in a real browser: paired, shown things, revoked."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import Keyring
from tests.conftest import MakeOfficer, MakeResident
from tests.e2e.conftest import Live
from tests.e2e.kiosk.conftest import (
    make_cards,
    make_people,
    make_place,
    new_tablet,
    pair,
    says,
    scans_at,
    wedge,
)

pytestmark = pytest.mark.e2e


async def test_a_card_at_a_usb_reader_opens_the_door(
    browser: Browser,
    live: Live,
    live_owner: AsyncEngine,
    live_resident: MakeResident,
    live_officer: MakeOfficer,
    keyring: Keyring,
) -> None:
    place = await make_place(live_owner, await live_resident())
    people = await make_people(live_owner, 2)
    cards = await make_cards(live_owner, keyring, people, (await live_officer()).id)
    context = await new_tablet(browser, live)
    page = await pair(context, live, place)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Chợ Cây Đa")
    # The operator is no longer signed in here: neither the cookie nor the session behind it.
    assert (await page.request.get("/api/v1/me")).status == 403
    operator = await page.request.get("/api/v1/me", headers=place.operator.headers)
    assert operator.status == 401

    await wedge(page, cards[0])
    await says(page, "green", "Mời vào")
    await expect(page.locator("[data-part=answer]")).to_be_hidden()
    await wedge(page, cards[1])
    await says(page, "green", "Mời vào")
    await wedge(page, cards[1])
    await expect(page.locator("[data-part=today]")).to_have_text("2 lượt hôm nay")
    assert await scans_at(live_owner, place) == people
    await context.close()
