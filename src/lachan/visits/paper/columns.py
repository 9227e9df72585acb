"""Which column of a list holds what, told from its headings in Vietnamese or English."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from lachan.kit.spreadsheets import Line, fold
from lachan.visits.paper.times import read_moment, read_title_day

Field = Literal["name", "phone", "document", "card", "day", "arrival", "departure", "room", "note"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
WHO: Final[tuple[Field, ...]] = ("name", "phone", "document", "card")
_HEADING_WITHIN: Final = 20  # lines; a title, a place and a day stand above some headings
_FEWEST: Final = 2  # known headings that make a line the heading

# Folded: lower case, no accents, one blank between words.
_SPELLINGS: Final[Mapping[Field, tuple[str, ...]]] = {
    "name": (
        "ho ten", "ho va ten", "ten", "ho ten khach", "ten khach", "khach", "khach hang",
        "ten khach hang", "nguoi vao", "nguoi den", "ho ten nguoi den", "name", "full name",
        "visitor", "guest", "visitor name", "guest name", "customer",
    ),
    "phone": (
        "sdt", "so dien thoai", "dien thoai", "so dt", "dt", "dtdd", "di dong", "so di dong",
        "so may", "lien he", "so lien he", "phone", "phone number", "mobile", "mobile number",
        "tel", "telephone", "contact number",
    ),
    "document": (
        "cccd", "cmnd", "cmt", "so cccd", "so cmnd", "cmnd cccd", "cccd cmnd", "so cmnd cccd",
        "so cccd cmnd", "can cuoc", "so can cuoc", "can cuoc cong dan", "so giay to", "giay to",
        "giay to tuy than", "so dinh danh", "ma dinh danh", "ho chieu", "so ho chieu", "passport",
        "passport number", "id number", "id card", "id no", "document", "document number",
    ),
    "card": (
        "the", "so the", "ma the", "the la chan", "ma the la chan", "card", "card number",
        "card no", "card code",
    ),
    "day": ("ngay", "ngay thang", "ngay den", "ngay vao", "date", "day", "visit date"),
    "arrival": (
        "gio vao", "gio den", "thoi gian vao", "thoi gian den", "thoi diem vao", "thoi diem den",
        "vao", "den", "vao luc", "den luc", "gio", "thoi gian", "check in", "checkin", "arrival",
        "arrived", "arrived at", "arrival time", "time in", "in", "entry", "entry time", "time",
        "start",
    ),
    "departure": (
        "gio ra", "gio ve", "thoi gian ra", "thoi gian ve", "thoi diem ra", "ra", "ve", "ra luc",
        "ra ve", "gio ra ve", "roi di", "gio roi di", "check out", "checkout", "departure",
        "departed", "left", "left at", "departure time", "time out", "out", "exit", "exit time",
        "end",
    ),
    "room": (
        "phong", "so phong", "ten phong", "khu vuc", "khu", "ban", "so ban", "tang", "room",
        "room number", "room name", "table", "zone", "hall", "floor",
    ),
    "note": ("ghi chu", "chu thich", "muc dich", "ly do", "note", "notes", "remark", "remarks",
             "comment", "purpose"),
}  # fmt: skip
_KNOWN: Final = {spelling: field for field, all_ in _SPELLINGS.items() for spelling in all_}
_EXACT, _BEGINS = 2, 1
_SHORT_WORD: Final = 3  # letters
# Of birth, of issue: about a person or a document, not about the visit.
_ELSE: Final = frozenset({"sinh", "cap", "birth", "issue", "issued"})
_MONTH_OR_HOUR: Final = re.compile(r"\b(dd|mm|yyyy|hh|h|nam|thang)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a list is read: where its heading stands (0: it has none), and what is in which column.

    `day` holds for rows that tell none; `unclear` names what a person has to say first.
    """

    heading: int
    columns: Mapping[Field, int]
    day: date | None = None
    unclear: tuple[str, ...] = ()


def field_of(heading: str) -> tuple[Field, int] | None:
    """What a column with this heading holds, and how sure that is (2 sure, 1 likely)."""
    folded = _MONTH_OR_HOUR.sub("", fold(heading)).strip()
    folded = " ".join(folded.split())
    if folded in _KNOWN:
        return _KNOWN[folded], _EXACT
    words = folded.split()
    if not _ELSE.isdisjoint(words):
        return None
    for length in range(len(words) - 1, 0, -1):
        for phrase in (" ".join(words[:length]), " ".join(words[-length:])):
            # One short word inside a longer heading proves nothing ("in" of "in charge"), nor does
            # "ngày": there are days of birth and days of issue.
            if (
                phrase in _KNOWN
                and (length > 1 or len(phrase) > _SHORT_WORD)
                and _KNOWN[phrase] != "day"
            ):
                return _KNOWN[phrase], _BEGINS
    return None


def _fields_of(line: Line) -> tuple[dict[Field, int], list[Field]]:
    """The columns of a heading, and the fields that more than one column claims alike."""
    best: dict[Field, tuple[int, int]] = {}
    twice: set[Field] = set()
    for column, heading in enumerate(line.cells):
        known = field_of(heading) if heading else None
        if known is None:
            continue
        field, sure = known
        if field not in best or sure > best[field][1]:
            best[field] = (column, sure)
            twice.discard(field)
        elif sure == best[field][1]:
            twice.add(field)
    return {field: column for field, (column, _) in best.items()}, sorted(twice)


def read_headings(lines: Sequence[Line], today: date) -> Reading:
    """How the list in `lines` is to be read, as far as it tells that itself."""
    heading, columns, twice = 0, dict[Field, int](), list[Field]()
    for line in lines[:_HEADING_WITHIN]:
        found, claimed = _fields_of(line)
        if len(found) > max(len(columns), _FEWEST - 1):
            heading, columns, twice = line.number, found, claimed
    day = None
    for line in lines:
        if line.number >= heading:
            break
        for cell in line.cells:
            whole = read_moment(cell, today)
            day = day or (whole.day if whole else None) or read_title_day(cell, today)
    return Reading(heading, columns, day, unclear_in(columns, twice))


def unclear_in(columns: Mapping[Field, int], twice: Sequence[Field] = ()) -> tuple[str, ...]:
    """What keeps a list from being read: `who`, `arrival`, and fields claimed by two columns."""
    unclear = [str(field) for field in twice]
    if not any(field in columns for field in WHO):
        unclear.append("who")
    if "arrival" not in columns:
        unclear.append("arrival")
    return tuple(unclear)


def check_columns(chosen: Mapping[str, int]) -> dict[Field, int]:
    """Columns that somebody chose, without names that are no field of ours."""
    return {field: chosen[field] for field in FIELDS if field in chosen}
