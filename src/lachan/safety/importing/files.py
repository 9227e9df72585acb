"""Reads a file of facilities, whatever its kind: CSV, XLSX, GeoJSON, OpenStreetMap PBF."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lachan.areas.geojson import GeoJsonError, read_features
from lachan.kit import spreadsheets
from lachan.kit.spreadsheets import Line, fold
from lachan.places.bulk.domain import COLUMNS as PLACE_COLUMNS
from lachan.safety.importing.domain import Found
from lachan.safety.importing.errors import (
    FacilityColumnsMissing,
    FacilityFileTooLarge,
    FacilityFileUnreadable,
)
from lachan.safety.importing.tags import address_of_tags, kind_of_tags, name_of_tags

MOST: Final = 300_000
MOST_BYTES: Final[Mapping[str, int]] = {
    "table": 64 * 1024 * 1024,
    "geojson": 1024 * 1024 * 1024,
    "osm": 4 * 1024 * 1024 * 1024,
}
"""What is read at most from the command line; a page takes far less."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        name: PLACE_COLUMNS[name]
        for name in ("name", "kind", "ward", "province", "address", "lat", "lon")
    },
    "ref": (
        "mã cơ sở", "mã trường", "mã đơn vị", "mã số", "mã", "id", "@id", "ref", "code", "osm id",
        "source id",
    ),
}  # fmt: skip
NEEDED: Final = ("name", "kind")
_SUFFIXES: Final = {".pbf": "osm", ".geojson": "geojson", ".json": "geojson"}
_OVERPASS: Final = re.compile(r"(node|way|relation)/(\d{1,19})")
_LONGEST: Final = 2_000


def shape_of(name: str) -> str:
    """table, geojson or osm, by the end of a file's name."""
    return _SUFFIXES.get(Path(name).suffix.lower(), "table")


def source_of(name: str) -> str:
    """What the numbers in a file belong to when nobody says: OpenStreetMap, or this very list."""
    if shape_of(name) == "osm":
        return "osm"
    return fold(Path(name).stem.split(".")[0]).replace(" ", "-")[:40] or "list"


def read(file: Path, kinds: frozenset[str], *, name: str = "") -> Iterator[Found]:
    """Every facility in a file, in its order; of tags only those that mean one of `kinds`.

    `name` is what the sender calls the file. Raises `FacilityFileUnreadable`,
    `FacilityFileTooLarge`, `FacilityColumnsMissing`, and what `spreadsheets.read` does.
    """
    shape = shape_of(name or file.name)
    if file.stat().st_size > MOST_BYTES[shape]:
        raise FacilityFileTooLarge(params={"most": MOST})
    if shape == "osm":
        from lachan.safety.importing.osm import read_osm  # noqa: PLC0415 - loads libosmium

        return read_osm(file, kinds)
    return _features(file, kinds) if shape == "geojson" else _table(file)


def _table(file: Path) -> Iterator[Found]:
    sheet = spreadsheets.read(file.read_bytes())
    columns = sheet.find(COLUMNS)
    missing = [name for name in NEEDED if name not in columns]
    if not missing and "ward" not in columns and not {"lat", "lon"} <= columns.keys():
        missing = ["ward"]
    if missing:
        raise FacilityColumnsMissing(
            params={"columns": ", ".join(COLUMNS[name][0] for name in missing)}
        )
    return (_of_line(line, columns) for line in sheet.lines)


def _of_line(line: Line, columns: Mapping[str, int]) -> Found:
    cells = {name: line.get(columns.get(name)) for name in COLUMNS}
    lat, lon, trouble = _numbers(cells.pop("lat"), cells.pop("lon"))
    return Found(line.number, **cells, lat=lat, lon=lon, trouble=trouble)


def _numbers(lat: object, lon: object) -> tuple[float | None, float | None, str]:
    """Two coordinates as numbers; None where there is none; and what is wrong with them."""
    found: list[float | None] = []
    for typed in (lat, lon):
        if typed in {None, ""}:
            found.append(None)
            continue
        try:
            value = float(str(typed).replace(",", "."))
        except ValueError:
            return None, None, "position-invalid"
        if value != value:  # noqa: PLR0124 - the one value that is not itself
            return None, None, "position-invalid"
        found.append(value)
    return found[0], found[1], ""


def _features(file: Path, kinds: frozenset[str]) -> Iterator[Found]:
    try:
        for line, feature in enumerate(read_features(file), start=1):
            if line > MOST:
                raise FacilityFileTooLarge(params={"most": MOST})
            found = _of_feature(line, feature, kinds)
            if found is not None:
                yield found
    except GeoJsonError:
        raise FacilityFileUnreadable from None


def _of_feature(line: int, feature: Any, kinds: frozenset[str]) -> Found | None:  # noqa: ANN401 - whatever the file holds
    """None for a thing that its tags say is a facility of another kind than those wanted."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or feature.get("type") != "Feature":
        return Found(line, "", "", trouble="not-a-feature")
    tags = {
        str(key): str(value)[:_LONGEST]
        for key, value in properties.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
    words = {fold(key): value for key, value in tags.items()}
    cells = {
        name: next((words[fold(one)] for one in COLUMNS[name] if fold(one) in words), "")
        for name in ("kind", "ward", "province", "address", "ref")
    }
    name = next((words[fold(one)] for one in COLUMNS["name"] if fold(one) in words), "")
    tagged = kind_of_tags(tags)
    if tagged and tagged not in kinds:
        return None
    # Tags first: "type" is a column of lists, and of OpenStreetMap's relations.
    cells["kind"] = tagged or cells["kind"]
    ref = feature.get("id") or properties.get("@id") or cells["ref"]
    cells["ref"] = _ref(ref) if isinstance(ref, str | int) else ""
    cells["address"] = cells["address"] or address_of_tags(tags)
    lat, lon, trouble = _middle(feature.get("geometry"))
    return Found(line, name_of_tags(tags) or name, **cells, lat=lat, lon=lon, trouble=trouble)


def _ref(raw: str | int) -> str:
    """A number of the register; those of OpenStreetMap as the PBF reader writes them."""
    text = str(raw)
    overpass = _OVERPASS.fullmatch(text)
    return f"{overpass[1][0]}{overpass[2]}" if overpass else text


def _middle(geometry: Any) -> tuple[float | None, float | None, str]:  # noqa: ANN401 - whatever the file holds
    """The middle of the box around a geometry: latitude, longitude, what is wrong."""
    if geometry is None:
        return None, None, ""
    points = list(_points(geometry.get("coordinates") if isinstance(geometry, dict) else None))
    if not points or any(point is None for point in points):
        return None, None, "position-invalid"
    lons = [point[0] for point in points if point]
    lats = [point[1] for point in points if point]
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2, ""


def _points(coordinates: Any) -> Iterator[tuple[float, float] | None]:  # noqa: ANN401 - whatever the file holds
    """Every position in nested lists; None for one that is no pair of numbers."""
    waiting = [coordinates]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list) and one and all(isinstance(part, list) for part in one):
            waiting += one
        elif (
            isinstance(one, list)
            and len(one) >= 2  # noqa: PLR2004 - longitude, latitude
            and all(isinstance(part, int | float) and not isinstance(part, bool) for part in one)
        ):
            try:
                yield float(one[0]), float(one[1])
            except OverflowError:
                # Hundreds of digits.
                yield None
        else:
            yield None
