"""Codes find the slips of fingers and eyes; UUIDs keep the order of time."""

from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.ids import (
    ALPHABET,
    CODE_LENGTH,
    new_code,
    normalise_code,
    spoken_code,
    uuid7,
    uuid7_unix_ms,
)

codes = st.builds(new_code)


@given(codes)
def test_a_new_code_is_valid_however_it_is_typed(code: str) -> None:
    assert normalise_code(code) == code
    assert normalise_code(f" {spoken_code(code).lower()} ") == code
    assert normalise_code(code.replace("0", "O").replace("1", "l")) == code


@given(codes, st.integers(0, CODE_LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_letter_is_always_found(code: str, where: int, letter: str) -> None:
    typed = code[:where] + letter + code[where + 1 :]
    assert (normalise_code(typed) is None) == (letter != code[where])


@given(codes, st.integers(0, CODE_LENGTH - 1), st.integers(0, CODE_LENGTH - 1))
def test_two_swapped_letters_are_always_found(code: str, one: int, two: int) -> None:
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    typed = "".join(letters)
    assert (normalise_code(typed) is None) == (typed != code)


@given(st.text(max_size=200))
def test_any_text_is_a_code_or_is_not(text: str) -> None:
    code = normalise_code(text)
    assert code is None or (len(code) == CODE_LENGTH and normalise_code(code) == code)


def test_codes_are_not_used_up() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


@given(st.integers(0, 2**48 - 1))
def test_uuid7_holds_its_moment(moment: int) -> None:
    made = uuid7(moment)
    assert uuid7_unix_ms(made) == moment
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


@given(st.integers(0, 2**48 - 2))
def test_uuid7_sorts_by_time(moment: int) -> None:
    assert uuid7(moment) < uuid7(moment + 1)
