"""Approximate outlines: a ward is the land nearest to its centre, a province its wards together."""

import math
from collections import defaultdict
from collections.abc import Sequence

import shapely
from country import HOANG_SA, TRUONG_SA, pack
from current import Unit
from shapely import MultiPoint, Point, STRtree, affinity, unary_union, voronoi_polygons
from shapely.geometry.base import BaseGeometry

from lachan.areas.domain import Level

STEP = 1e-3  # degrees, about 110 m: finer than the cells are true
PROVINCE_DETAIL = 0.008  # degrees; a province is drawn at the size of a screen
COUNTRY_DETAIL = 0.004
# Voronoi cells are drawn on a plane; at the middle latitude a degree of longitude is this much of a
# degree of latitude.
SQUEEZE = math.cos(math.radians(16))
SMALLEST_ISLAND_KM = 1.0

Packed = list[list[list[int]]]


def _island(unit: Unit) -> BaseGeometry:
    """A round island of the ward's own area, for a ward whose centre no outline holds."""
    radius_km = max(math.sqrt(unit.area_km2 / math.pi), SMALLEST_ISLAND_KM)
    circle = Point(0, 0).buffer(radius_km / 111.2, 4)
    stretched = affinity.scale(circle, 1 / math.cos(math.radians(unit.lat)), 1)
    return affinity.translate(stretched, unit.lon, unit.lat)


def _voronoi(wards: Sequence[Unit]) -> list[BaseGeometry]:
    """One cell a ward, in the order of `wards`."""
    points = [Point(ward.lon * SQUEEZE, ward.lat) for ward in wards]
    frame = shapely.box(100 * SQUEEZE, 6, 119 * SQUEEZE, 25)
    cells = list(voronoi_polygons(MultiPoint(points), extend_to=frame).geoms)
    tree = STRtree(cells)
    found: list[BaseGeometry] = []
    for point, ward in zip(points, wards, strict=True):
        holding = [cells[i] for i in tree.query(point, predicate="intersects")]
        if len(holding) != 1:
            raise SystemExit(f"{ward.full_name} ({ward.code}) shares its centre with another")
        found.append(affinity.scale(holding[0], 1 / SQUEEZE, 1, origin=(0, 0)))
    return found


def build(units: Sequence[Unit], outline: dict[str, BaseGeometry]) -> dict[str, Packed]:
    """Packed outlines by path: the country, provinces, wards."""
    land = outline["VN"]
    shapely.prepare(land)
    archipelagos = {path: outline[path] for path in (HOANG_SA, TRUONG_SA)}
    wards = [unit for unit in units if unit.level == Level.WARD]
    shapes: dict[str, BaseGeometry] = {}
    for ward, cell in zip(wards, _voronoi(wards), strict=True):
        if ward.path in archipelagos:
            shapes[ward.path] = archipelagos[ward.path]
            continue
        part = cell.intersection(land)
        if not land.covers(Point(ward.lon, ward.lat)):
            part = part.union(cell.intersection(_island(ward)))
        shapes[ward.path] = part

    members: dict[str, list[BaseGeometry]] = defaultdict(list)
    for ward in wards:
        members[ward.parent].append(shapes[ward.path])
    names = sorted(members)
    provinces = [unary_union(members[name]).buffer(0) for name in names]
    drawn = shapely.coverage_simplify(provinces, PROVINCE_DETAIL)
    packed = {"VN": pack(_country(provinces), STEP)}
    packed |= {name: pack(shape, STEP) for name, shape in zip(names, drawn, strict=True)}
    packed |= {ward.path: pack(shapes[ward.path], STEP) for ward in wards}
    empty = [path for path, polygons in packed.items() if not polygons]
    if empty:
        raise SystemExit(f"no area left for {empty}")
    return packed


def _country(provinces: Sequence[BaseGeometry]) -> BaseGeometry:
    return unary_union(provinces).simplify(COUNTRY_DETAIL)
