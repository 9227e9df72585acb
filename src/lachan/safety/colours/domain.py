"""The colour of a place: what the day's answers and the authority say together. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from lachan.safety.criteria.domain import CriteriaSet, Reason, Verdict, judge

Colour = Literal["green", "yellow", "red", "grey", "repair"]
Held = Literal["yellow", "red", "repair"]
COLOURS: Final[tuple[Colour, ...]] = get_args(Colour)
_LONGEST_GAP: Final = 366


def colour_of(colour: Colour, day: date | None, held: Held | None, today: date) -> Colour:
    """The colour as of `today`: the same as `lachan_colour` says in the database."""
    if held in ("red", "repair"):
        return held
    if day != today:
        return "yellow" if held == "yellow" else "grey"
    return "yellow" if held == "yellow" and colour == "green" else colour


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the day, as far as colours go by it."""

    moment: str
    answers: Mapping[str, int]
    late: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """A day's answers and what they come to; `late`: a commit came after its time."""

    answers: Mapping[str, int]
    reported: frozenset[str]
    late: bool
    verdict: Verdict


def day_of(
    criteria: CriteriaSet, commits: Sequence[Commit], *, ended: bool = False
) -> DaySoFar | None:
    """What the commits of a day say together, the later one over the earlier; None without any.

    Once the day has `ended`, what was not reported is not met.
    """
    if not commits:
        return None
    answers: dict[str, int] = {}
    reported: set[str] = set()
    for one in commits:
        answers |= one.answers
        reported |= set(criteria.moments) if one.moment == "day" else {one.moment}
    known = {item.code for item in criteria.items}
    answers = {code: points for code, points in answers.items() if code in known}
    return DaySoFar(
        answers,
        frozenset(reported),
        any(one.late for one in commits),
        judge(criteria, answers, reported=None if ended else reported),
    )


def below_since(
    criteria: CriteriaSet,
    verdict: Verdict,
    before: datetime | None,
    at: datetime,
    *,
    reported: Collection[str],
) -> datetime | None:
    """Since when a place is in a class that it has to leave within the set's hours.

    What is not reported yet counts as met, so a day reported in part begins the hours but does not
    end them: each morning's list would give a place that fails its noon list new ones.
    """
    if criteria.repair_hours is None:
        return None
    if verdict.outcome.repair:
        return before or at
    return None if set(criteria.moments) <= set(reported) else before


def is_overdue(criteria: CriteriaSet, since: datetime | None, at: datetime) -> bool:
    """Whether the hours to reach the better class are over."""
    return (
        since is not None
        and criteria.repair_hours is not None
        and at >= since + timedelta(hours=criteria.repair_hours)
    )


def reasons_of(
    verdict: Verdict | None, held: Held | None, *, due: str | None, until: str | None, overdue: bool
) -> tuple[Reason, ...]:
    """Why a place has its colour, what decides it first.

    `due` is the deadline of what was ordered, `until` of reaching the better class, as ISO times.
    """
    found: list[Reason] = []
    if held == "red":
        found.append(Reason("inspection-unsafe", {"due": due or ""}))
    elif held == "repair":
        found.append(Reason("under-repair", {"due": due or ""}))
    elif held == "yellow":
        found.append(Reason("feedback-confirmed"))
    if overdue:
        found.append(Reason("repair-overdue", {"until": until or ""}))
    elif until:
        found.append(Reason("repair-until", {"until": until}))
    found += verdict.reasons if verdict else (Reason("not-reported"),)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a day of a place ended, or stands so far.

    A place that is held has a colour also on a day on which it has not `reported`; `late` is of a
    report that came late or was never whole.
    """

    day: date
    colour: Colour
    reported: bool
    late: bool


def next_streak(
    last: date | None, streak: int, today: date, is_open: Callable[[date], bool]
) -> int:
    """Days on end that were reported, today among them; a day of rest is no gap."""
    if last == today:
        return max(streak, 1)
    if last is None or not 0 < (today - last).days <= _LONGEST_GAP:
        return 1
    between = (last + timedelta(days=ahead) for ahead in range(1, (today - last).days))
    return 1 if any(is_open(day) for day in between) else streak + 1
