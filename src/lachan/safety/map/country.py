"""The whole country as a drawing: what the map shows before anybody touches it, without any script.

The drawing has the frame that a browser gives the country at its first look, so that the map that
takes its place lies exactly on it. Its grain is a hundredth of a degree: about two pixels of a
large screen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row

from lachan.areas.domain import ARCHIPELAGOS
from lachan.safety.map.board import Bins, Board, Codes, Floats, mercators
from lachan.safety.map.domain import CODE, COUNTRY, GREY, mercator
from lachan.safety.map.outlines import middle_of, parts

RESOLUTION: Final = 4
"""H3 resolution of the bins: that of the map at the zooms at which the country fits a screen."""
STEPS: Final = 5
_GRAIN: Final = 36_000  # units across the Mercator square, 360 degrees
_THIN: Final = 0.7  # units; what a coast loses by it nobody sees
_SMALLEST: Final = 4.0  # square units; smaller islands are points at this size
_ROCK: Final = 4  # units
_LETTER: Final = 22  # units; about what a letter of a name and a line of names take on a phone
_LINE: Final = 44
_UNREPORTED: Final = 0.8  # share of places, as in the style of the map

Corner = tuple[int, int]
_WEST, _NORTH = mercator(COUNTRY.north, COUNTRY.west)
_EAST, _SOUTH = mercator(COUNTRY.south, COUNTRY.east)
WIDTH: Final = round((_EAST - _WEST) * _GRAIN)
HEIGHT: Final = round((_SOUTH - _NORTH) * _GRAIN)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in lines, at its place; `far` for the archipelagos.

    `anchor` is SVG's: which end of the name stands at `x`.
    """

    x: int
    y: int
    vi: str
    en: list[str]
    far: bool
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Land:
    """What stands still: outlines of the provinces as one SVG path, and names."""

    outline: str
    names: tuple[Name, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Cell:
    """A bin: its id, outline and number of places by colour, and how it is painted."""

    id: int
    outline: str
    counts: list[int]
    step: int
    unreported: bool


def share_step(counts: Sequence[int], wanted: Sequence[str]) -> int:
    """1 to 5 by the share of places of the wanted colours (none: of safe ones); 0: no place."""
    total = sum(counts)
    if not total:
        return 0
    share = sum(counts[CODE[colour]] for colour in wanted or ("green",)) / total
    return min(STEPS, int(share * STEPS) + 1)


def is_unreported(counts: Sequence[int]) -> bool:
    """Whether hardly anybody has reported."""
    return counts[GREY] >= _UNREPORTED * max(1, sum(counts))


def _placed(points: Floats) -> Floats:
    at: Floats = (mercators(points[:, ::-1]) - [_WEST, _NORTH]) * _GRAIN
    return at


def _path(ring: Iterable[Corner]) -> str:
    """A closed line as an SVG path, each corner as the way from the one before."""
    out: list[str] = []
    x = y = 0
    for at_x, at_y in ring:
        if not out:
            out.append(f"M{at_x} {at_y}l")
        elif (at_x, at_y) != (x, y):
            out.append(f"{at_x - x} {at_y - y} ")
        x, y = at_x, at_y
    return "".join(out).rstrip() + "z"


def _corners(ring: Floats) -> list[Corner]:
    return [(int(x), int(y)) for x, y in np.rint(ring).astype(np.int64)]


def _rings(geometry: BaseGeometry) -> Iterator[list[Corner]]:
    placed = shapely.transform(geometry, _placed)
    drawn: set[Corner] = set()
    for part in parts(placed):
        if part.area >= _SMALLEST:
            thin = shapely.simplify(part, _THIN).exterior
            yield _corners(shapely.get_coordinates(thin)[:-1])
        else:
            [(x, y)] = _corners(shapely.get_coordinates(part.centroid))
            # One sign for all the rocks of a place, large enough to be seen.
            if all(max(abs(x - there), abs(y - down)) > _ROCK for there, down in drawn):
                drawn.add((x, y))
                yield [(x - _ROCK, y), (x, y - _ROCK), (x + _ROCK, y), (x, y + _ROCK)]


def draw_land(provinces: Sequence[Row[Any]], far: Sequence[Row[Any]]) -> Land:
    """The land from the outlines of the provinces; named are the cities and the archipelagos."""
    box = (COUNTRY.west, COUNTRY.south, COUNTRY.east, COUNTRY.north)
    cut = shapely.clip_by_rect(shapely.from_wkb([one.geometry for one in provinces]), *box)
    outline = "".join(_path(ring) for geometry in cut for ring in _rings(geometry))
    cities = [one for one in provinces if one.full_name.startswith("Thành phố")]
    names = [name for unit in (*cities, *far) if (name := _name(unit)) is not None]
    return Land(outline, tuple(_apart(names)))


def _name(unit: Row[Any]) -> Name | None:
    middle = middle_of(unit.geometry)
    if middle is None:
        return None
    english, _, other = unit.name_en.partition(" (")
    short = english.removesuffix(" City").removesuffix(" Special Zone")
    return Name(
        round((middle[0] - _WEST) * _GRAIN),
        round((middle[1] - _NORTH) * _GRAIN),
        unit.name,
        [short, f"({other}"] if other else [short],
        unit.path in ARCHIPELAGOS,
    )


def _apart(names: list[Name]) -> Iterator[Name]:
    """Names that would cover each other lean away, and none leans over the edge."""
    for name in names:
        half = max(len(name.vi), *map(len, name.en)) * _LETTER / 2
        if name.x + half > WIDTH:
            yield replace(name, x=min(WIDTH, round(name.x + half / 2)), anchor="end")
            continue
        near = [
            other
            for other in names
            if other is not name
            and abs(other.y - name.y) < _LINE
            and abs(other.x - name.x) < 2 * half
        ]
        lean = "middle" if not near else "end" if name.x < near[0].x else "start"
        yield replace(name, anchor=lean)


class BinOutlines:
    """The outlines of the bins of a board, made once."""

    def __init__(self, bins: Bins) -> None:
        self.ids = bins.ids.tolist()
        self.paths = [
            _path(_corners((bins.corners(which) - [_WEST, _NORTH]) * _GRAIN))
            for which in range(len(bins.cells))
        ]


def draw_cells(
    board: Board,
    outlines: BinOutlines,
    colours: Codes,
    kinds: tuple[str, ...],
    wanted: Sequence[str],
) -> list[Cell]:
    """The bins that hold a place of those kinds."""
    found = []
    counted = board.bin_counts(RESOLUTION, colours, kinds).tolist()
    for bin_id, outline, counts in zip(outlines.ids, outlines.paths, counted, strict=True):
        if step := share_step(counts, wanted):
            found.append(Cell(bin_id, outline, counts, step, is_unreported(counts)))
    return found
