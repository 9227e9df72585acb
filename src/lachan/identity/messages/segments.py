"""How a text is cut for the air: GSM 7-bit where it can be, else UCS-2 (3GPP TS 23.038)."""

from dataclasses import dataclass
from typing import Final

GSM7: Final = 0x00
UCS2: Final = 0x08

# 3GPP TS 23.038, 6.2.1: the default alphabet by septet value; ESC at 0x1B leads to the extension.
_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E,
    "|": 0x40, "€": 0x65,
}  # fmt: skip
_ESCAPE: Final = 0x1B
_SEPTETS: Final = {
    letter: bytes([value]) for value, letter in enumerate(_BASIC) if value != _ESCAPE
} | {letter: bytes([_ESCAPE, value]) for letter, value in _EXTENSION.items()}

_ONE_GSM7, _PART_GSM7 = 160, 153  # septets in a message alone, and beside a 6-byte header
_ONE_UCS2, _PART_UCS2 = 140, 134  # bytes
MOST_PARTS: Final = 255


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as one or more short messages, each at most 140 bytes on the air."""

    coding: int
    parts: tuple[bytes, ...]


def _letters(text: str) -> tuple[int, list[bytes]]:
    septets = [_SEPTETS.get(letter) for letter in text]
    known = [one for one in septets if one is not None]
    if len(known) == len(septets):
        return GSM7, known
    # A lone surrogate is no character; it goes out as the replacement character.
    clean = text.encode("utf-16-be", "replace").decode("utf-16-be", "replace")
    return UCS2, [letter.encode("utf-16-be") for letter in clean]


def cut(text: str) -> Segments:
    """`text` in as few parts as its alphabet allows; no letter is torn between two.

    Raises `ValueError` for an empty text and for more than 255 parts.
    """
    coding, letters = _letters(text)
    one, part = (_ONE_GSM7, _PART_GSM7) if coding == GSM7 else (_ONE_UCS2, _PART_UCS2)
    whole = b"".join(letters)
    if not whole:
        raise ValueError("an empty text cannot be sent")
    if len(whole) <= one:
        return Segments(coding, (whole,))
    parts: list[bytes] = []
    current = b""
    for letter in letters:
        if len(current) + len(letter) > part:
            parts.append(current)
            current = b""
        current += letter
    parts.append(current)
    if len(parts) > MOST_PARTS:
        raise ValueError("the text is too long")
    return Segments(coding, tuple(parts))


def with_headers(parts: tuple[bytes, ...], reference: int) -> tuple[bytes, ...]:
    """Each part behind the header by which a phone joins them (3GPP TS 23.040, 9.2.3.24.1)."""
    total = len(parts)
    return tuple(
        bytes([5, 0, 3, reference & 0xFF, total, number]) + part
        for number, part in enumerate(parts, start=1)
    )
