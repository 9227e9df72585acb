"""Draws outlines as an SVG picture, on the server, so that a map needs no script."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely import Polygon
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from lachan.areas.domain import ARCHIPELAGOS
from lachan.areas.store import Outline

WIDTH: Final = 1000
_TRIANGLE: Final = 3
_MARGIN: Final = 48
_AROUND: Final = 26  # units between islands and the line around them
_LABEL_HEIGHT: Final = 60
_DETAIL: Final = 0.8  # of a unit; a map is shown at 300 to 900 points for its 1,000 units
_SMALLEST: Final = 0.6  # square units; a smaller islet is left out where a larger part is drawn


@dataclass(frozen=True, slots=True)
class Shape:
    """One unit on the picture: `d` is an SVG path, `x`, `y` a point inside it."""

    path: str
    name: str
    d: str
    x: int
    y: int
    official: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A line around islands too small to be seen or pressed, and where their name goes."""

    path: str
    message: str
    d: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in a box of `width` by `height` units."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    rings: tuple[Ring, ...]

    @property
    def approximate(self) -> bool:
        return not all(shape.official for shape in self.shapes)


class _Sheet:
    """Degrees to units: flat, a degree of longitude shortened as it is in the middle of the map."""

    def __init__(self, bounds: tuple[float, float, float, float], width: int) -> None:
        west, south, east, north = bounds
        self.west, self.north = west, north
        self.squeeze = math.cos(math.radians((south + north) / 2))
        across, down = (east - west) * self.squeeze, north - south
        # A province that is tall and narrow must not become a tower.
        self.scale = min(
            (width - 2 * _MARGIN) / max(across, 1e-6),
            (1.3 * width - 2 * _MARGIN) / max(down, 1e-6),
        )
        self.width = round(across * self.scale) + 2 * _MARGIN
        self.height = round(down * self.scale) + 2 * _MARGIN

    def place(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in units, y downwards."""
        along, down = self.squeeze * self.scale, -self.scale
        offsets = (_MARGIN - self.west * along, _MARGIN - self.north * down)
        placed: BaseGeometry = affine_transform(geometry, [along, 0, 0, down, *offsets])
        return placed


def _path(placed: BaseGeometry) -> str:
    parts = [part for part in shapely.get_parts(placed) if isinstance(part, Polygon)]
    large = [part for part in parts if part.area >= _SMALLEST]
    out = []
    for part in large or parts:
        for ring in (part.exterior, *part.interiors):
            points = [f"{x:.0f} {y:.0f}" for x, y in ring.simplify(_DETAIL).coords]
            steps = [points[0], *(p for p, q in zip(points[1:], points, strict=False) if p != q)]
            if len(steps) > 1 and steps[0] == steps[-1]:
                steps.pop()
            if len(steps) < _TRIANGLE and ring is not part.exterior:
                continue  # a hole too small to be seen; an islet stays, as a dot
            out.append(f"M{'L'.join(steps)}Z")
    return "".join(out)


def _ring(path: str, placed: BaseGeometry) -> Ring:
    around = shapely.convex_hull(placed).buffer(_AROUND, 4)
    west, north, east, south = around.bounds
    above = north > _LABEL_HEIGHT
    return Ring(
        path,
        ARCHIPELAGOS[path],
        _path(around),
        round((west + east) / 2),
        round(north - 14 if above else south + _LABEL_HEIGHT),
    )


def draw(
    outlines: Sequence[Outline], islands: Sequence[Outline] = (), *, width: int = WIDTH
) -> Drawing | None:
    """A picture of `outlines`; None where there are none.

    A ring goes around each archipelago among `islands`, which are drawn only as part of `outlines`.
    """
    if not outlines:
        return None
    geometries = shapely.from_wkb([outline.geometry for outline in outlines])
    west, south, east, north = (float(bound) for bound in shapely.total_bounds(geometries))
    sheet = _Sheet((west, south, east, north), width)
    shapes = []
    for outline, geometry in zip(outlines, geometries, strict=True):
        placed = sheet.place(geometry)
        inside = max(shapely.get_parts(placed), key=lambda part: part.area).representative_point()
        shapes.append(
            Shape(
                outline.path,
                outline.full_name,
                _path(placed),
                round(inside.x),
                round(inside.y),
                outline.official,
            )
        )
    rings = tuple(
        _ring(island.path, sheet.place(shapely.from_wkb(island.geometry)))
        for island in islands
        if island.path in ARCHIPELAGOS
    )
    return Drawing(sheet.width, sheet.height, tuple(shapes), rings)
