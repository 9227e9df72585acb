"""Lists ticked so that the engine gives a colour that is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from lachan.safety.criteria.domain import CriteriaSet, Verdict, judge

_TRIES: Final = 240
_VARIANTS: Final = 5
_NEARLY: Final[Mapping[str, tuple[str, ...]]] = {
    "green": ("green", "yellow", "red"),
    "yellow": ("yellow", "green", "red"),
    "red": ("red", "yellow", "green"),
}


@dataclass(frozen=True, slots=True)
class Ticked:
    """Answers to the moments that were reported, and what the engine says of them."""

    answers: Mapping[str, int]
    moments: tuple[str, ...]
    verdict: Verdict


class Ticking:
    """Ticks the lists of one set; a few lists of each colour are made once and used again."""

    def __init__(self, criteria: CriteriaSet, seed: int) -> None:
        self.criteria = criteria
        self._random = Random(f"{seed} {criteria.code}")
        self._known: dict[tuple[str, ...], dict[str, list[Ticked]]] = {}

    def moments_at(self, moment: datetime, zone: ZoneInfo) -> tuple[str, ...]:
        """The moments of the day that are over by now; the first is always reported."""
        clock = moment.astimezone(zone).time()
        over = [
            one
            for one in self.criteria.moments
            if one in self.criteria.rules.due
            and time.fromisoformat(self.criteria.rules.due[one]) <= clock
        ]
        return tuple(over) or self.criteria.moments[:1]

    def tick(self, random: Random, wanted: str, moments: tuple[str, ...] | None) -> Ticked:
        """A list of that colour, or of the nearest that the set can give; None: the whole day."""
        reported = moments or self.criteria.moments
        if reported not in self._known:
            self._known[reported] = self._make(reported)
        known = self._known[reported]
        return random.choice(next(known[one] for one in _NEARLY[wanted] if known[one]))

    def _make(self, moments: tuple[str, ...]) -> dict[str, list[Ticked]]:
        found: dict[str, list[Ticked]] = {"green": [], "yellow": [], "red": []}
        items = [item for item in self.criteria.items if item.moment in moments]
        for attempt in range(_TRIES):
            # The first is met throughout; then more and more is missed.
            share = attempt / _TRIES
            answers = {
                item.code: item.points
                if self._random.random() >= share * share
                else (item.points // 2 if item.graded else 0)
                for item in items
            }
            verdict = judge(self.criteria, answers, reported=moments)
            if len(found[verdict.colour]) < _VARIANTS:
                found[verdict.colour].append(Ticked(answers, moments, verdict))
        return found
