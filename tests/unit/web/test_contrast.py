"""Words can be read on what they stand on (WCAG 2.2 AA), by day and by night."""

import re

import pytest

from lachan.web import rendering

TOKENS = rendering.TEMPLATES.parent / "assets/css/tokens.css"
_TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in _TOKEN.findall(TOKENS.read_text(encoding="utf-8"))
}
GROUNDS = ("paper", "surface", "sunk")
STATES = ("safe", "some-risk", "unsafe", "unknown")
WORDS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "link", "leaf") for ground in GROUNDS),
    *((f"{state}-ink", f"{state}-soft") for state in STATES),
    *((f"{state}-ink", ground) for state in STATES for ground in GROUNDS),
    *(("ink", f"{state}-soft") for state in STATES),
    *(("on-mark", f"{state}-mark") for state in STATES),
    ("some-risk-ink", "some-risk-line"),
    ("unsafe-ink", "unsafe-line"),
    ("on-mark", "unsafe-ink"),
    ("on-leaf", "leaf"),
    ("on-leaf", "leaf-strong"),
    ("leaf", "leaf-soft"),
    ("leaf-strong", "leaf-soft"),
    ("ink", "leaf-soft"),
    ("ink-soft", "leaf-soft"),
    ("on-band", "band"),
    ("on-band", "band-deep"),
    ("on-band-soft", "band"),
    ("band-deep", "on-band"),
]
SHAPES = [
    *(("line-strong", ground) for ground in GROUNDS),
    *((f"{state}-mark", ground) for state in STATES for ground in GROUNDS),
    ("leaf", "paper"),
    ("leaf", "surface"),
    ("focus", "focus-edge"),
    ("on-band-soft", "band"),
]


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_known_figure():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), WORDS)
def test_words_reach_4_5(words, ground, theme):
    assert contrast(COLOURS[words][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_marks_reach_3(shape, ground, theme):
    assert contrast(COLOURS[shape][theme], COLOURS[ground][theme]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", [*GROUNDS, "band", "leaf", "unsafe-mark"])
def test_one_tone_of_the_focus_ring_shows_on_every_ground(ground, theme):
    tones = (COLOURS["focus"][theme], COLOURS["focus-edge"][theme])
    assert max(contrast(tone, COLOURS[ground][theme]) for tone in tones) >= 3


def test_no_colour_stands_outside_the_tokens():
    styles = TOKENS.parent.rglob("*.css")
    strays = {
        path.name: found
        for path in styles
        if path.name not in {"tokens.css", "print.css"}
        and (found := re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")))
    }
    # Words on the focus tone and on the picture's marks are the same in both themes.
    assert set(strays) <= {"frame.css", "home.css"}


def test_every_token_that_a_style_names_is_defined():
    root = TOKENS.parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.css"))
    # One with a fallback may stay undefined.
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", text)) <= set(
        re.findall(r"--([a-z0-9-]+):", text)
    )


def test_every_style_file_is_in_the_index():
    root = TOKENS.parent
    index = (root / "index.css").read_text(encoding="utf-8")
    files = {path.relative_to(root).as_posix() for path in root.rglob("*.css")} - {"index.css"}
    # The kiosk's own sheet comes with its script, so that phones do not carry it.
    files -= {"kiosk.css"}
    assert set(re.findall(r'@import "\./([^"]+)"', index)) == files
