"""The desk of safety and the certificate, for everybody: both languages, light and dark."""

from dataclasses import replace
from fractions import Fraction

import pytest
from playwright.async_api import BrowserContext, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import Keyring
from lachan.safety.checks import signing
from lachan.safety.criteria import sheets
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.criteria.reference import published_sets
from tests.conftest import MakeOfficer
from tests.days import today
from tests.e2e.conftest import DESKTOP, PATIENCE_MS, PHONE, Live
from tests.e2e.places.conftest import is_sound
from tests.e2e.safety.test_facility import school
from tests.integration.safety.conftest import Facility

__all__ = ["school"]
pytestmark = pytest.mark.e2e

# A province of its own: what is published here judges no place of another test.
FAR = "VN.96"


async def everybody(page: Page) -> None:
    """The page is sound on a phone and on a desk, in both languages, light and dark."""
    site = "/".join(page.url.split("/")[:3])
    for lang, theme in (("vi", "light"), ("en", "dark")):
        await page.context.add_cookies([{"name": "lang", "value": lang, "url": site}])
        await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type] # one of two words
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("lang", lang)
        for size in (DESKTOP, PHONE):
            await page.set_viewport_size(size)  # type: ignore[arg-type] # the shared dict is untyped
            await is_sound(page)
    await page.context.add_cookies([{"name": "lang", "value": "vi", "url": site}])
    await page.reload()


def file_of(criteria: CriteriaSet) -> dict[str, object]:
    return {
        "name": "bo-tieu-chi.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": sheets.write(criteria),
    }


async def desk_of(narrow: BrowserContext, live: Live, token: str) -> Page:
    await narrow.add_cookies([{"name": "lachan_session", "value": token, "url": live.url}])
    page = await narrow.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def test_an_authority_publishes_its_own_list(
    narrow: BrowserContext, live: Live, live_officer: MakeOfficer
) -> None:
    known = next(one for one in published_sets() if one.code == "schools-hcmc")
    mine = replace(known, code="schools-far", area=FAR, version="2026-11", valid_from=today())
    best, *others = mine.rules.classes
    beyond = replace(best, at_least=Fraction(len(mine.items) + 1))
    wrong = replace(mine, rules=replace(mine.rules, classes=(beyond, *others)))
    page = await desk_of(narrow, live, (await live_officer("admin", FAR)).token)
    await page.goto("/desk/safety/criteria")
    await everybody(page)
    await page.locator("#file").set_input_files(file_of(wrong))  # type: ignore[arg-type] # as it says
    await page.get_by_role("button", name="Kiểm tra tệp").click()
    await expect(page.get_by_role("heading", name="Chỗ mâu thuẫn")).to_be_visible()
    await is_sound(page)
    await expect(page.get_by_role("button", name="Ban hành", exact=True)).to_have_count(0)
    await page.goto("/desk/safety/criteria")
    await page.locator("#file").set_input_files(file_of(mine))  # type: ignore[arg-type] # as it says
    await page.get_by_role("button", name="Kiểm tra tệp").click()
    await expect(page.get_by_text("Không có mâu thuẫn")).to_be_visible()
    await everybody(page)
    await page.get_by_role("button", name="Ban hành", exact=True).click()
    await expect(page.get_by_text("Đã ban hành")).to_be_visible()
    await everybody(page)


@pytest.mark.parametrize("path", ["/desk/safety", "/desk/safety/silent", "/desk/rollout"])
async def test_the_other_pages_of_the_desk(
    narrow: BrowserContext, live: Live, live_officer: MakeOfficer, path: str
) -> None:
    page = await desk_of(narrow, live, (await live_officer("safety_inspector", "VN.01")).token)
    await page.goto(path)
    here = page.locator(".safety-ways [aria-current]")
    await expect(here).to_have_attribute("href", path)
    await expect(here).to_be_in_viewport()
    await everybody(page)


async def test_a_certificate_at_a_door(
    narrow: BrowserContext, live: Live, school: Facility, keyring: Keyring, live_owner: AsyncEngine
) -> None:
    page = await narrow.new_page()
    headers = {"authorization": f"Bearer {school.owner.token}"}
    sent = await page.request.post(
        f"/api/v1/places/{school.id}/checks", data=school.check(), headers=headers
    )
    assert sent.status == 201, await sent.text()
    printed = await page.request.get(f"/api/v1/places/{school.id}/certificate.pdf", headers=headers)
    assert (await printed.body()).startswith(b"%PDF-")
    token = signing.sign(
        keyring, signing.Certificate(school.id, school.criteria.id, today(), 10, 10, 1)
    )
    await page.goto(f"/certificates/{token}")
    await expect(page.get_by_text("Hôm nay vẫn an toàn")).to_be_visible()
    await everybody(page)
    await page.goto(f"/certificates/{token[:-4]}AAAA")
    await expect(page.get_by_text("Hôm nay vẫn an toàn")).to_have_count(0)
    await everybody(page)
