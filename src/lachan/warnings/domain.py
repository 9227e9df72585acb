"""Rules of warning people, without a clock or a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Breaker:
    """Beyond these an officer cannot approve a draft of their own.

    A warning to a whole town is either right, and then a second look costs a minute, or a slip.
    `share_floor` keeps the share from biting where few people are registered at all.
    """

    most_recipients: int
    most_share_percent: int
    share_floor: int


def needs_second_officer(recipients: int, residents: int, breaker: Breaker) -> bool:
    """Whether `recipients` of the `residents` registered in the area are too many for one officer.

    People of a drill count in neither number.
    """
    if recipients > breaker.most_recipients:
        return True
    share = breaker.most_share_percent * residents
    return recipients > breaker.share_floor and 100 * recipients > share


def checked_levels(levels: Sequence[int]) -> list[int]:
    """Levels once each, nearest first."""
    return sorted(set(levels))


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of one message, from which its sentences are made in any language.

    `minutes` is the time spent together; `others` counts further exposures of the same person.
    A household has no place: its reason says it all.
    """

    disease: str
    level: int
    place: str | None
    room: str | None
    window_from: datetime
    window_to: datetime
    minutes: int
    reason: str
    others: int
    note: str
    advice_version: str


def is_under(area: str, roots: Sequence[str]) -> bool:
    """Whether `area` is one of `roots` or below one of them."""
    return any(area == root or area.startswith(f"{root}.") for root in roots)
