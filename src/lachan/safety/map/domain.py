"""The map's geometry and words: tiles, cells, colours. Pure.

A position in the web Mercator square is (x, y) in [0, 1), x eastwards and y southwards; tile
(z, x, y) is the x-th column and y-th row of 2**z.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

COLOURS: Final = ("green", "yellow", "red", "grey", "repair")
CODE: Final = {colour: code for code, colour in enumerate(COLOURS)}
GREY: Final = CODE["grey"]

EXTENT: Final = 4096
# Points are drawn from this zoom on, and their tiles are made at no other: a browser draws closer
# views from the same tile, whose grain is 2.4 m.
POINT_ZOOM: Final = 12
FIRST_ZOOM: Final = 3
LAST_AREA_ZOOM: Final = 11
# H3 resolution of the bins at each zoom: 10 to 50 pixels across.
BIN_RESOLUTION: Final = {3: 3, 4: 4, 5: 4, 6: 5, 7: 6, 8: 6, 9: 7, 10: 8, 11: 8}
RESOLUTIONS: Final = tuple(sorted(set(BIN_RESOLUTION.values())))
PAST_DAYS: Final = 14

# Viewers say by tiles of this zoom (about 150 km) which part of the country they look at.
REGION_ZOOM: Final = 8
MOST_REGIONS: Final = 24

_EAST: Final = 180
_NORTH: Final = 90
_LATITUDE_LIMIT: Final = 85.05112878


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the map."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        return 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, north, east, south in the Mercator square."""
        side = 1 / (1 << self.z)
        return self.x * side, self.y * side, (self.x + 1) * side, (self.y + 1) * side


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map in degrees."""

    west: float
    south: float
    east: float
    north: float


# The mainland and the archipelagos: what the map shows first.
COUNTRY: Final = Box(102.0, 6.8, 115.2, 23.5)


def mercator(lat: float, lon: float) -> tuple[float, float]:
    """A position in degrees as one in the Mercator square."""
    sine = math.sin(math.radians(max(-_LATITUDE_LIMIT, min(_LATITUDE_LIMIT, lat))))
    return lon / 360 + 0.5, 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def degrees(x: float, y: float) -> tuple[float, float]:
    """A position in the Mercator square as latitude and longitude."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))), (x - 0.5) * 360


def bin_id(cell: int, resolution: int) -> int:
    """The part of an H3 index that differs within a resolution: small enough for a script's number.

    Base cell (7 bits) and one digit of 3 bits a resolution; mode, resolution and the unused digits
    are left out.
    """
    return (cell >> (45 - 3 * resolution)) & ((1 << (7 + 3 * resolution)) - 1)


def parse_box(said: str) -> Box | None:
    """A box from "west,south,east,north"; None when it is not one."""
    parts = said.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    if not (-_EAST <= west < east <= _EAST and -_NORTH <= south < north <= _NORTH):
        return None
    return Box(west, south, east, north)


def parse_regions(said: str) -> frozenset[tuple[int, int]] | None:
    """Regions from "x-y,x-y,..."; empty for the whole country, None when they are not regions."""
    if not said:
        return frozenset()
    found = set()
    for part in said.split(",")[: MOST_REGIONS + 1]:
        x, _, y = part.partition("-")
        if not (x.isascii() and x.isdigit() and y.isascii() and y.isdigit()):
            return None
        tile = Tile(REGION_ZOOM, int(x[:4]), int(y[:4]))
        if not tile.exists:
            return None
        found.add((tile.x, tile.y))
    return frozenset(found) if len(found) <= MOST_REGIONS else frozenset()


def past_days(today: date) -> list[date]:
    """The days that the slider offers, the oldest first; the last is today."""
    return [today - timedelta(days=back) for back in range(PAST_DAYS, -1, -1)]


def chosen(said: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """The known ones among what was asked for, in their own order; empty for all of them."""
    wanted = set(said)
    found = tuple(one for one in known if one in wanted)
    return () if len(found) == len(known) else found
