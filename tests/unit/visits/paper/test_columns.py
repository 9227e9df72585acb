"""Which column holds what."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.spreadsheets import Line
from lachan.visits.paper.columns import Field, field_of, read_headings

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ và tên", "name"),
        ("HO TEN KHACH HANG", "name"),
        ("SĐT", "phone"),
        ("Số ĐT", "phone"),
        ("so dien thoai lien he", "phone"),
        ("CCCD/CMND", "document"),
        ("Giờ vào (hh:mm)", "arrival"),
        ("Thời gian ra", "departure"),
        ("Ngày/tháng", "day"),
        ("Phòng số", "room"),
        ("Ghi chú", "note"),
        ("Full Name", "name"),
        ("Time in", "arrival"),
        ("Check-out", "departure"),
        ("Card no.", "card"),
        ("STT", None),
        ("Ngày sinh", None),
        ("Ngày cấp CCCD", None),
        ("In charge", None),
        ("Địa chỉ", None),
        ("", None),
    ],
)
def test_headings_with_and_without_accents(heading: str, field: Field | None) -> None:
    known = field_of(heading)
    assert (known[0] if known else None) == field


def lines(*rows: str) -> list[Line]:
    return [Line(number, tuple(row.split("|"))) for number, row in enumerate(rows, start=1)]


def test_a_heading_below_a_title_and_a_day() -> None:
    reading = read_headings(
        lines("QUÁN PHỞ", "Ngày 20/11/2026", "Giờ ra|SĐT|Giờ vào", "8:00|0912|7:00"), TODAY
    )
    assert reading.heading == 3
    assert reading.columns == {"departure": 0, "phone": 1, "arrival": 2}
    assert reading.day == date(2026, 11, 20)
    assert reading.unclear == ()


def test_what_is_not_said_is_asked() -> None:
    assert read_headings(lines("An|0912345678|7:30"), TODAY).unclear == ("who", "arrival")
    assert read_headings(lines("Tên|SĐT", "An|0912"), TODAY).unclear == ("arrival",)
    twice = read_headings(lines("Tên|Điện thoại|Di động|Giờ vào"), TODAY)
    assert twice.unclear == ("phone",)


@given(st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=8))
def test_no_table_breaks_the_reader(rows: list[list[str]]) -> None:
    table = [Line(number, tuple(cells)) for number, cells in enumerate(rows, start=1)]
    reading = read_headings(table, TODAY)
    assert all(0 <= column < 8 for column in reading.columns.values())
