"""Dates and hours as people write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.visits.paper.times import (
    Read,
    departure_of,
    moment_of,
    read_moment,
    read_title_day,
)

TODAY = date(2026, 11, 25)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("25/11/2026 7:30", DAY, time(7, 30)),
        ("25-11-2026 07h30", DAY, time(7, 30)),
        ("25.11.26, 7g30", DAY, time(7, 30)),
        ("7:30 25/11/2026", DAY, time(7, 30)),
        ("7h30 ngày 25/11/2026", DAY, time(7, 30)),
        ("2026-11-25T07:30:00", DAY, time(7, 30)),
        ("2026-11-25", DAY, None),
        ("ngày 25 tháng 11 năm 2026", DAY, None),
        ("25/11", DAY, None),
        # Not to come for a month: last year's.
        ("25/12", date(2025, 12, 25), None),
        ("46351.3125", DAY, time(7, 30)),
        ("46351", DAY, None),
        ("0.3125", None, time(7, 30)),
        ("07:30:00", None, time(7, 30)),
        ("7h", None, time(7)),
        ("7", None, time(7)),
        ("730", None, time(7, 30)),
        ("7 giờ 30 phút", None, time(7, 30)),
        ("7:30 chiều", None, time(19, 30)),
        ("12:15 sáng", None, time(0, 15)),
        ("7:30 PM", None, time(19, 30)),
    ],
)
def test_what_people_write_is_read(text: str, day: date | None, hour: time | None) -> None:
    assert read_moment(text, TODAY) == Read(day, hour)


@pytest.mark.parametrize(
    "text", ["", "sáng sớm", "31/2/2026", "11/25/2026", "25:00", "7:75", "99", "12345678", "7:30 x"]
)
def test_what_cannot_be_read_is_not_guessed(text: str) -> None:
    assert read_moment(text, TODAY) is None


@given(
    st.datetimes(
        min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - a local moment
        max_value=datetime(2026, 11, 25),  # noqa: DTZ001 - a local moment
    ),
    st.sampled_from(
        ["{0:%d/%m/%Y} {0:%H:%M}", "{0:%Y-%m-%d}T{0:%H:%M}:00", "{0:%H}h{0:%M} {0:%d/%m}"]
    ),
)
def test_written_and_read_again_it_is_the_same(moment: datetime, written: str) -> None:
    read = read_moment(written.format(moment), TODAY)
    assert read == Read(moment.date(), time(moment.hour, moment.minute))


@given(st.integers(min_value=0, max_value=24 * 60 - 1), st.integers(0, 20_000))
def test_serial_numbers_are_the_minutes_of_a_spreadsheet(minutes: int, days: int) -> None:
    day = date(2000, 1, 1) + timedelta(days=days)
    serial = (day - date(1899, 12, 30)).days + minutes / 1440
    assert read_moment(repr(float(serial)), TODAY) == Read(day, time(minutes // 60, minutes % 60))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_moment(text, TODAY)
    assert read is None or read.day is not None or read.hour is not None
    read_title_day(text, TODAY)


def test_the_day_of_a_title() -> None:
    assert read_title_day("SỔ KHÁCH Ngày 25 tháng 11 năm 2026", TODAY) == DAY
    assert read_title_day("Danh sách 25/11/2026, quầy 3", TODAY) == DAY
    assert read_title_day("Quầy số 3", TODAY) is None


def test_whoever_leaves_at_an_earlier_hour_left_after_midnight() -> None:
    evening = moment_of(DAY, time(22), ZONE)
    assert departure_of(evening, Read(hour=time(1, 30)), ZONE) == evening + timedelta(hours=3.5)
    # A long night is more likely a slip of the pen.
    morning = moment_of(DAY, time(8), ZONE)
    assert departure_of(morning, Read(hour=time(7)), ZONE) is None
    assert departure_of(morning, Read(DAY - timedelta(days=1), time(9)), ZONE) is None
    assert departure_of(morning, Read(DAY, None), ZONE) is None
    assert moment_of(DAY, time(7), ZONE) == datetime(2026, 11, 25, tzinfo=UTC)
