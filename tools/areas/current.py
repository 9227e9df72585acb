"""The current edition: 34 provinces and 3,321 wards, in force since 1 July 2025."""

import math
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from importlib.resources import files
from statistics import median
from typing import TYPE_CHECKING

from lachan.areas.domain import COUNTRY, Level, path_of

if TYPE_CHECKING:
    from former import Former, Successor

COLUMNS = (
    "path", "level", "code", "parent", "name", "full_name", "name_en",
    "lat", "lon", "area_km2", "derived",
)  # fmt: skip

_ENGLISH_KINDS = {"Phường": "Ward", "Xã": "Commune", "Đặc khu": "Special Zone"}
# Names that English has of its own.
_ENGLISH_NAMES = {
    "VN": "Viet Nam",
    "VN.01": "Hanoi",
    "VN.31": "Hai Phong City",
    "VN.46": "Hue City",
    "VN.48": "Da Nang City",
    "VN.79": "Ho Chi Minh City",
    "VN.92": "Can Tho City",
    "VN.48.20333": "Hoang Sa Special Zone (Paracel Islands)",
    "VN.56.22736": "Truong Sa Special Zone (Spratly Islands)",
}
COMMUNE = 3  # level of the edition of 2021
# A ward whose stated position lies farther than both from the middle of the communes it was made of
# has been given the position of a namesake elsewhere in its province (found: 8 of 3,321).
FAR_KM = 50
FAR_RADII = 10


@dataclass(frozen=True)
class Unit:
    path: str
    level: int
    code: str
    parent: str
    name: str
    full_name: str
    name_en: str
    lat: float
    lon: float
    area_km2: float
    derived: bool
    key: str  # how the crosswalk of vietnamadminunits names the unit within its parent

    def row(self) -> tuple[object, ...]:
        *fields, derived, _ = astuple(self)
        return (*fields, int(derived))


def database() -> sqlite3.Connection:
    """The database that vietnamadminunits carries, read only; rows by column name."""
    file = files("vietnamadminunits").joinpath("data/dataset.db")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def _latin(name: str) -> str:
    """The name without accents, capitals and marks kept."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
        if not unicodedata.combining(letter)
    )


def read_units() -> list[Unit]:
    """The country, its provinces and its wards, by path; positions as the package states them."""
    units: dict[str, Unit] = {}
    area: dict[str, float] = defaultdict(float)
    for row in database().execute("SELECT * FROM admin_units ORDER BY provinceCode, wardCode"):
        province = path_of(row["provinceCode"])
        kind, name = row["wardType"], row["wardShort"]
        path = path_of(row["provinceCode"], row["wardCode"])
        square_km = row["wardAreaKm2"] or 0.0
        area[province] += square_km
        if province not in units:
            short = row["provinceShort"]
            units[province] = Unit(
                province, 1, row["provinceCode"], COUNTRY, short, row["province"],
                _ENGLISH_NAMES.get(province, f"{_latin(short)} Province"),
                row["provinceLat"], row["provinceLon"], 0, False, row["provinceKey"],
            )  # fmt: skip
        units[path] = Unit(
            path, 2, row["wardCode"], province, name, row["ward"],
            _ENGLISH_NAMES.get(path, f"{_latin(name)} {_ENGLISH_KINDS[kind]}"),
            row["wardLat"], row["wardLon"], square_km, False, row["wardKey"],
        )  # fmt: skip
    for path, square_km in area.items():
        units[path] = replace(units[path], area_km2=round(square_km, 1))
    middle = Unit(
        COUNTRY, 0, "VN", "", "Việt Nam", "Nước Cộng hòa xã hội chủ nghĩa Việt Nam",
        _ENGLISH_NAMES["VN"], 16.0, 107.5, round(sum(area.values()), 1), False, "",
    )  # fmt: skip
    return [middle, *(units[path] for path in sorted(units))]


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Distance on a flat map, good to a part in a hundred at the size of a province."""
    return 111.2 * math.hypot(lat_a - lat_b, (lon_a - lon_b) * math.cos(math.radians(lat_a)))


def mend_positions(
    units: list[Unit], old: "Sequence[Former]", crosswalk: "Sequence[Successor]"
) -> list[Unit]:
    """The units, those given a namesake's position moved to the middle of their former communes."""
    at = {
        unit.code: (unit.lat, unit.lon)
        for unit in old
        if unit.level == COMMUNE and not unit.derived
    }
    made_of: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for successor in crosswalk:
        if successor.former in at:
            made_of[successor.path].append(at[successor.former])
    mended = []
    for unit in units:
        points = made_of.get(unit.path, [])
        if unit.level == Level.WARD and points and not unit.full_name.startswith("Đặc khu"):
            lat, lon = median(p[0] for p in points), median(p[1] for p in points)
            away = distance_km(unit.lat, unit.lon, lat, lon)
            if away > FAR_KM and away > FAR_RADII * math.sqrt(max(unit.area_km2, 0.5) / math.pi):
                print(f"  {unit.full_name} ({unit.code}): {away:.0f} km off, derived")
                unit = replace(unit, lat=round(lat, 5), lon=round(lon, 5), derived=True)  # noqa: PLW2901
        mended.append(unit)
    return mended
