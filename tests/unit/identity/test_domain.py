"""Pure rules of identity under hostile input."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lachan.identity.domain import (
    LONGEST_NAME,
    local_path,
    masked_phone,
    normalise_phone,
    shown_phone,
    tidy_name,
)


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "+84 912.345.678",
        "84912345678",
        "０９１２３４５６７８",
        "(091) 234-5678",
    ],
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert normalise_phone(typed) == "+84912345678"


def test_foreign_travellers_have_numbers_too() -> None:
    assert normalise_phone("+44 7400 123456") == "+447400123456"
    assert shown_phone("+447400123456") == "+44 7400 123456"
    assert shown_phone("+84912345678") == "0912 345 678"
    assert masked_phone("+84912345678") == "••• ••• 678"


@given(st.text(max_size=60))
@example("+84912345678;ext=5")
@example("\u202e0912345678")
@example("tel:+84912345678")
def test_any_text_is_a_number_that_stays_itself_or_none(typed: str) -> None:
    normal = normalise_phone(typed)
    if normal is not None:
        assert normal[0] == "+"
        assert normal[1:].isascii()
        assert normal[1:].isdigit()
        assert normalise_phone(normal) == normal


@given(st.text(max_size=400))
@example("//evil.example")
@example("/\\evil.example")
@example("/a\n//evil.example")
@example("https:/evil.example")
@example("/%2f/evil.example")
def test_a_sign_in_page_never_leads_elsewhere(target: str) -> None:
    path = local_path(target, "/me")
    reached = urlsplit(urljoin("https://lachan.example/login", path))
    assert (reached.scheme, reached.netloc) == ("https", "lachan.example")
    assert path.startswith("/")
    assert not set("\\\r\n\t") & set(path)


@given(st.text(max_size=300))
def test_a_name_is_one_line_without_tricks(text: str) -> None:
    name = tidy_name(text)
    assert len(name) <= LONGEST_NAME
    assert name == name.strip()
    assert "  " not in name
    assert not any(letter < " " or letter in "\u202e\u2066\u2028" for letter in name)
