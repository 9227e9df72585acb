"""Takes official outlines of wards: all of a file or nothing of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import data_files, store
from lachan.areas.domain import parent_of
from lachan.areas.reference import read_code_aliases

# Where the country lies, with its islands and a margin: west, south, east, north.
BOUNDS: Final = (101.0, 6.0, 119.0, 24.5)
_DECIMALS: Final = 6  # of a degree, 0.1 m
_CODE_DIGITS: Final = 5
# Neighbouring wards drawn apart by less than this (20 m) are one piece of their province.
_GAP: Final = 2e-4
_PROVINCE_DETAIL: Final = 1e-3

REASONS: Final = {
    "not-a-feature": "is not a GeoJSON Feature",
    "no-code": "has no property `code` of five digits",
    "unknown-code": "has a code that no ward has",
    "wrong-province": "names another province than its ward lies in",
    "duplicate": "repeats a ward that came before",
    "no-polygon": "is neither Polygon nor MultiPolygon",
    "bad-coordinates": "has coordinates that are not pairs of numbers",
    "swapped": "has latitude and longitude swapped",
    "not-degrees": "has coordinates that are not degrees (WGS 84)",
    "abroad": "lies outside the country",
    "empty": "has no area",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one feature; `number` counts from 1, `reason` is a key of REASONS."""

    number: int
    code: str
    reason: str


@dataclass(slots=True)
class Outlines:
    """What was read: WKB by path, and what was wrong."""

    taken: dict[str, bytes] = field(default_factory=dict)
    mended: int = 0
    renamed: int = 0
    read: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    def provinces(self) -> list[str]:
        return sorted({parent_of(path) or "" for path in self.taken})


class _Refused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def known_wards() -> dict[str, str]:
    """Paths of all wards by code, from the data that the package carries."""
    return {
        unit["code"]: unit["path"]
        for unit in data_files.read_table(data_files.UNITS)
        if unit["level"] == "2"
    }


def check_outlines(features: Iterable[Any], wards: Mapping[str, str]) -> Outlines:
    """Read every feature and judge it. A polygon that crosses itself is mended, not refused."""
    found, aliases = Outlines(), read_code_aliases()
    for feature in features:
        found.read += 1
        try:
            code = _code(feature)
        except _Refused as refused:
            found.troubles.append(Trouble(found.read, "", refused.reason))
            continue
        try:
            current = aliases.get(code, code)
            path = _path(feature, wards.get(current), found.taken)
            outline, mended = _polygons(feature.get("geometry"))
        except _Refused as refused:
            found.troubles.append(Trouble(found.read, code, refused.reason))
            continue
        found.taken[path] = shapely.to_wkb(outline)
        found.mended += mended
        found.renamed += current != code
    return found


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _code(feature: object) -> str:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Refused("not-a-feature")
    code = _properties(feature).get("code")
    # A spreadsheet on the way may have made a number of it, and lost the zeros in front.
    text = str(code).zfill(_CODE_DIGITS) if isinstance(code, int | str) else ""
    if len(text) != _CODE_DIGITS or not (text.isascii() and text.isdigit()):
        raise _Refused("no-code")
    return text


def _path(feature: Mapping[str, Any], path: str | None, taken: Mapping[str, bytes]) -> str:
    if path is None:
        raise _Refused("unknown-code")
    province = _properties(feature).get("prov")
    if province is not None and f"VN.{str(province).zfill(2)}" != parent_of(path):
        raise _Refused("wrong-province")
    if path in taken:
        raise _Refused("duplicate")
    return path


def _polygons(geometry: object) -> tuple[BaseGeometry, bool]:
    """The outline in degrees, valid, rounded; and whether it had to be mended."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise _Refused("no-polygon")
    try:
        outline = shape(geometry)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException):
        raise _Refused("bad-coordinates") from None
    points = shapely.get_coordinates(outline)
    if not len(points):
        raise _Refused("empty")
    if not np.isfinite(points).all():
        raise _Refused("bad-coordinates")
    _check_place(points)
    outline = shapely.transform(shapely.force_2d(outline), lambda xy: xy.round(_DECIMALS))
    mended = not outline.is_valid
    if mended:
        # By structure, so that polygons alone come out: the other way leaves lines among them.
        outline = shapely.make_valid(outline, method="structure", keep_collapsed=False)
    if outline.is_empty or outline.area == 0:
        raise _Refused("empty")
    return outline, mended


def _check_place(points: "np.ndarray[Any, np.dtype[np.float64]]") -> None:
    west, south, east, north = BOUNDS
    (least_x, least_y), (most_x, most_y) = points.min(axis=0), points.max(axis=0)
    if least_x >= west and most_x <= east and least_y >= south and most_y <= north:
        return
    if least_y >= west and most_y <= east and least_x >= south and most_x <= north:
        raise _Refused("swapped")
    in_degrees = np.abs(points[:, 0]).max() <= 180 and np.abs(points[:, 1]).max() <= 90  # noqa: PLR2004
    raise _Refused("abroad" if in_degrees else "not-degrees")


def unite(wards: Sequence[bytes]) -> bytes:
    """The outline of a province from those of all its wards, gaps of some metres closed."""
    whole = shapely.union_all(shapely.from_wkb(wards))
    closed = whole.buffer(_GAP, join_style="mitre").buffer(-_GAP, join_style="mitre")
    drawn = closed.simplify(_PROVINCE_DETAIL)
    kept: BaseGeometry = drawn if not drawn.is_empty else whole
    return shapely.to_wkb(kept if isinstance(kept, Polygon | MultiPolygon) else whole)


async def import_outlines(
    connection: AsyncConnection,
    outlines: Outlines,
    *,
    source: str,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """Write checked outlines, and those of each province that is now complete; how many of these.

    One transaction: the caller's. `told` hears how many outlines were written. Raises ValueError
    where a feature was refused, for then nothing may be taken.
    """
    if outlines.troubles:
        raise ValueError("outlines with trouble are not imported")
    rows = list(outlines.taken.items())
    for start in range(0, len(rows), 250):
        block = rows[start : start + 250]
        await store.write_outlines(connection, block, source=source)
        told(len(block))
    complete = 0
    for province in outlines.provinces():
        wards = await store.official_wards(connection, province)
        if wards is not None:
            await store.write_outlines(connection, [(province, unite(wards))], source=source)
            complete += 1
    return complete
