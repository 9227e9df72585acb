"""A set of criteria as an Excel file that officials edit, and back.

Three sheets: what the set is, its criteria, its classes. Headings are words of the field; codes of
kinds, moments and colours may be typed in Vietnamese or as the program names them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from math import inf
from typing import Any, Final, TypeVar

from lachan.kit.spreadsheets import Line, Sheet, column_letter, fold, read_book
from lachan.kit.tables import escape_cell
from lachan.safety.criteria.domain import CriteriaSet, Item, Outcome
from lachan.safety.criteria.errors import CriteriaUnreadable
from lachan.safety.criteria.rules import RulesUnreadable, rules_from, rules_to

MOST_LINES: Final = 400
MOST_ERRORS: Final = 100
# No number in a set is larger, and a longer one could not even be stored.
_MOST: Final = 10_000

SET: Final = "Bộ tiêu chí"
ITEMS: Final = "Tiêu chí"
CLASSES: Final = "Xếp loại"

_FACTS: Final = {
    "code": "Mã bộ",
    "version": "Phiên bản",
    "title_vi": "Tên",
    "title_en": "Tên tiếng Anh",
    "kinds": "Loại nơi",
    "area": "Mã địa bàn",
    "measure": "Cách tính",
    "repair_hours": "Số giờ khắc phục",
    "source": "Nguồn",
    "verified": "Đã đối chiếu văn bản gốc",
    "valid_from": "Hiệu lực từ ngày",
    "due_before": "Hạn báo cáo đầu ngày",
    "due_during": "Hạn báo cáo trong ngày",
    "due_after": "Hạn báo cáo cuối ngày",
}
_ITEM: Final = {
    "code": "Mã",
    "chapter_vi": "Chương",
    "chapter_en": "Chương tiếng Anh",
    "moment": "Buổi",
    "wording_vi": "Nội dung",
    "wording_en": "Nội dung tiếng Anh",
    "points": "Điểm",
    "graded": "Chấm theo mức",
    "compulsory": "Bắt buộc",
    "evidence": "Ảnh",
}
_CLASS: Final = {
    "code": "Mã",
    "colour": "Màu",
    "title_vi": "Tên",
    "title_en": "Tên tiếng Anh",
    "why_vi": "Hệ quả",
    "why_en": "Hệ quả tiếng Anh",
    "at_least": "Từ mức",
    "no_zero": "Không tiêu chí nào 0 điểm",
    "compulsory": "Đạt mọi tiêu chí bắt buộc",
    "all_met": "Tiêu chí phải đạt đủ",
    "all_at_least": "Tiêu chí phải đạt ít nhất",
    "repair": "Phải khắc phục trong hạn",
    "may_open": "Được đón người",
}
_MEASURES: Final = {"share": "tỷ lệ điểm", "count": "số tiêu chí"}
_MOMENTS: Final = {"before": "đầu ngày", "during": "trong ngày", "after": "cuối ngày"}
_COLOURS: Final = {"green": "xanh", "yellow": "vàng", "red": "đỏ"}
_EVIDENCE: Final = {"none": "không", "photo_optional": "nên có", "photo": "phải có"}
_Read = TypeVar("_Read")
_YES: Final = "có"
_NO: Final = "không"


def write(criteria: CriteriaSet) -> bytes:
    """The set as XLSX."""
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - no types; slow to load

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        rules = rules_to(criteria.rules)
        facts = book.add_worksheet(SET)
        facts.set_column(0, 0, 30, bold)
        facts.set_column(1, 1, 90, wrap)
        facts.write_row(0, 0, ["Mục", "Giá trị"], bold)
        for row, (name, value) in enumerate(_facts_of(criteria, rules), 1):
            facts.write_row(row, 0, [_FACTS[name], escape_cell(value)])
        items = book.add_worksheet(ITEMS)
        items.set_column(0, len(_ITEM) - 1, 16, wrap)
        items.set_column(4, 5, 60, wrap)
        _table(items, bold, _ITEM, map(_item_row, criteria.items))
        classes = book.add_worksheet(CLASSES)
        classes.set_column(0, len(_CLASS) - 1, 22, wrap)
        _table(
            classes,
            bold,
            _CLASS,
            (_class_row(one, criteria.rules.may_open) for one in criteria.rules.classes),
        )
    return out.getvalue()


def _table(sheet: Any, bold: Any, columns: Mapping[str, str], rows: Iterable[list[object]]) -> None:  # noqa: ANN401 - the library has no types
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, list(columns.values()), bold)
    for number, row in enumerate(rows, 1):
        sheet.write_row(
            number, 0, [one if isinstance(one, int) else escape_cell(one) for one in row]
        )


def _facts_of(criteria: CriteriaSet, rules: Mapping[str, Any]) -> list[tuple[str, object]]:
    due = rules.get("due", {})
    return [
        ("code", criteria.code),
        ("version", criteria.version),
        ("title_vi", criteria.title.get("vi", "")),
        ("title_en", criteria.title.get("en", "")),
        ("kinds", ", ".join(criteria.kinds)),
        ("area", criteria.area),
        ("measure", _MEASURES[criteria.rules.measure]),
        ("repair_hours", criteria.repair_hours or ""),
        ("source", criteria.source),
        ("verified", _YES if criteria.verified else _NO),
        ("valid_from", criteria.valid_from.isoformat()),
        *((f"due_{moment}", due.get(moment, "")) for moment in _MOMENTS),
    ]


def _item_row(item: Item) -> list[object]:
    return [
        item.code,
        item.chapter.get("vi", ""),
        item.chapter.get("en", ""),
        _MOMENTS[item.moment],
        item.wording.get("vi", ""),
        item.wording.get("en", ""),
        item.points,
        _YES if item.graded else _NO,
        _YES if item.compulsory else _NO,
        _EVIDENCE[item.evidence],
    ]


def _class_row(one: Outcome, may_open: tuple[str, ...]) -> list[object]:
    at_least = "" if one.at_least is None else _written(one.at_least)
    return [
        one.code,
        _COLOURS[one.colour],
        one.title.get("vi", ""),
        one.title.get("en", ""),
        one.why.get("vi", ""),
        one.why.get("en", ""),
        at_least,
        _YES if one.no_zero else _NO,
        _YES if one.compulsory else _NO,
        ", ".join(one.all_met),
        ", ".join(f"{code}={least}" for code, least in one.all_at_least.items()),
        _YES if one.repair else _NO,
        _YES if one.code in may_open else _NO,
    ]


def _written(threshold: Fraction) -> str:
    if threshold.denominator == 1:
        return str(threshold.numerator)
    return str(float(threshold))


@dataclass(frozen=True, slots=True)
class RowError:
    """What cannot be read: sheet, line, column as the sender sees them, and why.

    `code` is the Fluent message `safety-row-<code>`.
    """

    sheet: str
    line: int
    column: str
    code: str


@dataclass(slots=True)
class _Reader:
    """Reads one sheet after another, noting what cannot be read instead of stopping."""

    errors: list[RowError] = field(default_factory=list)

    def note(self, sheet: str, line: int, column: int | None, code: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            letter = column_letter(column) if column is not None else ""
            self.errors.append(RowError(sheet, line, letter, code))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a table by the names of its columns."""

    reader: _Reader
    sheet: str
    line: Line
    columns: Mapping[str, int]

    def text(self, name: str, *, needed: bool = False) -> str:
        found = self.line.get(self.columns.get(name)).removeprefix("'")
        if needed and not found:
            self.wrong(name, "empty")
        return found

    def wrong(self, name: str, code: str) -> None:
        self.reader.note(self.sheet, self.line.number, self.columns.get(name), code)

    def said(self, name: str) -> dict[str, str]:
        """A text in both languages; the English one may be missing."""
        texts = {lang: self.text(f"{name}_{lang}") for lang in ("vi", "en")}
        return {lang: text for lang, text in texts.items() if text}

    def one_of(self, name: str, words: Mapping[str, str], default: str = "") -> str:
        typed = self.text(name)
        if not typed and default:
            return default
        for code, word in words.items():
            if fold(typed) in {fold(code), fold(word)}:
                return code
        self.wrong(name, "choice")
        return default or next(iter(words))

    def yes(self, name: str) -> bool:
        typed = fold(self.text(name))
        if typed in {"co", "x", "yes", "true", "1", "dung"}:
            return True
        if typed not in {"", "khong", "no", "false", "0", "sai"}:
            self.wrong(name, "yes-no")
        return False

    def whole(self, name: str, default: int | None = None) -> int | None:
        typed = self.text(name)
        if not typed:
            return default
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            number = 0.5
        # In this order: what is no number, or without end, is no integer either.
        if not 0 <= number <= _MOST or number != int(number):
            self.wrong(name, "number")
            return default
        return int(number)

    def codes(self, name: str) -> list[str]:
        return [one for one in map(str.strip, self.text(name).split(",")) if one]


def read(content: bytes) -> tuple[CriteriaSet | None, list[RowError]]:
    """The set in an XLSX file in the template's shape, and every row that cannot be read.

    The set is None when anything cannot be; whether it contradicts itself is `check_set`'s matter.
    Raises `CriteriaUnreadable`, and what `read_book` raises.
    """
    book = {fold(name): sheet for name, sheet in read_book(content, most_lines=MOST_LINES).items()}
    if any(fold(name) not in book for name in (SET, ITEMS, CLASSES)):
        raise CriteriaUnreadable
    reader = _Reader()
    facts = _read_facts(reader, book[fold(SET)])
    items = list(_rows(reader, ITEMS, book[fold(ITEMS)], _ITEM, _read_item))
    classes = list(_rows(reader, CLASSES, book[fold(CLASSES)], _CLASS, _read_class))
    written = {
        "measure": facts.pop("measure"),
        "classes": [one for one, _ in classes],
        "may_open": [one["code"] for one, opens in classes if opens],
        "due": facts.pop("due"),
    }
    try:
        rules = rules_from(written)
    except RulesUnreadable as error:
        where = str(error)
        reader.note(SET if where.startswith("due") else CLASSES, 0, None, "rules")
    if reader.errors:
        return None, reader.errors
    placed = [Item(**{**one, "position": place}) for place, one in enumerate(items, 1)]
    return CriteriaSet(id=0, items=tuple(placed), rules=rules, **facts), []


def _rows(
    reader: _Reader,
    name: str,
    sheet: Sheet,
    columns: Mapping[str, str],
    read_row: Callable[[_Row], _Read],
) -> Iterable[_Read]:
    found = sheet.find({key: (key, heading) for key, heading in columns.items()})
    if "code" not in found:
        reader.note(name, sheet.heading.number, None, "column")
    for line in sheet.lines:
        yield read_row(_Row(reader, name, line, found))


def _read_item(row: _Row) -> dict[str, Any]:
    return {
        "code": row.text("code", needed=True),
        "chapter": row.said("chapter"),
        "moment": row.one_of("moment", _MOMENTS),
        "wording": row.said("wording"),
        "points": row.whole("points", 1),
        "graded": row.yes("graded"),
        "compulsory": row.yes("compulsory"),
        "evidence": row.one_of("evidence", _EVIDENCE, "none"),
    }


def _read_class(row: _Row) -> tuple[dict[str, Any], bool]:
    written: dict[str, Any] = {
        "code": row.text("code", needed=True),
        "colour": row.one_of("colour", _COLOURS),
        "title": row.said("title"),
        "why": row.said("why"),
        "all_met": row.codes("all_met"),
        "all_at_least": _pairs(row, "all_at_least"),
        **{flag: row.yes(flag) for flag in ("no_zero", "compulsory", "repair")},
    }
    threshold = row.text("at_least")
    if threshold:
        percent = threshold.endswith("%")
        try:
            number = float(threshold.rstrip("% ").replace(",", "."))
        except ValueError:
            number = inf
        if abs(number) <= _MOST:
            written["at_least"] = number / 100 if percent else number
        else:
            row.wrong("at_least", "number")
    return written, row.yes("may_open")


def _pairs(row: _Row, name: str) -> dict[str, int]:
    found = {}
    for one in row.codes(name):
        code, _, least = one.partition("=")
        least = least.strip()
        # By its length first: thousands of digits are not even read.
        if not least.isdecimal() or len(least) > len(str(_MOST)) or int(least) > _MOST:
            row.wrong(name, "pairs")
            return {}
        found[code.strip()] = int(least)
    return found


def _read_facts(reader: _Reader, sheet: Sheet) -> dict[str, Any]:
    names = {fold(heading): name for name, heading in _FACTS.items()}
    names |= {fold(name): name for name in _FACTS}
    # The sheet has no columns but rows: each fact is a row, read as the one cell of a column.
    typed = {
        names[fold(line.get(0))]: line
        for line in (sheet.heading, *sheet.lines)
        if fold(line.get(0)) in names
    }
    empty = Line(0, ())

    def fact(name: str) -> _Row:
        return _Row(reader, SET, typed.get(name, empty), {name: 1})

    texts = {
        name: fact(name).text(name, needed=True) for name in ("code", "version", "area", "source")
    }
    return {
        **texts,
        "title": {
            lang: text
            for lang in ("vi", "en")
            if (text := fact(f"title_{lang}").text(f"title_{lang}"))
        },
        "kinds": tuple(fact("kinds").codes("kinds")),
        "measure": fact("measure").one_of("measure", _MEASURES),
        "repair_hours": fact("repair_hours").whole("repair_hours"),
        "verified": fact("verified").yes("verified"),
        "valid_from": _day(fact("valid_from")),
        "due": {
            moment: time[:5]
            for moment in _MOMENTS
            if (time := fact(f"due_{moment}").text(f"due_{moment}"))
        },
    }


def _day(row: _Row) -> date:
    typed = row.text("valid_from", needed=True)
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(typed, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    if typed:
        row.wrong("valid_from", "day")
    return date.min
