"""What the content security policy forbids is in no template, and what a template names exists."""

import re

import pytest

from lachan.web.rendering import TEMPLATES

FILES = sorted(TEMPLATES.rglob("*.html"))
_ICONS = TEMPLATES / "components/icons.html"
_FORBIDDEN = {
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign host": re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""", re.IGNORECASE),
    "switched-off escaping": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "evaluated htmx": re.compile(r"hx-(?:on|vals=['\"]js)", re.IGNORECASE),
}
_ICON_USE = re.compile(r"""\bicon\(\s*"([a-z-]+)\"""")
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")


def test_there_are_templates():
    assert len(FILES) > 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_that_the_policy_forbids(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [name for name, pattern in _FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_icon_is_drawn(path):
    drawn = set(re.findall(r'name == "([a-z-]+)"', _ICONS.read_text(encoding="utf-8")))
    assert set(_ICON_USE.findall(path.read_text(encoding="utf-8"))) <= drawn


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_sentence_outside_the_catalogues(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert _VIETNAMESE.findall(text) == []
