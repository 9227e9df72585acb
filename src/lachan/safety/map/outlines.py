"""Tiles of land, provinces, wards and their names: all of the map that stands still."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row

from lachan.areas.domain import ARCHIPELAGOS
from lachan.safety.map import mvt
from lachan.safety.map.board import Floats, mercators
from lachan.safety.map.domain import EXTENT, Tile, degrees, mercator

WARDS_FROM: Final = 9
WARD_NAMES_FROM: Final = 10
_PIXEL: Final = EXTENT / 512
_BUFFER: Final = 64  # units beyond the tile, so that the cut is not seen as a border
_POINT: Final = 1
_KEYS: Final = ("path", "vi", "en")


def bounds(tile: Tile) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees, a little beyond the tile."""
    west, north, east, south = tile.bounds
    over = _BUFFER / ((1 << tile.z) * EXTENT)
    top, left = degrees(west - over, north - over)
    bottom, right = degrees(east + over, south + over)
    return left, bottom, right, top


def draw(tile: Tile, provinces: Sequence[Row[Any]], wards: Sequence[Row[Any]]) -> bytes:
    """Layers `provinces`, `wards` (polygons) and `names` (points: path, vi, en, level)."""
    out = [_outlines("provinces", tile, provinces)]
    if wards:
        out.append(_outlines("wards", tile, wards))
    out.append(_names(tile, provinces, wards))
    return b"".join(out)


def _in_units(tile: Tile, geometry: BaseGeometry) -> BaseGeometry:
    side = (1 << tile.z) * EXTENT

    def placed(points: Floats) -> Floats:
        moved: Floats = mercators(points[:, ::-1]) * side - [tile.x * EXTENT, tile.y * EXTENT]
        return moved

    found: BaseGeometry = shapely.transform(geometry, placed)
    return found


def parts(geometry: BaseGeometry) -> Iterator[Polygon]:
    """The polygons of a geometry, however deep they lie."""
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon) and not part.is_empty:
            yield part
        elif part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            yield from parts(part)


def _rings(geometry: BaseGeometry) -> Iterator[mvt.Ring]:
    for part in parts(geometry):
        turned = shapely.orient_polygons(part)
        for ring in (turned.exterior, *turned.interiors):
            corners = np.rint(shapely.get_coordinates(ring)[:-1]).astype(np.int64)
            yield [(int(x), int(y)) for x, y in corners]


def _outlines(name: str, tile: Tile, units: Sequence[Row[Any]]) -> bytes:
    features = []
    values = mvt.Values()
    # Cut first: what is then turned and thinned out is a small part of a province.
    cut = shapely.clip_by_rect(shapely.from_wkb([u.geometry for u in units]), *bounds(tile))
    for unit, geometry in zip(units, cut, strict=True):
        if geometry.is_empty:
            continue
        drawn = mvt.rings(_rings(shapely.simplify(_in_units(tile, geometry), _PIXEL / 2)))
        if drawn:
            features.append(mvt.polygon(None, [(0, values.index(unit.path))], drawn))
    return mvt.layer(name, features, _KEYS[:1], values.written) if features else b""


@lru_cache(maxsize=8_192)
def middle_of(outline: bytes) -> tuple[float, float] | None:
    """A point inside the largest part of an outline, in the Mercator square."""
    largest = max(parts(shapely.from_wkb(outline)), key=lambda part: part.area, default=None)
    if largest is None:
        return None
    inside = largest.representative_point()
    return mercator(inside.y, inside.x)


def _names(tile: Tile, provinces: Sequence[Row[Any]], wards: Sequence[Row[Any]]) -> bytes:
    values = mvt.Values()
    features = []
    side = (1 << tile.z) * EXTENT
    for level, units in ((1, provinces), (2, wards)):
        for unit in units:
            if level == 2 and tile.z < WARD_NAMES_FROM and unit.path not in ARCHIPELAGOS:  # noqa: PLR2004 - wards
                continue
            middle = middle_of(unit.geometry)
            if middle is None:
                continue
            x = int(middle[0] * side) - tile.x * EXTENT
            y = int(middle[1] * side) - tile.y * EXTENT
            if not (0 <= x < EXTENT and 0 <= y < EXTENT):
                continue
            pairs = (
                (0, values.index(unit.path)),
                (1, values.index(unit.name)),
                (2, values.index(unit.name_en)),
                (3, values.index(0 if unit.path in ARCHIPELAGOS else level)),
            )
            features.append(mvt.feature(None, mvt.tags(pairs), _POINT, mvt.point(x, y)))
    if not features:
        return b""
    return mvt.layer("names", features, (*_KEYS, "level"), values.written)
