"""Numbers of visitors as those who run a place may see them. No input, no output, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

WHOLE_DAY: Final = 24
"""The hour under which a count of the whole day stands."""
LEAST: Final = 5
"""No smaller number of people is shown."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """People that arrived on a day, in one hour or in all; `people` None: fewer than five."""

    day: date
    hour: int
    people: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What somebody counted at the door."""

    day: date
    hour: int
    people: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How many of those who came through the door scanned, where that was counted."""

    counted: int
    scanned: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing, or too little to show, was counted.

        More scans than heads (families with one phone, a miscount) is all of them.
        """
        if self.counted < LEAST:
            return None
        return min(1.0, self.scanned / self.counted)


def quality_of(arrivals: Iterable[Arrivals], counted: Iterable[Counted]) -> Quality:
    """Scans and heads of the hours that were counted; a day's count takes the place of its hours.

    Hours with fewer than five scans count as none: what is shown must not tell a smaller number.
    """
    scans: Mapping[tuple[date, int], int] = {
        (entry.day, entry.hour): entry.people or 0 for entry in arrivals
    }
    entries = list(counted)
    whole = {entry.day for entry in entries if entry.hour == WHOLE_DAY}
    used = [entry for entry in entries if entry.hour == WHOLE_DAY or entry.day not in whole]
    return Quality(
        counted=sum(entry.people for entry in used),
        scanned=sum(scans.get((entry.day, entry.hour), 0) for entry in used),
    )
