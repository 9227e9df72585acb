"""Inspections: where two checks differ, and what an inspection holds a place at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lachan.safety.colours.domain import Held
from lachan.safety.criteria.domain import Answers, CriteriaSet

LONGEST_ORDER: Final = 500
LONGEST_NOTE: Final = 500
LONGEST_REMARK: Final = 1000
MOST_DAYS: Final = 90
USUAL_HOURS: Final = 48
"""To repair where the set of criteria names no time of its own."""


def deviation(said: Answers | None, found: Answers) -> dict[str, tuple[int, int]]:
    """Where a place and the inspector differ, as item -> (the place's points, the inspector's).

    Only of items that the place answered: what it did not report is no deviation.
    """
    if said is None:
        return {}
    return {
        code: (said[code], points)
        for code, points in found.items()
        if code in said and said[code] != points
    }


def overstated(criteria: CriteriaSet, differing: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """The items of which the place said more than the inspector found, in the set's order."""
    return tuple(
        item.code
        for item in criteria.items
        if item.code in differing and differing[item.code][0] > differing[item.code][1]
    )


@dataclass(frozen=True, slots=True)
class Open:
    """An inspection that is not closed: what it found, and how many orders came of it."""

    is_unsafe: bool
    orders: int


def held_by(inspections: Sequence[Open], *, confirmed: bool) -> Held | None:
    """What a place is held at; the gravest counts."""
    if any(one.is_unsafe for one in inspections):
        return "red"
    if any(one.orders for one in inspections):
        return "repair"
    return "yellow" if confirmed else None


def due_of(criteria: CriteriaSet, moment: datetime) -> datetime:
    """The deadline of an order when the inspector names none."""
    return moment + timedelta(hours=criteria.repair_hours or USUAL_HOURS)
