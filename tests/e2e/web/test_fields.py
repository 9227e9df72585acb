"""Fields that a browser would show in its own language: days and files."""

import pytest

from .test_pages import GALLERIES

pytestmark = pytest.mark.e2e

GALLERY = GALLERIES["desk"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("vi", "Thứ Năm, 5 tháng 11, 2026"), ("en", "Thursday, November 5, 2026")],
)
async def test_the_chosen_day_is_said_in_words(open_page, lang, said):
    page = await open_page(GALLERY, lang=lang)
    words = page.locator("output[for=demo-onset]")
    assert await words.inner_text() == ""
    await page.locator("#demo-onset").fill("2026-11-05")
    assert (await words.inner_text()).replace(" năm", ",").replace(",,", ",") == said
    await page.locator("#demo-onset").fill("")
    assert await words.inner_text() == ""


async def test_how_a_day_is_written_belongs_to_the_field(open_page):
    page = await open_page(GALLERY)
    assert "Ngày/tháng/năm" in await page.locator("#demo-onset-form").inner_text()
    described = await page.locator("#demo-onset").get_attribute("aria-describedby")
    assert described.split() == ["demo-onset-hint", "demo-onset-form"]


async def test_a_file_is_chosen_in_the_language_of_the_page(open_page, tmp_path):
    page = await open_page(GALLERY)
    field = page.locator(".file-field", has=page.locator("#demo-file"))
    assert "Chọn tệp" in await field.inner_text()
    assert "Chưa chọn tệp nào" in await field.inner_text()
    # The page grows while its letters arrive, and a click that was aimed before would miss.
    await page.evaluate("document.fonts.ready")
    await field.scroll_into_view_if_needed()
    box = await field.locator(".button").bounding_box()
    assert box["height"] >= 48
    chosen = tmp_path / "Danh sách lớp 5A.csv"
    chosen.write_text("x")
    async with page.expect_file_chooser() as waiting:
        await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await (await waiting.value).set_files(chosen)
    assert chosen.name in await field.inner_text()
    # By its own label and by key as before: the field lies over the button.
    await page.get_by_label("Danh sách kèm theo").focus()
    async with page.expect_file_chooser():
        await page.keyboard.press("Enter")


async def test_without_scripts_the_browsers_own_field_stays(open_page):
    page = await open_page(GALLERY, java_script_enabled=False)
    assert await page.locator("#demo-file").is_visible()
    assert await page.locator(".file-field").count() == 0
