"""The print fonts cover Vietnamese, each weight in one file."""

import runpy
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

TOOL = runpy.run_path(str(Path(__file__).parents[3] / "tools/fonts/build.py"))
# The web font was made before this project; fonts count seconds from 1904.
FIRST_BUILD = 3_876_000_000
LETTERS = (
    "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYaăâbcdđeêghiklmnoôơpqrstuưvxy0123456789"
    "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ–—“”…₫·"
)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    if not TOOL["SOURCE"].is_dir():
        pytest.fail("the web font is missing: run `npm ci` in src/lachan/web/assets")
    folder = tmp_path_factory.mktemp("fonts")
    return {
        weight: TTFont(TOOL["build"](style, weight, folder))
        for style, weight in TOOL["WEIGHTS"].items()
    }


def test_every_letter_is_there_and_drawn(fonts):
    wanted = LETTERS + LETTERS.upper()
    for font in fonts.values():
        glyphs = font.getBestCmap()
        assert [letter for letter in wanted if ord(letter) not in glyphs] == []
        assert all(font["glyf"][glyphs[ord(letter)]].numberOfContours for letter in wanted)


def test_each_file_names_its_family_and_weight(fonts):
    for weight, font in fonts.items():
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getDebugName(1).startswith("Be Vietnam Pro")


def test_no_moment_of_building_is_in_the_file(fonts):
    # So that the same parts always give the same file.
    for font in fonts.values():
        assert font["head"].created == font["head"].modified
        assert font["head"].created < FIRST_BUILD


def test_building_again_gives_the_same_file(fonts, tmp_path):
    again = TOOL["build"]("Bold", 700, tmp_path)
    assert again.read_bytes() == Path(fonts[700].reader.file.name).read_bytes()
