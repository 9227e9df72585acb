"""What a place may be called and where it may lie. No input, no output, no clock."""

import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import h3

NAME_LENGTH: Final = 200
ROOM_NAME_LENGTH: Final = 120
ADDRESS_LENGTH: Final = 300
MOST_ROOMS: Final = 200
H3_RESOLUTION: Final = 9
"""Cells of about 0.1 km2: a market or a hospital fills one or two."""

# Control characters, invisible formatting (it can turn a name round on a poster), surrogates,
# private letters, and line ends: none belongs to a name.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; the edges belong to it."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the position lies inside. False for NaN."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


def _boxes() -> tuple[Box, ...]:
    raw = tomllib.loads(Path(__file__).with_name("bounds.toml").read_text(encoding="utf-8"))
    return tuple(Box(**entry) for entry in raw.values() if isinstance(entry, dict))


VIET_NAM: Final = _boxes()


class Position(StrEnum):
    """What a pair of coordinates is."""

    INSIDE = "inside"
    SWAPPED = "swapped"
    OUTSIDE = "outside"


def in_viet_nam(lat: float, lon: float) -> bool:
    """Whether a position may be in Viet Nam, its islands included. Generous by some kilometres."""
    return any(box.holds(lat, lon) for box in VIET_NAM)


def judge_position(lat: float, lon: float) -> Position:
    """Tell a position in Viet Nam from one with latitude and longitude swapped, and from others."""
    if in_viet_nam(lat, lon):
        return Position.INSIDE
    return Position.SWAPPED if in_viet_nam(lon, lat) else Position.OUTSIDE


def cell_of(lat: float, lon: float) -> int:
    """The H3 cell of a position, as the signed 64-bit number that the database stores."""
    return int(h3.str_to_int(h3.latlng_to_cell(lat, lon, H3_RESOLUTION)))


def tidy(text: str) -> str:
    """`text` in composed letters, with single blanks and none at its ends."""
    return " ".join(filter(None, unicodedata.normalize("NFC", text).split(" ")))


def is_printable(text: str) -> bool:
    """Whether every letter of `text` can stand on a poster."""
    return all(unicodedata.category(letter) not in _UNPRINTABLE for letter in text)
