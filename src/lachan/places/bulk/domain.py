"""What a line of a list of places says, and what is wrong with it. No clock, no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lachan.areas.domain import fold
from lachan.identity.domain import normalise_phone
from lachan.kit.spreadsheets import Line, Sheet, column_letter
from lachan.places.domain import (
    ADDRESS_LENGTH,
    MOST_ROOMS,
    NAME_LENGTH,
    ROOM_NAME_LENGTH,
    Position,
    is_printable,
    judge_position,
    tidy,
)
from lachan.places.kinds import LONGEST_STAY_MINUTES
from lachan.places.reviews.domain import Names, Why, has_odd_letters

MOST_LINES: Final = 20_000
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("tên", "tên điểm quét", "tên cơ sở", "tên địa điểm", "tên đơn vị", "name", "place"),
    "kind": ("loại", "loại hình", "loại điểm quét", "loại cơ sở", "kind", "type"),
    "ward": (
        "phường xã", "phường", "xã", "phường, xã", "mã phường xã", "mã xã", "ward", "ward code",
        "area",
    ),
    "province": ("tỉnh", "tỉnh thành", "tỉnh, thành phố", "thành phố", "province", "city"),
    "address": ("địa chỉ", "address"),
    "lat": ("vĩ độ", "lat", "latitude"),
    "lon": ("kinh độ", "lon", "lng", "long", "longitude"),
    "ventilation": ("thông gió", "ventilation", "air"),
    "usual_stay_minutes": ("thời gian ở lại", "số phút ở lại", "usual stay", "usual stay minutes"),
    "rooms": ("phòng", "các phòng", "khu", "rooms", "zones"),
    "operator": (
        "điện thoại người quản lý", "số điện thoại người quản lý", "người quản lý",
        "số điện thoại", "điện thoại", "operator", "operator phone", "phone",
    ),
}  # fmt: skip
OFFICERS_ONLY: Final = frozenset({"operator"})
"""Who sends a list of the own places runs them; what an officer registers, somebody else will."""
NEEDED: Final = ("name", "kind", "ward")
_WARD_CODE_LENGTH: Final = 5


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward by all it is called."""

    path: str
    names: tuple[str, ...]
    province_names: tuple[str, ...]


class Wards:
    """Finds wards by path, code or name, the province told apart where names repeat."""

    def __init__(self, wards: Iterable[Ward]) -> None:
        self._paths: dict[str, str] = {}
        self._named: defaultdict[str, list[Ward]] = defaultdict(list)
        for ward in wards:
            self._paths[ward.path.casefold()] = ward.path
            self._paths[ward.path.rpartition(".")[2]] = ward.path
            for name in {fold(name) for name in ward.names}:
                self._named[name].append(ward)

    def find(self, typed: str, province: str) -> str | None:
        """The path of a ward; None where none or more than one is meant.

        A name may carry its province after a comma. Spreadsheets drop a code's leading zeros.
        """
        known = self._paths.get(typed.casefold())
        if known is None and typed.isascii() and typed.isdigit():
            known = self._paths.get(typed.zfill(_WARD_CODE_LENGTH))
        if known is not None:
            return known
        name, comma, rest = typed.partition(",")
        wanted = fold(province or (rest if comma else ""))
        hits = [
            ward
            for ward in self._named.get(fold(name), ())
            if not wanted or wanted in {fold(one) for one in ward.province_names}
        ]
        return hits[0].path if len(hits) == 1 else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a line is not registered: where in the list, and the key of a sentence that says why."""

    line: int
    column: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """A place to be registered; `operator` is the number (E.164) of who will run it."""

    line: int
    name: str
    kind: str
    area: str
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    ventilation: str | None = None
    usual_stay_minutes: int | None = None
    rooms: tuple[str, ...] = ()
    operator: str | None = None
    review: Why | None = None
    similar_to: int | None = None


@dataclass(slots=True)
class Checked:
    """A list after the dry run."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the words of a list are held against.

    `kinds` and `airs` map folded words to codes; `roots` are the areas in which the sender may
    register, None for all; `own` are the names that the sender runs in each ward, `others` those
    of everybody else; a name among `own` is a double, one like a name among `others` waits for the
    desk. For an officer all names are `own`. `calling_code` is what the numbers of operators begin
    with, None where the list may name none.
    """

    wards: Wards
    kinds: Mapping[str, str]
    airs: Mapping[str, str]
    roots: Sequence[str] | None
    calling_code: str | None = None


def columns_of(sheet: Sheet) -> dict[str, int]:
    """Which column holds what."""
    return sheet.find(COLUMNS)


class _Reader:
    """Reads one line; what is wrong with it is noted as it is met."""

    def __init__(self, line: Line, columns: Mapping[str, int]) -> None:
        self._line = line
        self._columns = columns
        self.refusals: list[Refusal] = []

    def get(self, name: str) -> str:
        return tidy(self._line.get(self._columns.get(name)))

    def refuse(self, name: str, reason: str) -> None:
        column = self._columns.get(name)
        letter = column_letter(column) if column is not None else ""
        self.refusals.append(Refusal(self._line.number, letter, name, reason))

    def text(self, name: str, longest: int, *, needed: bool = False) -> str:
        typed = self.get(name)
        if needed and not typed:
            self.refuse(name, "field-missing")
        elif len(typed) > longest:
            self.refuse(name, "field-too-long")
        elif not is_printable(typed):
            self.refuse(name, "places-field-unprintable")
        return typed

    def number(self, name: str) -> float | None:
        typed = self.get(name)
        if not typed:
            return None
        try:
            found = float(typed.replace(",", "."))
        except ValueError:
            found = float("nan")
        if found != found:  # noqa: PLR0124 - the one value that is not itself
            self.refuse(name, "field-invalid")
            return None
        return found


def _read(reader: _Reader, line: Line, terms: Terms) -> Row:
    name = reader.text("name", NAME_LENGTH, needed=True)
    kind = terms.kinds.get(fold(reader.get("kind")), "")
    if not kind:
        reader.refuse("kind", "places-field-no-kind")
    area = terms.wards.find(reader.get("ward"), reader.get("province"))
    if area is None:
        reader.refuse("ward", "bulk-reason-ward")
    elif terms.roots is not None and not any(
        area == root or area.startswith(f"{root}.") for root in terms.roots
    ):
        reader.refuse("ward", "bulk-reason-outside")
    address = reader.text("address", ADDRESS_LENGTH)
    lat, lon = _position(reader)
    air = reader.get("ventilation")
    ventilation = terms.airs.get(fold(air)) if air else None
    if air and ventilation is None:
        reader.refuse("ventilation", "field-invalid")
    stay = reader.number("usual_stay_minutes")
    if stay is not None and (not stay.is_integer() or not 1 <= stay <= LONGEST_STAY_MINUTES):
        reader.refuse("usual_stay_minutes", "field-out-of-range")
    return Row(
        line=line.number,
        name=name,
        kind=kind,
        area=area or "",
        address=address,
        lat=lat,
        lon=lon,
        ventilation=ventilation,
        usual_stay_minutes=int(stay) if stay is not None and stay.is_integer() else None,
        rooms=_rooms(reader),
        operator=_operator(reader, terms.calling_code),
    )


def _operator(reader: _Reader, calling_code: str | None) -> str | None:
    typed = reader.get("operator") if calling_code else ""
    if not typed or calling_code is None:
        return None
    phone = normalise_phone(typed)
    # A text abroad costs, and can earn its receiver money; who runs a place here has a number here.
    if phone is None or not phone.startswith(calling_code):
        reader.refuse("operator", "bulk-reason-phone")
        return None
    return phone


def _position(reader: _Reader) -> tuple[float | None, float | None]:
    lat, lon = reader.number("lat"), reader.number("lon")
    if (lat is None) != (lon is None):
        reader.refuse("lon" if lon is None else "lat", "field-missing")
    elif lat is not None and lon is not None:
        match judge_position(lat, lon):
            case Position.SWAPPED:
                reader.refuse("lat", "places-field-swapped")
            case Position.OUTSIDE:
                reader.refuse("lat", "places-field-abroad")
            case Position.INSIDE:
                pass
    return lat, lon


def _rooms(reader: _Reader) -> tuple[str, ...]:
    typed = reader.get("rooms")
    rooms = [tidy(part) for part in typed.replace("\n", ";").replace("|", ";").split(";")]
    rooms = [room for room in rooms if room]
    if len(rooms) > MOST_ROOMS or any(len(room) > ROOM_NAME_LENGTH for room in rooms):
        reader.refuse("rooms", "places-field-rooms")
    elif not all(is_printable(room) for room in rooms):
        reader.refuse("rooms", "places-field-unprintable")
    elif len({room.casefold() for room in rooms}) < len(rooms):
        reader.refuse("rooms", "places-field-room-twice")
    return tuple(rooms)


def read_lines(sheet: Sheet, terms: Terms) -> Checked:
    """Each line as a place, or what is wrong with it; a place twice in the list counts once."""
    columns = columns_of(sheet)
    checked = Checked()
    seen: set[tuple[str, str]] = set()
    for line in sheet.lines:
        reader = _Reader(line, columns)
        row = _read(reader, line, terms)
        if not reader.refusals:
            key = (row.area, fold(row.name))
            if key in seen:
                reader.refuse("name", "bulk-reason-twice")
            seen.add(key)
        if reader.refusals:
            checked.refused += reader.refusals
        else:
            checked.rows.append(row)
    return checked


def against_known(
    checked: Checked,
    columns: Mapping[str, int],
    own: Mapping[str, Names],
    others: Mapping[str, Names],
) -> Checked:
    """Take out what is registered already; mark what looks like somebody else's.

    `own` and `others` hold the names of each ward. Raises nothing.
    """
    column = column_letter(columns["name"])
    result = Checked(refused=list(checked.refused))
    for row in checked.rows:
        if row.area in own and own[row.area].same(row.name) is not None:
            result.refused.append(Refusal(row.line, column, "name", "bulk-reason-known"))
            continue
        why: Why | None = "odd_letters" if has_odd_letters(row.name) else None
        similar = others[row.area].like(row.name) if row.area in others else None
        if similar is not None:
            why = why or "similar_name"
        result.rows.append(_reviewed(row, why, similar))
    result.refused.sort(key=lambda refusal: refusal.line)
    return result


def _reviewed(row: Row, why: Why | None, similar: int | None) -> Row:
    values: dict[str, Any] = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return Row(**{**values, "review": why, "similar_to": similar})
