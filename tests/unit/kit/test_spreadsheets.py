"""Lists arrive as people's programs write them, and hostile files are refused cheaply."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.errors import SpreadsheetEmpty, SpreadsheetTooLarge, SpreadsheetUnreadable
from lachan.kit.spreadsheets import column_letter, read, read_book

_TEXT = "Tên;Xã\nChợ Đồng Xuân;Hoàn Kiếm\n"


def workbook(rows: list[list[object]], *, first_hidden: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    if first_hidden:
        hidden = book.add_worksheet("ẩn")
        hidden.write(0, 0, "không đọc")
        hidden.hide()
    sheet = book.add_worksheet()
    if first_hidden:
        sheet.activate()
    dates = book.add_format({"num_format": "dd/mm/yyyy"})
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if isinstance(cell, date | time):
                sheet.write_datetime(y, x, cell, dates)
            else:
                sheet.write(y, x, cell)
    book.close()
    return out.getvalue()


def repacked(content: bytes, name: str, change: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.namelist():
            new.writestr(member, change if member == name else old.read(member))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _TEXT.encode(),
        _TEXT.encode("utf-8-sig"),
        _TEXT.encode("utf-16"),
        _TEXT.encode("utf-16-le"),
        _TEXT.replace(";", ",").encode(),
        _TEXT.replace(";", "\t").replace("\n", "\r\n").encode("utf-16"),
        _TEXT.replace(";", "|").encode(),
        workbook([["Tên", "Xã"], ["Chợ Đồng Xuân", "Hoàn Kiếm"]]),
        workbook([["Tên", "Xã"], ["Chợ Đồng Xuân", "Hoàn Kiếm"]], first_hidden=True),
    ],
)
def test_the_same_list_in_every_form_is_the_same(content: bytes) -> None:
    sheet = read(content)
    assert sheet.heading.cells == ("Tên", "Xã")
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (2, ("Chợ Đồng Xuân", "Hoàn Kiếm"))
    ]


def test_lines_are_counted_as_the_sender_sees_them() -> None:
    sheet = read(b'sep=;\n\na;b\n\n"x;\ny";z\n;\nlast;\n')
    assert sheet.heading.number == 3
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (5, ("x;\ny", "z")),
        (7, ("last",)),
    ]
    spread = read(workbook([[], ["a"], [], ["b"]]))
    assert (spread.heading.number, spread.lines[0].number) == (2, 4)


def test_headings_are_found_however_they_are_spelled() -> None:
    sheet = read("TÊN ĐỊA ĐIỂM,Loai,địa chỉ\nA,school,1\n".encode())
    found = sheet.find({"name": ["tên địa điểm"], "kind": ["loại"], "ward": ["xã"]})
    assert found == {"name": 0, "kind": 1}
    assert sheet.lines[0].get(found.get("ward")) == ""


def test_numbers_and_times_read_as_typed() -> None:
    sheet = read(
        workbook(
            [["h"], [912345678], [1.5], [date(2026, 3, 1)], [datetime(2026, 3, 1, 8, 30)], [True]]  # noqa: DTZ001
        )
    )
    assert [line.cells[0] for line in sheet.lines] == [
        "912345678",
        "1.5",
        "2026-03-01",
        "2026-03-01T08:30:00",
        "1",
    ]


def test_a_formula_is_its_last_value_and_nothing_else() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "h")
    page.write_formula(1, 0, "=WEBSERVICE(A1)", value="kept")
    book.close()
    assert read(out.getvalue()).lines[0].cells == ("kept",)


@pytest.mark.parametrize("content", [b"", b"\n\n;;\n", workbook([])])
def test_an_empty_file_says_so(content: bytes) -> None:
    with pytest.raises(SpreadsheetEmpty):
        read(content)


def test_what_is_no_list_is_refused() -> None:
    whole = workbook([["a"]])
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("anything.txt", "x")
    for content in (
        "Tên\nChợ".encode("cp1258", "replace") + b"\xff",
        whole[: len(whole) // 2],
        plain.getvalue(),
        repacked(whole, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        b"PK\x03\x04nonsense",
    ):
        with pytest.raises((SpreadsheetUnreadable, SpreadsheetEmpty)):
            read(content)


def test_a_file_that_unpacks_to_a_mountain_is_refused() -> None:
    whole = workbook([["a"]])
    far = whole_sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(SpreadsheetTooLarge):
        read(repacked(whole, "xl/worksheets/sheet1.xml", far))
    with pytest.raises(SpreadsheetTooLarge):
        read(repacked(whole, "xl/worksheets/sheet1.xml", b" " * (257 * 1024 * 1024)))
    with pytest.raises(SpreadsheetTooLarge):
        read(b"a\n" * 12, most_lines=10)


def whole_sheet(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        b'2006/main"><sheetData>' + rows + b"</sheetData></worksheet>"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_a_refusal(content: bytes) -> None:
    for attempt in (content, b"PK\x03\x04" + content):
        try:
            sheet = read(attempt)
        except (SpreadsheetUnreadable, SpreadsheetTooLarge, SpreadsheetEmpty):
            continue
        assert all("\x00" not in cell for line in sheet.lines for cell in line.cells)


def test_columns_are_named_as_spreadsheets_do() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_book_is_read_sheet_by_sheet() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("Một").write_row(0, 0, ["Mã", "Tên"])
        made.add_worksheet("Trống")
        second = made.add_worksheet("Hai")
        second.write_row(1, 0, ["x"])
        second.write_row(3, 0, ["y"])
        hidden = made.add_worksheet("Ẩn")
        hidden.write(0, 0, "không đọc")
        hidden.hide()
    found = read_book(out.getvalue())
    assert list(found) == ["Một", "Hai"]
    assert found["Một"].heading.cells == ("Mã", "Tên")
    assert [(line.number, line.cells) for line in found["Hai"].lines] == [(4, ("y",))]
    with pytest.raises(SpreadsheetUnreadable):
        read_book(b"a;b")
