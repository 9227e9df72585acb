"""Identifiers: time-ordered UUIDs, and short codes that a person can read out.

Codes use Crockford's base 32 (no I, L, O or U). The last letter is a check symbol over GF(32):
the sum of the symbols, each multiplied by a different power of the field's generator, must be zero.
In a field every non-zero weight is invertible and no two weights are equal, so every single wrong
letter and every swap of two letters is found, in codes of up to 31 letters.
"""

import os
import secrets
import time
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_PRIMITIVE = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)

CODE_LENGTH = 10
"""Nine random symbols (45 bits) and a check symbol."""


def _field() -> tuple[list[int], list[int]]:
    powers, value = [], 1
    for _ in range(31):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= _PRIMITIVE
    logarithms = [0] * 32
    for exponent, power in enumerate(powers):
        logarithms[power] = exponent
    return powers, logarithms


_POWERS, _LOGARITHMS = _field()


def _weighted(value: int, weight: int) -> int:
    return 0 if value == 0 else _POWERS[(_LOGARITHMS[value] + weight) % 31]


def check_symbol(body: str) -> str:
    """The symbol that makes `body` + symbol a valid code.

    Raises `KeyError` when `body` holds a letter outside `ALPHABET`.
    """
    total = 0
    for position, letter in enumerate(body, start=1):
        total ^= _weighted(_VALUES[letter], position)
    return ALPHABET[total]


def new_code(length: int = CODE_LENGTH) -> str:
    """A fresh random code with its check symbol last."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + check_symbol(body)


def normalise_code(text: str, length: int = CODE_LENGTH) -> str | None:
    """The canonical form of a typed or scanned code, or None when it is not one.

    Case, blanks and hyphens do not matter; O is read as 0, I and L as 1.
    """
    if len(text) > 4 * length:
        return None
    code = text.upper().translate(_LOOKALIKES)
    if len(code) != length or not _VALUES.keys() >= set(code):
        return None
    return code if check_symbol(code[:-1]) == code[-1] else None


def spoken_code(code: str) -> str:
    """`code` in two groups, as it is printed below a QR picture."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"


def uuid7(unix_ms: int | None = None) -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7); `unix_ms` defaults to now."""
    milliseconds = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= ((random >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & 0x3FFFFFFFFFFFFFFF
    return uuid.UUID(int=value)


def uuid7_unix_ms(value: uuid.UUID) -> int:
    """The moment a version 7 UUID was made for, in milliseconds since 1970."""
    return value.int >> 80
