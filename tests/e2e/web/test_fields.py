"""Fields that a browser would show in its own language: days and files."""

import asyncio

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
    choosers = asyncio.Queue()
    # Listened to throughout: each time it begins or ends to, the browser has to be told first.
    page.on("filechooser", choosers.put_nowait)
    field = page.locator(".file-field", has=page.locator("#demo-file"))
    assert "Chọn tệp" in await field.inner_text()
    assert "Chưa chọn tệp nào" in await field.inner_text()
    row = await field.bounding_box()
    box = await field.locator(".button").bounding_box()
    assert box["height"] >= 48
    # Aimed at the button; what must be hit there is the field. The page still moves while its
    # letters arrive, so the aim is taken anew when it has come to rest.
    middle = {
        "x": box["x"] - row["x"] + box["width"] / 2,
        "y": box["y"] - row["y"] + box["height"] / 2,
    }
    chosen = tmp_path / "Danh sách lớp 5A.csv"
    chosen.write_text("x")
    await page.locator("#demo-file").click(position=middle)
    await (await asyncio.wait_for(choosers.get(), 30)).set_files(chosen)
    assert chosen.name in await field.inner_text()
    # By its own label and by key as before: the field lies over the button.
    await page.get_by_label("Danh sách kèm theo").focus()
    await page.keyboard.press("Enter")
    await asyncio.wait_for(choosers.get(), 30)


async def test_without_scripts_the_browsers_own_field_stays(open_page):
    page = await open_page(GALLERY, java_script_enabled=False)
    assert await page.locator("#demo-file").is_visible()
    assert await page.locator(".file-field").count() == 0
