"""The country's outline, from Natural Earth by way of the npm package `world-atlas`.

Natural Earth files the islands of Hoàng Sa under another country and gives Trường Sa a shape of its
own. Both are special zones of this one, so their islands are picked out by where they lie. Islands
too small for Natural Earth are added from `islands.toml`.
"""

import gzip
import io
import json
import tomllib
from pathlib import Path
from typing import Any

from shapely import Point, Polygon, box, make_valid, unary_union
from shapely.geometry.base import BaseGeometry

from lachan.areas.data_files import OUTLINE, unpack_rings

STEP = 1e-4
TRIANGLE = 3  # the fewest points with an area between them
VIETNAM = "704"  # ISO 3166-1 numeric
HOANG_SA = "VN.48.20333"
TRUONG_SA = "VN.56.22736"
# Where the archipelagos lie: Hoàng Sa 15°45' to 17°15' N, 111° to 113° E; Trường Sa 6°50' to 12° N
# and from 111°30' E. Its eastern limit of 117°20' E is drawn in to 116° E: beyond it Natural Earth
# has no islet of Trường Sa, but it has Balabac and Banggi, which are no part of it.
SEAS = {
    HOANG_SA: box(110.9, 15.5, 113.1, 17.35),
    TRUONG_SA: box(111.4, 6.8, 116.0, 12.1),
}
# An islet of 300 m cannot be seen or pressed on a map of the country; each is shown as the land
# within about 4 km of it.
SHOWN_AROUND = 0.04
ISLANDS = Path(__file__).with_name("islands.toml")


def _arcs(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def _polygons(geometry: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> list[Polygon]:
    """The polygons of one TopoJSON object; ~i names arc i read backwards."""

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points.extend(arc[1:] if points else arc)
        return points

    several = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    polygons = []
    for rings in several:
        shell, *holes = [ring(indices) for indices in rings]
        if len(shell) >= TRIANGLE + 1:
            polygons.append(Polygon(shell, holes))
    return polygons


def _read_atlas(atlas: Path) -> dict[str, list[BaseGeometry]]:
    topology = json.loads(atlas.read_bytes())
    arcs = _arcs(topology)
    found: dict[str, list[BaseGeometry]] = {"VN": [], HOANG_SA: [], TRUONG_SA: []}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for polygon in _polygons(geometry, arcs):
            sea = next((path for path, sea in SEAS.items() if sea.covers(polygon)), None)
            if sea is not None:
                found[sea].append(polygon)
            elif geometry.get("id") == VIETNAM:
                found["VN"].append(make_valid(polygon))
    return found


def pack(shape: BaseGeometry, step: float) -> list[list[list[int]]]:
    """Polygons as whole steps, each point as the difference from the last, rings left open."""
    packed = []
    parts = getattr(shape, "geoms", [shape])
    for polygon in sorted(parts, key=lambda part: (-part.area, part.bounds)):
        if not isinstance(polygon, Polygon):
            continue
        rings = []
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x / step), round(y / step)) for x, y in ring.coords]
            points = [p for p, before in zip(points, [None, *points], strict=False) if p != before]
            if points and points[0] == points[-1]:
                points.pop()
            if len(points) < TRIANGLE:
                if ring is polygon.exterior:
                    break
                continue
            deltas, x, y = [], 0, 0
            for px, py in points:
                deltas += [px - x, py - y]
                x, y = px, py
            rings.append(deltas)
        if rings:
            packed.append(rings)
    return packed


def unpack(polygons: list[list[list[int]]], step: float) -> BaseGeometry:
    """What `pack` packed, mended where rounding made a line touch itself."""
    return unary_union(
        [make_valid(Polygon(rings[0], rings[1:])) for rings in unpack_rings(polygons, step)]
    )


def write_outline(atlas: Path) -> None:
    """Read the outline from the atlas and commit it to the package's data."""
    found = _read_atlas(atlas)
    for island in tomllib.loads(ISLANDS.read_text("utf-8"))["island"]:
        found[island["area"]].append(Point(island["lon"], island["lat"]))
    document = {
        "notice": "Natural Earth 4.1.0 1:10m (public domain) by way of world-atlas 2.0.2 (ISC); "
        "further islets from tools/areas/islands.toml.",
        "step": STEP,
        "shapes": {
            path: pack(
                unary_union([part if path == "VN" else part.buffer(SHOWN_AROUND, 3)
                             for part in parts]), STEP)
            for path, parts in found.items()
        },
    }  # fmt: skip
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as packed:
        packed.write(json.dumps(document, separators=(",", ":")).encode())
    OUTLINE.write_bytes(buffer.getvalue())
    counts = {path: len(parts) for path, parts in found.items()}
    print(f"{OUTLINE.name}: {counts}, {OUTLINE.stat().st_size / 1024:.0f} KiB")


def read_outline() -> dict[str, BaseGeometry]:
    """Mainland and near islands as `VN`; the two archipelagos by the path of their special zone."""
    with gzip.open(OUTLINE, "rb") as packed:
        document = json.load(packed)
    return {path: unpack(shape, document["step"]) for path, shape in document["shapes"].items()}
