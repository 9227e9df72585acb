"""The criteria engine: what a set of criteria says of a day's answers. Pure; knows no place.

An answer is a number of points, from 0 to the item's own. An item is *met* by full points; a graded
item also knows *fair*, anything above 0. Classes are tried in order and the first that fits is the
outcome, so that every published rule is a list of classes and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, get_args

Moment = Literal["before", "during", "after"]
Evidence = Literal["none", "photo_optional", "photo"]
Measure = Literal["share", "count"]
Judged = Literal["green", "yellow", "red"]
Text = Mapping[str, str]
"""A sentence by language; Vietnamese is always there."""
Answers = Mapping[str, int]

MOMENTS: Final[tuple[Moment, ...]] = get_args(Moment)
EVIDENCE: Final[tuple[Evidence, ...]] = get_args(Evidence)
COLOURS: Final[tuple[Judged, ...]] = get_args(Judged)
MOST_NAMED: Final = 5
"""No more items are named in an explanation; the rest are on the check itself."""


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion. Not graded: answered by 0 or all of `points`."""

    code: str
    position: int
    chapter: Text
    moment: Moment
    wording: Text
    points: int = 1
    graded: bool = False
    compulsory: bool = False
    evidence: Evidence = "none"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A class that a place may fall into, and what it takes.

    `at_least` is a share of all points or a number of items, as the set measures; `all_met` names
    items that need full points, `all_at_least` the points that items need; `compulsory` asks full
    points of every compulsory item. `repair`: to be left within the set's `repair_hours`.
    """

    code: str
    colour: Judged
    title: Text
    why: Text = field(default_factory=dict)
    at_least: Fraction | None = None
    no_zero: bool = False
    compulsory: bool = False
    all_met: tuple[str, ...] = ()
    all_at_least: Mapping[str, int] = field(default_factory=dict)
    repair: bool = False

    @property
    def is_open(self) -> bool:
        """Whether everything falls in here that fell nowhere before."""
        return self.at_least is None and not (
            self.no_zero or self.compulsory or self.all_met or self.all_at_least
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """How answers become an outcome.

    `may_open` names the outcomes with which a place may receive people; `due` the local time
    ("HH:MM") by which each moment is to be reported.
    """

    measure: Measure
    classes: tuple[Outcome, ...]
    may_open: tuple[str, ...]
    due: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """One version of a set. `id` is 0 while it is not stored."""

    id: int
    code: str
    version: str
    title: Text
    kinds: tuple[str, ...]
    area: str
    items: tuple[Item, ...]
    rules: Rules
    repair_hours: int | None
    source: str
    verified: bool
    valid_from: date

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments of the day that this set asks about, in order."""
        asked = {item.moment for item in self.items}
        return tuple(moment for moment in MOMENTS if moment in asked)

    def items_of(self, moment: str) -> tuple[Item, ...]:
        """The items of a moment; of `day`, all."""
        return tuple(item for item in self.items if moment in ("day", item.moment))

    def outcome(self, code: str) -> Outcome | None:
        """The class named `code`."""
        return next((one for one in self.rules.classes if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is: the Fluent message `safety-reason-<code>`, and what it says."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a set says of answers.

    `score` of `maximum`, in points or in items met as the set measures; `met` of `of` items.
    `reasons`: the first decides. `may_open`: whether the place may receive people with this.
    """

    outcome: Outcome
    colour: Judged
    score: int
    maximum: int
    met: int
    of: int
    reasons: tuple[Reason, ...]
    may_open: bool


def judge(
    criteria: CriteriaSet, answers: Answers, *, reported: Collection[str] | None = None
) -> Verdict:
    """What `criteria` say of `answers`; an item without an answer has 0 points.

    `reported` names the moments that were reported so far (None: the day is over). Items of the
    others count as met until their time comes, so a school that did its morning list well is not
    red at eight o'clock for the evening; score and maximum are of what was reported alone.
    """
    known = [one for one in criteria.items if reported is None or one.moment in reported]
    waiting = [one for one in criteria.items if one not in known]
    points = {one.code: answers.get(one.code, 0) for one in known}
    assumed = points | {one.code: one.points for one in waiting}
    outcome, missed = _fall(criteria, assumed)
    score, maximum = _measure(criteria.rules.measure, known, points)
    met = sum(points[one.code] == one.points for one in known)
    reasons = missed or [
        Reason("criteria-met", {"score": score, "maximum": maximum}),
    ]
    may_open = outcome.code in criteria.rules.may_open
    if not may_open:
        reasons.append(Reason("may-not-open"))
    if waiting and known:
        reasons.append(Reason("so-far", {"done": len(known), "of": len(criteria.items)}))
    return Verdict(
        outcome, outcome.colour, score, maximum, met, len(known), tuple(reasons), may_open
    )


def _measure(measure: Measure, items: Collection[Item], points: Answers) -> tuple[int, int]:
    """Score and the most there is of it."""
    if measure == "share":
        return sum(points[one.code] for one in items), sum(one.points for one in items)
    return sum(counts(one, points[one.code]) for one in items), len(items)


def counts(item: Item, points: int) -> bool:
    """Whether an item counts where items are counted: met, or for a graded one at least fair."""
    return points > 0 if item.graded else points == item.points


def _fall(criteria: CriteriaSet, points: Answers) -> tuple[Outcome, list[Reason]]:
    """The first class that fits, and what kept the answers out of the one before it."""
    missed: list[Reason] = []
    for one in criteria.rules.classes:
        failing = _failing(criteria, one, points)
        if not failing:
            return one, missed
        missed = failing
    # `check_set` refuses a set whose last class asks for anything.
    return criteria.rules.classes[-1], missed


def _failing(criteria: CriteriaSet, wanted: Outcome, points: Answers) -> list[Reason]:
    """What keeps answers out of a class, the total first."""
    found: list[Reason] = []
    score, maximum = _measure(criteria.rules.measure, criteria.items, points)
    if wanted.at_least is not None:
        needed = least_score(criteria.rules.measure, wanted.at_least, maximum)
        if score < needed:
            found.append(Reason(f"below-{criteria.rules.measure}", {"score": score,
                                "needed": needed, "maximum": maximum}))  # fmt: skip
    named: dict[str, str] = {}
    for item in criteria.items:
        have = points[item.code]
        if wanted.compulsory and item.compulsory and have < item.points:
            named[item.code] = "compulsory-not-met"
        elif wanted.no_zero and have == 0:
            named[item.code] = "item-zero"
        elif item.code in wanted.all_met and have < item.points:
            named[item.code] = "item-not-met"
        elif have < wanted.all_at_least.get(item.code, 0):
            named[item.code] = "item-too-low"
    found += [Reason(why, {"item": code}) for code, why in list(named.items())[:MOST_NAMED]]
    if len(named) > MOST_NAMED:
        found.append(Reason("items-more", {"count": len(named) - MOST_NAMED}))
    return found


def least_score(measure: Measure, at_least: Fraction, maximum: int) -> int:
    """The smallest whole score that reaches a threshold, exactly: no binary fractions."""
    wanted = at_least * maximum if measure == "share" else at_least
    return -(-wanted.numerator // wanted.denominator)


def exact(number: float | str) -> Fraction:
    """A threshold as it is written: 0.75 is three quarters and not what a float makes of it."""
    return Fraction(Decimal(str(number)))


@dataclass(frozen=True, slots=True)
class WrongAnswers:
    """What is wrong with answers to a moment: codes not in it, not answered, not possible."""

    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unknown or self.missing or self.impossible)


def look_at_answers(criteria: CriteriaSet, moment: str, answers: Answers) -> WrongAnswers:
    """What is wrong with `answers` to the items of `moment` (`day`: all)."""
    asked = {item.code: item for item in criteria.items_of(moment)}
    return WrongAnswers(
        unknown=tuple(code for code in answers if code not in asked),
        missing=tuple(code for code in asked if code not in answers),
        impossible=tuple(
            code
            for code, item in asked.items()
            if code in answers and not is_possible(item, answers[code])
        ),
    )


def is_possible(item: Item, points: int) -> bool:
    """Whether an item can be answered by so many points."""
    return 0 <= points <= item.points if item.graded else points in (0, item.points)
