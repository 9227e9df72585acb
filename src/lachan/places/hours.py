"""Opening hours of a week. No input, no output, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = 7
MINUTES_A_DAY: Final = 1440
_TIME: Final = re.compile(r"([01]?\d|2[0-4])[:hH.]([0-5]\d)?")


@dataclass(frozen=True, slots=True)
class Hours:
    """For Monday to Sunday when a place opens and closes, in minutes after midnight; None: shut.

    Closing at or before opening means on the next day; 1440 is midnight.
    """

    days: tuple[tuple[int, int] | None, ...]

    def closing_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When the place shuts next, if it is open at `moment`; None when it is not.

        Hours that follow each other without a gap (to midnight, from midnight) are one.
        """
        local = moment.astimezone(zone)
        closing: datetime | None = None
        for back in (1, 0, -1, -2):
            day = local.date() - timedelta(days=back)
            span = self.days[day.weekday()]
            if span is None:
                continue
            midnight = datetime.combine(day, time(), tzinfo=zone)
            opens = midnight + timedelta(minutes=span[0])
            length = span[1] - span[0] if span[1] > span[0] else span[1] + MINUTES_A_DAY - span[0]
            closes = opens + timedelta(minutes=length)
            if (closing is None and opens <= local < closes) or (
                closing is not None and opens <= closing < closes
            ):
                closing = closes
        return closing

    def stored(self) -> list[int | None]:
        """As fourteen numbers, opening and closing by turns."""
        return [number for span in self.days for number in (span or (None, None))]


def hours_of(stored: Sequence[int | None] | None) -> Hours | None:
    """What `Hours.stored` gave."""
    if stored is None:
        return None
    pairs = zip(stored[::2], stored[1::2], strict=True)
    return Hours(
        tuple((opens, closes) if opens is not None and closes is not None else None
              for opens, closes in pairs)
    )  # fmt: skip


def hours_from(days: Sequence[tuple[str, str] | None]) -> Hours | None:
    """Hours of seven days written as `minutes_of` reads them; None when no day is open.

    Raises `ValueError` for a time that is none.
    """

    def minutes(typed: str) -> int:
        found = minutes_of(typed)
        if found is None:
            raise ValueError(typed)
        return found

    spans = tuple((minutes(day[0]), minutes(day[1])) if day else None for day in days)
    return Hours(spans) if any(spans) else None


def minutes_of(typed: str) -> int | None:
    """Minutes after midnight of "7:30", "7h30", "07.30", "7h" or "24:00"; None for other texts."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        return None
    minutes = int(found[1]) * 60 + int(found[2] or 0)
    return minutes if minutes <= MINUTES_A_DAY else None


def clock_of(minutes: int) -> str:
    """07:30 for 450."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
