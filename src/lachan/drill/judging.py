"""What the colour of a facility has to be: the published rules anew, by no code of the system.

An item is met by all its points; a graded one counts as fair from one point on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_HANOI_NAMED: Final = ("4", "5", "8", "11", "12")


@dataclass(frozen=True, slots=True)
class Criterion:
    """An item as the system hands it to whoever runs a place."""

    code: str
    moment: str
    points: int
    graded: bool
    compulsory: bool
    photo: bool


Answers = Mapping[str, int]
Rule = Callable[[Sequence[Criterion], Answers], str]


def _count(items: Sequence[Criterion], answers: Answers) -> int:
    return sum(
        answers[item.code] > 0 if item.graded else answers[item.code] == item.points
        for item in items
    )


def _counted(items: Sequence[Criterion], answers: Answers, *, green: int, yellow: int) -> str:
    met = _count(items, answers)
    return "green" if met >= green else "yellow" if met >= yellow else "red"


def _hospitals(items: Sequence[Criterion], answers: Answers) -> str:
    """Safe with 75 % of the points and none at 0, low from 50 %."""
    score, most = sum(answers.values()), sum(item.points for item in items)
    if min(answers.values()) == 0 or 2 * score < most:
        return "red"
    return "green" if 4 * score >= 3 * most else "yellow"


def _ministry(items: Sequence[Criterion], answers: Answers) -> str:
    """7 or fewer met is unsafe."""
    return _counted(items, answers, green=13, yellow=8)


def _hanoi(items: Sequence[Criterion], answers: Answers) -> str:
    """12 with five of them good, 8 with those at least fair."""
    met = _count(items, answers)
    full = {item.code for item in items if answers[item.code] == item.points}
    if met >= 12 and full.issuperset(_HANOI_NAMED):  # noqa: PLR2004 - of the rule
        return "green"
    fair = all(answers[code] > 0 for code in _HANOI_NAMED)
    return "yellow" if met >= 8 and fair else "red"  # noqa: PLR2004 - of the rule


def _hcmc(items: Sequence[Criterion], answers: Answers) -> str:
    """8 to 10 met, 6 to 7, fewer."""
    return _counted(items, answers, green=8, yellow=6)


def _general(items: Sequence[Criterion], answers: Answers) -> str:
    """8 met and every compulsory one, 6 met."""
    wanting = any(item.compulsory and answers[item.code] < item.points for item in items)
    colour = _counted(items, answers, green=8, yellow=6)
    return "yellow" if colour == "green" and wanting else colour


_RULES: Final[Mapping[str, Rule]] = {
    "hospitals": _hospitals,
    "schools-ministry": _ministry,
    "schools-hanoi": _hanoi,
    "schools-hcmc": _hcmc,
    "general": _general,
}


def colour_of(set_code: str, items: Sequence[Criterion], answers: Answers) -> str:
    """The colour of a day on which `answers` were given to all `items`.

    Of a set that an authority has made itself only the ends are known: everything met is green,
    nothing met is red. Raises KeyError in between.
    """
    if set_code in _RULES:
        return _RULES[set_code](items, answers)
    if all(answers[item.code] == item.points for item in items):
        return "green"
    if not any(answers.values()):
        return "red"
    raise KeyError(set_code)


def is_known(set_code: str) -> bool:
    """Whether the rule of a set is written down here."""
    return set_code in _RULES
