"""Dates and hours as people of the country write them on lists, and as spreadsheets store them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Day 0 of a spreadsheet's calendar (its 1900 had a 29 February), and the years 2000 to 2099 in it.
_SERIAL_ZERO: Final = date(1899, 12, 30)
_SERIAL_FIRST, _SERIAL_LAST = 36_526, 73_050
_DAY_SECONDS: Final = 86_400
# Whoever leaves at an hour before the one of arriving left after midnight, if the night was short.
LONGEST_NIGHT: Final = timedelta(hours=12)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(.+))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{4}|\d{2}))?(?:[,;T ]+(.+))?")
_DAY_LAST = re.compile(r"(\S.*?)[,; ]+(?:ngày )?(\d{1,2}[/\-.]\d{1,2}(?:[/\-.]\d{2,4})?)")
_IN_WORDS = re.compile(
    r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s+năm\s+(\d{4}))?(?:[,; ]+(.+))?", re.IGNORECASE
)
_HOUR = re.compile(
    r"(\d{1,2})(?:\s*(?::|h|g|giờ|\.)\s*(?:(\d{1,2})(?:\s*(?:'|p|ph|phút|m))?)?(?::(\d{2})(?:\.\d+)?)?)?"
    r"\s*(am|pm|a\.m\.|p\.m\.|sa|ch|sáng|trưa|chiều|tối|đêm)?",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(\d{1,2})(\d{2})")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AFTERNOON: Final = frozenset({"pm", "p.m.", "ch", "chiều", "tối"})
_MORNING: Final = frozenset({"am", "a.m.", "sa", "sáng"})
_NOON: Final = 12
_SHORT_YEAR: Final = 2  # digits: 26 is 2026
_TITLE_DAY = re.compile(
    r"ngày\s+\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?|\d{4}-\d{1,2}-\d{1,2}"
    r"|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell tells of a moment; a part it does not tell is None."""

    day: date | None = None
    hour: time | None = None


def read_moment(text: str, today: date) -> Read | None:
    """The day and hour in a cell, None where it tells neither.

    The day comes first (25/11/2026); a year that is left out is the one that makes the day the
    last one not after `today`. Hours are 7:30, 7h30, 7 giờ 30, 7h, 7:30 chiều, 730; a
    spreadsheet's number is days since 1899-12-30, or a fraction of a day.
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    if _NUMBER.fullmatch(typed) and (numbered := _serial(typed)) is not None:
        return numbered
    for pattern, order in ((_ISO, "ymd"), (_IN_WORDS, "dmy"), (_DAY_FIRST, "dmy")):
        match = pattern.fullmatch(typed)
        if match is None:
            continue
        parts = dict(zip(order, match.groups(), strict=False))
        day = _day(parts["y"], parts["m"], parts["d"], today)
        if day is None:
            continue
        rest = match.group(4)
        hour = _hour(rest) if rest else None
        return None if rest and hour is None else Read(day, hour)
    if (match := _DAY_LAST.fullmatch(typed)) is not None:
        hour, after = _hour(match.group(1)), read_moment(match.group(2), today)
        if hour is not None and after is not None and after.day is not None:
            return Read(after.day, hour)
    hour = _hour(typed)
    return Read(hour=hour) if hour is not None else None


def read_title_day(text: str, today: date) -> date | None:
    """The day that a list's title names, as "Ngày 25 tháng 11 năm 2026" or "25/11/2026"."""
    for match in _TITLE_DAY.finditer(text):
        read = read_moment(match.group(), today)
        if read is not None and read.day is not None:
            return read.day
    return None


def _serial(typed: str) -> Read | None:
    number = float(typed)
    days, part = divmod(number, 1)
    if number < 1 and "." in typed:
        return Read(hour=_clock(part))
    if not _SERIAL_FIRST <= days <= _SERIAL_LAST:
        return None
    day = _SERIAL_ZERO + timedelta(days=int(days))
    if "." not in typed:
        return Read(day=day)
    hour = _clock(part)
    # Rounding may reach midnight.
    return Read(day + timedelta(days=1), hour) if part and hour == time() else Read(day, hour)


def _clock(part: float) -> time:
    minutes = round(part * _DAY_SECONDS / 60) % (24 * 60)
    return time(minutes // 60, minutes % 60)


def _day(year: str | None, month: str, day: str, today: date) -> date | None:
    try:
        if year is not None:
            return date(int(year) + (0 if len(year) > _SHORT_YEAR else 2000), int(month), int(day))
        this_year = date(today.year, int(month), int(day))
    except ValueError:
        return None
    # Tomorrow's date may be written by somebody whose day has begun; next month's is last year's.
    if this_year <= today + timedelta(days=1):
        return this_year
    try:
        return this_year.replace(year=today.year - 1)
    except ValueError:
        return None


def _hour(typed: str) -> time | None:
    if (bare := _BARE_HOUR.fullmatch(typed)) is not None:
        return _time(int(bare.group(1)), int(bare.group(2)))
    match = _HOUR.fullmatch(typed.strip())
    if match is None:
        return None
    hour, minute = int(match.group(1)), int(match.group(2) or 0)
    half = (match.group(4) or "").lower()
    if half in _AFTERNOON and hour < _NOON:
        hour += _NOON
    elif half in _MORNING and hour == _NOON:
        hour = 0
    return _time(hour, minute, int(match.group(3) or 0))


def _time(hour: int, minute: int, second: int = 0) -> time | None:
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def moment_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """A local day and hour in UTC."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def departure_of(arrived_at: datetime, read: Read, zone: ZoneInfo) -> datetime | None:
    """When somebody left who arrived at `arrived_at`; None where the two contradict each other.

    Without a day it is the day of arriving, or the night after.
    """
    if read.hour is None:
        return None
    if read.day is not None:
        left_at = moment_of(read.day, read.hour, zone)
        return left_at if left_at >= arrived_at else None
    day = arrived_at.astimezone(zone).date()
    left_at = moment_of(day, read.hour, zone)
    if left_at >= arrived_at:
        return left_at
    next_morning = moment_of(day + timedelta(days=1), read.hour, zone)
    return next_morning if next_morning - arrived_at <= LONGEST_NIGHT else None
