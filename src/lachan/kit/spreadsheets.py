"""Lists that people send: CSV as any program writes it, and XLSX, as lines of plain text.

Every cell arrives as text, tidy at its ends; what a text means is the feature's business. Numbers
of lines and letters of columns are those that the sender's own spreadsheet shows, so that a report
can point at a cell. Macros, formulas and links are never run: of a formula, its last value counts.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from lachan.kit.errors import SpreadsheetEmpty, SpreadsheetTooLarge, SpreadsheetUnreadable

MOST_LINES: Final = 100_000
MOST_COLUMNS: Final = 256
LONGEST_CELL: Final = 2_000
_MOST_UNPACKED: Final = 256 * 1024 * 1024
# The reader of XLSX makes room for every cell up to the last one, empty or not.
_MOST_CELLS: Final = 8_000_000
_CHUNK: Final = 1 << 20
_DELIMITERS: Final = ",;\t|"
_LOOKED_AT: Final = 20_000
_LINES_LOOKED_AT: Final = 20
_ZIP: Final = b"PK\x03\x04"
# The farthest line and column that a sheet names: <row r="7">, <c r="AB7">.
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_LONGEST_REFERENCE: Final = 64
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """A line with content; `number` counts from 1, the heading and empty lines included."""

    number: int
    cells: tuple[str, ...]

    def get(self, column: int | None) -> str:
        """The text in a column; empty where the line is shorter or there is no such column."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list: its heading, and the lines below it that hold anything."""

    heading: Line
    lines: tuple[Line, ...]

    def find(self, wanted: Mapping[str, Collection[str]]) -> dict[str, int]:
        """For each name in `wanted` whose heading is there, its column, counted from 0.

        The values are headings that count as that name, in any letter case and with or without
        accents; the first column that fits is taken.
        """
        headings = [fold(cell) for cell in self.heading.cells]
        found = {}
        for name, spellings in wanted.items():
            known = {fold(spelling) for spelling in spellings}
            for column, heading in enumerate(headings):
                if heading in known:
                    found[name] = column
                    break
        return found


def fold(text: str) -> str:
    """A heading as it is compared: lower-case words without accents, one blank between."""
    lowered = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in lowered if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", plain).strip()


def column_letter(column: int) -> str:
    """The letters that a spreadsheet shows above a column counted from 0: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read(content: bytes, *, most_lines: int = MOST_LINES) -> Sheet:
    """The list in a CSV file (UTF-8 or UTF-16; comma, semicolon, tab or bar) or an XLSX file.

    Of an XLSX file it is the first visible sheet that holds anything. Takes about a second for
    100,000 lines: call it in a thread. Raises `SpreadsheetUnreadable`, `SpreadsheetTooLarge`,
    `SpreadsheetEmpty`.
    """
    return _sheet(_xlsx(content) if content.startswith(_ZIP) else _csv(content), most_lines)


def read_book(content: bytes, *, most_lines: int = MOST_LINES) -> dict[str, Sheet]:
    """Every visible sheet of an XLSX file that holds anything, by its name.

    Raises `SpreadsheetUnreadable`, `SpreadsheetTooLarge`, `SpreadsheetEmpty`.
    """
    if not content.startswith(_ZIP):
        raise SpreadsheetUnreadable
    found = {name: _sheet(rows, most_lines) for name, rows in _all_of(content)}
    if not found:
        raise SpreadsheetEmpty
    return found


def _sheet(records: Iterable[Sequence[str]], most_lines: int) -> Sheet:
    """Raises `SpreadsheetTooLarge`, `SpreadsheetEmpty`."""
    lines: list[Line] = []
    for number, record in enumerate(records, start=1):
        cells = [_tidy(cell) for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS or len(lines) > most_lines:
            raise SpreadsheetTooLarge(params={"lines": most_lines, "columns": MOST_COLUMNS})
        lines.append(Line(number, tuple(cells)))
    if not lines:
        raise SpreadsheetEmpty
    return Sheet(lines[0], tuple(lines[1:]))


def _tidy(cell: str) -> str:
    # Half a character of a cut-off file, and the zero byte, which no database holds.
    text = cell.replace("\x00", "").strip()
    return unicodedata.normalize("NFC", text)[:LONGEST_CELL]


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    text = _decode(content)
    delimiter = None
    if text[:4].lower() == "sep=" and text[4:5] in _DELIMITERS and text[5:6] in {"\r", "\n"}:
        # What Excel writes to tell itself the delimiter; it is a line of the file all the same.
        delimiter = text[4]
        yield ()
        text = text[5:].removeprefix("\r").removeprefix("\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or _delimiter_of(text), strict=False
    )
    try:
        yield from reader
    except csv.Error:
        raise SpreadsheetUnreadable from None


def _decode(content: bytes) -> str:
    """The text of a CSV file. Anything but Unicode is refused: a wrong guess would spoil names."""
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        head = content[:2_000]
        # UTF-16 without its mark: every other byte of Latin text is zero.
        if head.count(0) > len(head) // 4:
            return content.decode("utf-16-be" if head[:1] == b"\x00" else "utf-16-le")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpreadsheetUnreadable from None


def _delimiter_of(text: str) -> str:
    """The delimiter that the first lines use most, outside quotation marks.

    More than one line is looked at: above some headings stand a title and a day.
    """
    lines = text[:_LOOKED_AT].splitlines()[:_LINES_LOOKED_AT]
    unquoted = re.sub(r'"[^"]*"', "", "\n".join(lines))
    return max(_DELIMITERS, key=unquoted.count)


def _xlsx(content: bytes) -> Iterator[Sequence[str]]:
    with _opened(content) as book:
        sheet = _first_with_content(book)
        rows = sheet.to_python(skip_empty_area=False) if sheet is not None else []
    return ([_text(cell) for cell in row] for row in rows)


def _all_of(content: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    with _opened(content) as book:
        for sheet in _with_content(book):
            rows = sheet.to_python(skip_empty_area=False)
            yield sheet.name, [[_text(cell) for cell in row] for row in rows]


@contextmanager
def _opened(content: bytes) -> Iterator[CalamineWorkbook]:
    """Raises `SpreadsheetTooLarge`, `SpreadsheetUnreadable`."""
    _check_xlsx(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            yield book
    except (CalamineError, OSError, ValueError, OverflowError):
        raise SpreadsheetUnreadable from None
    except BaseException as error:
        # What the native reader raises when a broken file leads it astray is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SpreadsheetUnreadable from None


def _with_content(book: CalamineWorkbook) -> Iterator[CalamineSheet]:
    for metadata in book.sheets_metadata:
        if metadata.visible == SheetVisibleEnum.Visible and metadata.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(metadata.name)
            if sheet.start is not None:
                yield sheet


def _first_with_content(book: CalamineWorkbook) -> CalamineSheet | None:
    return next(_with_content(book), None)


def _check_xlsx(content: bytes) -> None:
    """Unpack once to see how much it is: a small file must not fill the memory.

    Raises `SpreadsheetTooLarge`, `SpreadsheetUnreadable`.
    """
    too_large = SpreadsheetTooLarge(params={"lines": MOST_LINES, "columns": MOST_COLUMNS})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in {member.filename for member in members}:
                raise SpreadsheetUnreadable
            if sum(member.file_size for member in members) > _MOST_UNPACKED:
                raise too_large
            for member in members:
                lines, columns = _extent(archive, member)
                if lines * columns > _MOST_CELLS:
                    raise too_large
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise SpreadsheetUnreadable from None


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """The farthest line and column that a part of the file names; reading checks its length."""
    lines = columns = 1
    kept = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = kept + chunk
            for letters, number in _REFERENCE.findall(text):
                lines = max(lines, int(number))
                columns = max(columns, _column_number(letters))
            kept = text[-_LONGEST_REFERENCE:]
    return lines, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: Cell) -> str:
    """A cell as a person would have typed it: whole numbers without a point, times as ISO 8601."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
