"""Rules of case records, without a clock or a database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

OLDEST = timedelta(days=180)
"""An onset longer ago than this is taken for a slip of the pen, as is one so far from sampling."""

_APART = timedelta(days=60)
LEAST_GAP = timedelta(hours=3)


class Classification(StrEnum):
    """How sure it is, in the words of the surveillance guidelines."""

    SUSPECTED = "suspected"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"

    @property
    def counts_as_case(self) -> bool:
        """Whether contacts of it are sought without being asked."""
        return self in {Classification.PROBABLE, Classification.CONFIRMED}


def date_faults(onset: date | None, sampled: date | None, today: date) -> dict[str, str]:
    """What is wrong with the two days: field to Fluent key, empty when nothing is."""
    if onset is None and sampled is None:
        return {"onset_on": "cases-field-no-day"}
    faults = {}
    for field, day in (("onset_on", onset), ("sampled_on", sampled)):
        if day is None:
            continue
        if day > today:
            faults[field] = "cases-field-future"
        elif today - day > OLDEST:
            faults[field] = "cases-field-too-old"
    if not faults and onset and sampled and abs(onset - sampled) > _APART:
        faults["onset_on"] = "cases-field-far-apart"
    return faults


def is_under(area: str, roots: Sequence[str]) -> bool:
    """Whether `area` is one of `roots` or below one."""
    return any(area == root or area.startswith(f"{root}.") for root in roots)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch about which no tool says where the case was."""

    started_at: datetime
    ended_at: datetime


def gaps(
    stays: Iterable[tuple[datetime, datetime]],
    window: tuple[datetime, datetime],
    least: timedelta = LEAST_GAP,
) -> list[Gap]:
    """Stretches of `window` of at least `least` that no stay covers, oldest first."""
    found = []
    reached = window[0]
    for started_at, ended_at in sorted(stays):
        begins = min(started_at, window[1])
        if begins - reached >= least:
            found.append(Gap(reached, begins))
        reached = max(reached, ended_at)
    if window[1] - reached >= least:
        found.append(Gap(reached, window[1]))
    return found
