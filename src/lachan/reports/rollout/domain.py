"""What is counted of the roll-out, and what follows from it. No clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

DAYS: Final = 30
Which = Literal["before", "now", "new", "joined", "reported", "silent", "green"]
"""The lists behind the numbers."""
COLOURS: Final = ("green", "yellow", "red", "grey", "repair")


@dataclass(frozen=True, slots=True)
class Count:
    """Open places: `before` the first day, and `now`, at the end of the last.

    Of those, `joined` take part in the safety map; of these `reported` have checked themselves
    today and `green` are safe.
    """

    before: int = 0
    now: int = 0
    joined: int = 0
    reported: int = 0
    green: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.before + other.before,
            self.now + other.now,
            self.joined + other.joined,
            self.reported + other.reported,
            self.green + other.green,
        )

    @property
    def increase(self) -> int:
        return self.now - self.before

    @property
    def growth(self) -> float | None:
        """The increase as a share of `before`; None where nothing was there before."""
        return self.increase / self.before if self.before else None

    @property
    def share_reported(self) -> float | None:
        return self.reported / self.joined if self.joined else None

    @property
    def share_green(self) -> float | None:
        return self.green / self.joined if self.joined else None


def total(counts: Iterable[Count]) -> Count:
    """All counts together."""
    return sum(counts, Count())


def window(last: date) -> tuple[date, date]:
    """The first and last of the days that end with `last`."""
    return last - timedelta(days=DAYS - 1), last
