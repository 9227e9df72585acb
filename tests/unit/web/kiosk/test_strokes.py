"""A USB reader on a tablet set to another keyboard: read all the same, or said so, never wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lachan.identity.credentials import domain
from lachan.kit.ids import check_symbol
from tests.unit.web.app.conftest import Run

NOW = datetime(2026, 11, 23, 3, 0, 10, tzinfo=UTC)
CARD = "LCC:" + (body := "W0AADDWSFJX") + check_symbol(body)
CODE = domain.phone_code(bytes(32), b"w aa dd ow", domain.step_of(NOW))
NATIONAL = "001299012345||LE THI THU|01022099|Nam|So 1, Phuong Thu|01012021".replace("2099", "1999")
NATIONAL = NATIONAL.replace("001299", "001199")
CODES = {":": ("Semicolon", True), "|": ("Backslash", True), " ": ("Space", False)}
CODES |= {",": ("Comma", False), "-": ("Minus", False), "?": ("Slash", True)}

Strokes = list[dict[str, Any]]


def strokes(text: str) -> Strokes:
    """What a US reader sends on a tablet that is set to a US keyboard."""
    pressed = []
    for letter in text:
        code, shift = CODES.get(letter) or (
            (f"Digit{letter}", False)
            if letter.isdigit()
            else (f"Key{letter.upper()}" if letter.isascii() else "", letter.isupper())
        )
        pressed.append({"key": letter, "code": code, "shift": shift})
    return pressed


def in_layout(sent: Strokes, layout: dict[str, str], *, keeps_codes: bool = True) -> Strokes:
    return [
        {**one, "key": layout.get(one["key"], one["key"])} | ({} if keeps_codes else {"code": ""})
        for one in sent
    ]


# Telex on: w is ư, and the tone letters of a vowel before them are swallowed by the input method.
TELEX = {"w": "ư", "W": "Ư", "s": "Process", "S": "Process", "d": "đ", "D": "Đ"}
# The Vietnamese layout of Windows: the row of digits writes letters and tones.
VIETNAMESE = dict(zip("1234567890", ["ă", "â", "ê", "ô", "Dead", "Dead", "Dead", "Dead", "Dead",
                                     "đ"], strict=True))  # fmt: skip
AZERTY = dict(zip("1234567890", '&é"\'(-è_çà', strict=True)) | {
    "A": "Q", "Q": "A", "W": "Z", "Z": "W", "M": ":", ":": "M",
}  # fmt: skip
GERMAN = {"Y": "Z", "Z": "Y", ":": "Ö", "-": "ß", "|": "'"}
LAYOUTS = {"telex": TELEX, "vietnamese": VIETNAMESE, "azerty": AZERTY, "german": GERMAN}


def heard(run_script: Run, lists: list[Strokes]) -> list[dict[str, Any] | None]:
    now = NOW.timestamp() * 1000
    return run_script("kiosk/strokes.ts", "things.interpret", [[one, now] for one in lists])


@pytest.mark.parametrize("text", [CARD, CARD[4:], CODE, NATIONAL], ids=lambda text: text[:4])
def test_the_key_says_what_the_layout_garbled(run_script: Run, text: str) -> None:
    sent = strokes(text)
    found = heard(run_script, [sent, *(in_layout(sent, one) for one in LAYOUTS.values())])
    assert [one and one.get("text") for one in found] == [text] * (1 + len(LAYOUTS))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_cannot_be_made_out_is_never_a_scan(run_script: Run, layout: str) -> None:
    texts = (CARD, CODE, NATIONAL)
    lists = [in_layout(strokes(text), LAYOUTS[layout], keeps_codes=False) for text in texts]
    card, code, document = heard(run_script, lists)
    assert card == code == {"problem": "layout"}
    if layout == "telex":
        # It swallows letters of the address and leaves every number as it is.
        assert document is not None
        assert document["who"] == NATIONAL[:12]
    else:
        assert document == {"problem": "layout"}


def test_a_corrected_letter_counts_once(run_script: Run) -> None:
    # An input method that takes a letter back and writes another in its place.
    sent = strokes(CARD)
    sent[3:3] = [*strokes("X"), {"key": "Backspace", "code": "Backspace", "shift": False}]
    (found,) = heard(run_script, [sent])
    assert found is not None
    assert found["text"] == CARD


def test_a_document_whose_words_the_reader_cannot_write_is_known_by_its_numbers(
    run_script: Run,
) -> None:
    asked = NATIONAL.replace("|Nam|", "|N?|").replace("LE THI THU", "L? TH? TH?")
    (found,) = heard(run_script, [strokes(asked)])
    assert found is not None
    assert (found["kind"], found["who"]) == ("national_id", NATIONAL[:12])
    # A number that the day of birth denies is nobody's.
    wrong = asked.replace("01021999", "01021998")
    assert heard(run_script, [strokes(wrong)]) == [{"problem": "layout"}]


def test_touched_keys_and_foreign_codes(run_script: Run) -> None:
    mistyped = CARD[:-1] + ("0" if CARD[-1] != "0" else "1")
    assert heard(
        run_script,
        [strokes("abc"), strokes("8934563138164"), strokes(mistyped), strokes("LC1:ABCDEFGHJK")],
    ) == [None, {"problem": "shown-unreadable"}, {"problem": "card-mistyped"},
          {"problem": "shown-unreadable"}]  # fmt: skip
