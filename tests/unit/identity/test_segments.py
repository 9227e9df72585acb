"""A text is cut so that a phone shows exactly what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.identity.messages.segments import GSM7, UCS2, cut, with_headers
from lachan.kit.i18n import LANGUAGES, Catalogs


def test_known_lengths() -> None:
    assert len(cut("a" * 160).parts) == 1
    assert len(cut("a" * 161).parts) == 2
    assert len(cut("{" * 80).parts) == 1
    assert len(cut("{" * 81).parts) == 2
    assert cut("ă" * 70).coding == UCS2
    assert len(cut("ă" * 70).parts) == 1
    assert len(cut("ă" * 71).parts) == 2
    with pytest.raises(ValueError, match="empty"):
        cut("")
    with pytest.raises(ValueError, match="too long"):
        cut("ă" * 67 * 256)


@given(st.text(min_size=1, max_size=700))
def test_no_part_is_too_long_and_no_letter_is_torn(text: str) -> None:
    segments = cut(text)
    limit = 160 if segments.coding == GSM7 else 140
    for part in with_headers(segments.parts, 7) if len(segments.parts) > 1 else segments.parts:
        assert 0 < len(part) <= limit
    for part in segments.parts:
        if segments.coding == UCS2:
            part.decode("utf-16-be")
        else:
            assert part[-1] != 0x1B
    if segments.coding == UCS2:
        expected = text.encode("utf-16-be", "replace").decode("utf-16-be", "replace")
        assert b"".join(segments.parts).decode("utf-16-be") == expected


def test_the_text_with_a_code_is_one_message_in_every_language() -> None:
    catalogs = Catalogs()
    for lang in LANGUAGES:
        text = catalogs.translate(lang, "identity-text-code", code="123456", minutes=15)
        assert len(cut(text).parts) == 1, text
        assert text.startswith("123456"), "shown first on a locked screen"
