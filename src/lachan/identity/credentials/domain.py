"""Pure rules of what a person shows at a door: which kind of code it is, and what it says.

Nothing here asks a database: a text that is no code of any kind, a code garbled by a scanner and a
phone code signed by nobody are told apart before anything is looked up.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

from lachan.identity.domain import normalise_phone, tidy_name
from lachan.kit.ids import ALPHABET, check_symbol, normalise_code

LONGEST_SHOWN: Final = 1000
"""More than the longest national card holds; what is longer is no code of ours."""

PHONE_CODE: Final = "LC1:"
CARD: Final = "LCC:"
TYPED_PHONE: Final = "PHONE:"
# All blanks there are, and the mark with which some readers begin whatever they type.
_AROUND: Final = "\ufeff" + "".join(filter(str.isspace, map(chr, range(0x3001))))

STEP_SECONDS: Final = 30
HANDLE_BYTES: Final = 10
MASK_BYTES: Final = 3
MAC_BYTES: Final = 10
MOST_MEMBERS: Final = 8 * MASK_BYTES
CARD_LENGTH: Final = 12
"""Eleven random symbols (55 bits) and a check symbol."""

_STEP_BYTES: Final = 4
_SIGNED: Final = HANDLE_BYTES + _STEP_BYTES + MASK_BYTES
_PHONE_CODE_BYTES: Final = _SIGNED + MAC_BYTES
_PHONE_CODE_SYMBOLS: Final = -(-_PHONE_CODE_BYTES * 8 // 5)
_SYMBOL_BITS: Final = 5
_CARD_BITS: Final = (CARD_LENGTH - 1) * _SYMBOL_BITS
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}

_MOST_NATIONAL_PARTS: Final = 11
_MOST_PERSONAL_PARTS: Final = 6
NATIONAL_NUMBER: Final = re.compile(r"[0-9]{12}")
# An identity card, a passport, a health insurance card, a phone number: letters and digits.
DOCUMENT_NUMBER: Final = re.compile(r"[0-9A-Z]{6,20}")
_OLD_NUMBER: Final = re.compile(r"([0-9]{9}|[0-9]{12})?")
# Nam, nữ, khác, male, female. A reader set to another codepage loses the letters with marks: "N?".
_SEX: Final = re.compile(r"[NKMF][^0-9]{0,9}", re.IGNORECASE)
_FIRST_YEAR: Final = 1880
_LAST_YEAR: Final = 2100
_DAY_MONTH_YEAR: Final = 3
_LONGEST_ADDRESS: Final = 300
_CODE_DIGITS: Final = re.compile(r"[0-9]{6}")


class Unreadable(ValueError):
    """The text is no code that a door takes, or a scanner garbled it."""


class CardMistyped(Unreadable):
    """The length of a card's number, and its check symbol says that a letter is wrong."""


@dataclass(frozen=True, slots=True)
class PhoneCode:
    """What a phone shows for half a minute. `signed` is what `mac` was made over."""

    handle: bytes
    step: int
    mask: int
    signed: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """The number of a printed card, known to be free of slips."""

    number: str


@dataclass(frozen=True, slots=True)
class Document:
    """A national card, or the personal code of Decision 1405.

    `born` is `YYYY-MM-DD`, or `YYYY` for somebody whose papers know only the year. `name` is as
    far as the reader could write it, with `?` for what it lost; empty when little was left.
    """

    kind: Literal["national_id", "decision_1405"]
    number: str
    name: str
    born: str
    address: str | None = None

    @property
    def birth_year(self) -> int:
        return int(self.born[:4])

    def __repr__(self) -> str:
        # What a card says must not reach a log through a traceback.
        return f"Document({self.kind})"


@dataclass(frozen=True, slots=True)
class TypedPhone:
    """A phone number in E.164 form and the one-time code that was texted to it."""

    phone: str
    code: str

    def __repr__(self) -> str:
        return "TypedPhone(…)"


Shown = PhoneCode | Card | Document | TypedPhone


def to_base32(raw: bytes) -> str:
    """Crockford's base 32 of `raw`, big-endian, the last symbol filled up with zero bits."""
    symbols = -(-len(raw) * 8 // _SYMBOL_BITS)
    value = int.from_bytes(raw, "big") << (symbols * _SYMBOL_BITS - len(raw) * 8)
    return "".join(
        ALPHABET[(value >> shift) & 31]
        for shift in range((symbols - 1) * _SYMBOL_BITS, -1, -_SYMBOL_BITS)
    )


def from_base32(text: str, length: int) -> bytes | None:
    """The `length` bytes that `to_base32` wrote, None for anything else."""
    if len(text) != -(-length * 8 // _SYMBOL_BITS) or not _VALUES.keys() >= set(text):
        return None
    value = 0
    for symbol in text:
        value = value << _SYMBOL_BITS | _VALUES[symbol]
    spare = len(text) * _SYMBOL_BITS - length * 8
    # One text for one code: a symbol that differs only in bits beyond the code is a forgery.
    if value & ((1 << spare) - 1):
        return None
    return (value >> spare).to_bytes(length, "big")


def step_of(moment: datetime) -> int:
    """The half minute of `moment` since 1970."""
    return int(moment.astimezone(UTC).timestamp()) // STEP_SECONDS


def phone_code(key: bytes, handle: bytes, step: int, mask: int = 0) -> str:
    """What a phone shows: signed with the key that it got for `handle`."""
    signed = handle + step.to_bytes(_STEP_BYTES, "big") + mask.to_bytes(MASK_BYTES, "big")
    return PHONE_CODE + to_base32(signed + hmac.digest(key, signed, "sha256")[:MAC_BYTES])


def is_signed(code: PhoneCode, key: bytes) -> bool:
    """Whether the holder of the handle's key made this code, with this household."""
    return hmac.compare_digest(hmac.digest(key, code.signed, "sha256")[:MAC_BYTES], code.mac)


def is_current(code: PhoneCode, at: datetime) -> bool:
    """Whether the code was on the screen at the moment of scanning.

    The half minute of the scan and the one before count, so a code lives for at most 60 seconds;
    one ahead is taken too, for the phone's clock may run a little before the door's.
    """
    return -1 <= code.step - step_of(at) <= 1


def members_along(mask: int, members: Sequence[int | None]) -> tuple[int, ...]:
    """Those of `members` whose bit is set; None stands for somebody who left the household."""
    return tuple(
        member
        for bit, member in enumerate(members[:MOST_MEMBERS])
        if member is not None and mask >> bit & 1
    )


def card_number(bits: bytes) -> str:
    """The number of a card, from the first 55 of `bits`."""
    value = int.from_bytes(bits[:7], "big") >> (7 * 8 - _CARD_BITS)
    body = "".join(
        ALPHABET[(value >> shift) & 31]
        for shift in range(_CARD_BITS - _SYMBOL_BITS, -1, -_SYMBOL_BITS)
    )
    return body + check_symbol(body)


def spoken_card(number: str) -> str:
    """A card's number in three groups of four, as it is printed."""
    return "-".join(number[start : start + 4] for start in range(0, CARD_LENGTH, 4))


def trimmed(text: str) -> str:
    """A scanned or typed text without what readers put around it: blanks, byte order marks."""
    return text.strip(_AROUND)


def is_typed_phone(text: str) -> bool:
    """Whether `read_shown` takes `text` for a phone number that was typed, with a code or not."""
    return trimmed(text)[:6].upper() == TYPED_PHONE


def read_shown(text: str) -> Shown:
    """What a scanned or typed text is.

    Raises `Unreadable`, `CardMistyped`. Never looks anything up, and never repeats the text.
    """
    if len(text) > LONGEST_SHOWN:
        raise Unreadable
    shown = trimmed(text)
    head = shown[:6].upper()
    if head.startswith(PHONE_CODE):
        return _phone_code(shown[len(PHONE_CODE) :])
    if head.startswith(CARD):
        return _card(shown[len(CARD) :])
    if is_typed_phone(shown):
        return _typed_phone(shown[len(TYPED_PHONE) :])
    if "|" in shown:
        return _document(shown)
    return _card(shown)


def _phone_code(text: str) -> PhoneCode:
    # A keyboard wedge with the wrong layout may turn the case.
    raw = from_base32(text.upper(), _PHONE_CODE_BYTES)
    if raw is None:
        raise Unreadable
    step_end = HANDLE_BYTES + _STEP_BYTES
    return PhoneCode(
        handle=raw[:HANDLE_BYTES],
        step=int.from_bytes(raw[HANDLE_BYTES:step_end], "big"),
        mask=int.from_bytes(raw[step_end:_SIGNED], "big"),
        signed=raw[:_SIGNED],
        mac=raw[_SIGNED:],
    )


def _card(text: str) -> Card:
    number = normalise_code(text, CARD_LENGTH)
    if number is not None:
        return Card(number)
    letters = re.sub(r"[-\s]", "", text)
    if len(letters) == CARD_LENGTH and letters.isascii() and letters.isalnum():
        raise CardMistyped
    raise Unreadable


def _typed_phone(text: str) -> TypedPhone:
    number, _, code = text.rpartition(":")
    phone = normalise_phone(number)
    if phone is None or not _CODE_DIGITS.fullmatch(code.strip()):
        raise Unreadable
    return TypedPhone(phone, code.strip())


def _document(text: str) -> Document:
    parts = [part.strip() for part in text.split("|")]
    # Some printers end the line with a bar.
    while parts and not parts[-1]:
        parts.pop()
    national = _national(parts)
    personal = None if national is not None else _personal(parts)
    found = national or personal
    if found is None:
        raise Unreadable
    return found


def _national(parts: Sequence[str]) -> Document | None:
    """A national card: number, old number, name, birth, sex, address, day of issue, and more.

    Older printings leave the old number out or empty; newer ones put further parts at the end.
    """
    if not 5 <= len(parts) <= _MOST_NATIONAL_PARTS:  # noqa: PLR2004 - address and issue may be empty
        return None
    number = parts[0].replace(" ", "")
    if not NATIONAL_NUMBER.fullmatch(number):
        return None
    rest = list(parts[1:])
    if _OLD_NUMBER.fullmatch(rest[0]):
        rest.pop(0)
    if len(rest) < 3 or not _SEX.fullmatch(rest[2]):  # noqa: PLR2004 - name, birth, sex
        return None
    name, born = _spoilt_name(rest[0]), read_birth(rest[1])
    # The numbers prove each other; words that a reader spoilt are no reason to turn somebody away.
    if name is None or born is None or not fits_number(number, born):
        return None
    address = _words(rest[3])[:_LONGEST_ADDRESS] if rest[3:] else ""
    return Document("national_id", number, name, born, address or None)


def _personal(parts: Sequence[str]) -> Document | None:
    """The personal code of Decision 1405: number, name, birth, kind of paper, QID, extension."""
    if not 3 <= len(parts) <= _MOST_PERSONAL_PARTS:  # noqa: PLR2004 - the last three may be empty
        return None
    number = re.sub(r"[\s.\-]", "", parts[0]).upper()
    is_national = NATIONAL_NUMBER.fullmatch(number) is not None
    # Where no number proves another, a name must be one for the text to be taken for papers.
    name = _spoilt_name(parts[1]) if is_national else _name(parts[1])
    born = read_birth(parts[2])
    if not DOCUMENT_NUMBER.fullmatch(number) or name is None or born is None:
        return None
    # The same person by either code: a national number is checked as one wherever it stands.
    if is_national and not fits_number(number, born):
        return None
    return Document("decision_1405", number, name, born)


def _name(text: str) -> str | None:
    name = _words(text)
    return name if sum(letter.isalpha() for letter in name) > 1 else None


def _spoilt_name(text: str) -> str | None:
    """The name as far as it is legible, else empty; None for digits, which are no name at all."""
    if any(letter.isdecimal() for letter in text):
        return _name(text)
    name = _words(text)
    letters = sum(letter.isalpha() for letter in name)
    return name if letters > 1 and 2 * letters >= len(name.replace(" ", "")) else ""


def _words(text: str) -> str:
    """Words as a reader meant them: of a wrong codepage mended, else with `?` for what was lost."""
    return tidy_name(_mended(text)).replace("\ufffd", "?")


def _mended(text: str) -> str:
    """UTF-8 that was taken for Windows-1252 letter by letter, put right; anything else as it is."""
    try:
        raw = b"".join(
            letter.encode("latin-1" if "\x80" <= letter <= "\x9f" else "cp1252") for letter in text
        )
        return raw.decode()
    except UnicodeError:
        return text


def read_birth(text: str) -> str | None:
    """A day of birth as ISO 8601, or the bare year; None when it is neither.

    Reads ddmmyyyy, dd/mm/yyyy, yyyymmdd, yyyy-mm-dd, yyyy, and zeros for what is not known.
    """
    groups = re.findall(r"[^/.\-\s]+", text)
    if len(groups) == _DAY_MONTH_YEAR:
        # Typed by hand: 9/3/1950.
        groups = [group.zfill(2) for group in groups]
    digits = "".join(groups)
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) == 4:  # noqa: PLR2004 - a year
        return digits if _FIRST_YEAR <= int(digits) <= _LAST_YEAR else None
    if len(digits) != 8:  # noqa: PLR2004 - day, month, year
        return None
    for year, month, day in (
        (digits[4:], digits[2:4], digits[:2]),
        (digits[:4], digits[4:6], digits[6:]),
    ):
        if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            continue
        if month == "00" or day == "00":
            return year
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None


def fits_number(number: str, born: str) -> bool:
    """Whether a national number belongs to somebody born then.

    The fourth digit is sex and century (0 and 1: 1900s, 2 and 3: 2000s, ...), the fifth and sixth
    are the year (Circular 59/2021/TT-BCA). A number is given anew when the year is put right, so
    the two always agree, and a digit that a scanner dropped or swapped is found.
    """
    return int(born[:4]) == 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
