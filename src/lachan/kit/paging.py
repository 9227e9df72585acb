"""Cursor paging: a list is walked by the key of its last row, never by counting rows."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from lachan.kit.errors import InvalidInput

Row = TypeVar("Row")
Key = str | int | float | None

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page and the cursor of the next, None at the end."""

    rows: Sequence[Row]
    next_cursor: str | None


def encode_cursor(key: Sequence[Key]) -> str:
    """An opaque cursor from the sort key of the last row shown."""
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, length: int) -> list[Key] | None:
    """The sort key in `cursor`, or None for the first page.

    Raises `InvalidInput` when it is not a cursor of `length` parts.
    """
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = orjson.loads(raw)
    except (binascii.Error, ValueError):
        raise InvalidInput(fields={"cursor": "field-cursor"}) from None
    if not isinstance(key, list) or len(key) != length or not all(map(_is_storable, key)):
        raise InvalidInput(fields={"cursor": "field-cursor"})
    return list(key)


def _is_storable(part: object) -> bool:
    """Whether the database can compare with it: anybody may write a cursor of their own."""
    if isinstance(part, str):
        return "\0" not in part
    if isinstance(part, int):
        return not isinstance(part, bool) and -_BIGINT <= part < _BIGINT
    return part is None or isinstance(part, float)
