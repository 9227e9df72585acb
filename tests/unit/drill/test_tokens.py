"""A drill's tokens: told apart, never forged, and over when their hour comes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lachan.drill.tokens import is_drill_token, token_maker
from lachan.kit.crypto import new_keyring, new_token

KEYS = new_keyring()
KEY = KEYS.derive("drill token")
NOW = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
MAKE = token_maker(KEYS, NOW + timedelta(hours=6))


def test_it_is_as_long_as_any_other_and_holds_for_its_hours() -> None:
    token = MAKE()
    assert len(token) == len(new_token())
    assert token != MAKE()
    assert is_drill_token(KEY, token, NOW)
    assert is_drill_token(KEY, token, NOW + timedelta(hours=6))
    assert not is_drill_token(KEY, token, NOW + timedelta(hours=7))


def test_another_deployments_tokens_mean_nothing_here() -> None:
    assert not is_drill_token(new_keyring().derive("drill token"), MAKE(), NOW)


@given(st.integers(0, 42), st.sampled_from("ABCxyz019-_"))
def test_no_letter_can_be_changed(position: int, letter: str) -> None:
    token = MAKE()
    if position == 42 or token[position] == letter:
        # The last letter holds two bits that base64 ignores.
        return
    changed = token[:position] + letter + token[position + 1 :]
    assert not is_drill_token(KEY, changed, NOW)


@given(st.text(max_size=60))
def test_nothing_else_passes(text: str) -> None:
    assert not is_drill_token(KEY, text, NOW)
    assert not is_drill_token(KEY, f"dril{text}", NOW)
