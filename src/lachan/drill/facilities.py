"""The facilities of a drill: places that check themselves, and the colours that must come of it."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from lachan.drill.client import Client, DrillError, spread
from lachan.drill.figures import Safety
from lachan.drill.judging import Answers, Criterion, colour_of, is_known
from lachan.drill.lists import Keeper

_SILENT_SHARE: Final = 0.15
_WHOLE_DAY_SHARE: Final = 0.5
_TWICE_SHARE: Final = 0.3
_CORRECTED_SHARE: Final = 0.3
_CREATED: Final = 201
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a moment; sent `times` times."""

    commit_id: uuid.UUID
    moment: str
    answers: Answers
    times: int


@dataclass(frozen=True, slots=True)
class Day:
    """What a facility does today, in this order, and what must come of it.

    `last` are the answers that count for each moment, the later commit over the earlier.
    """

    commits: tuple[Commit, ...]
    last: Mapping[str, Answers] = field(default_factory=dict)
    colour: str = "grey"


def plan_day(set_code: str, items: tuple[Criterion, ...], dice: random.Random) -> Day:
    """A day with its truth: silent, good, middling or bad; sometimes corrected."""
    if dice.random() < _SILENT_SHARE:
        return Day(())
    answers = _answers(set_code, items, dice)
    moments = tuple(dict.fromkeys(item.moment for item in items))
    asked = ("day",) if dice.random() < _WHOLE_DAY_SHARE else moments
    commits: list[Commit] = []
    last: dict[str, Answers] = {}
    for moment in asked:
        codes = [item.code for item in items if moment in {"day", item.moment}]
        right = {code: answers[code] for code in codes}
        if dice.random() < _CORRECTED_SHARE:
            first = _answers(set_code, items, dice)
            commits.append(_commit(moment, {code: first[code] for code in codes}, dice))
        commits.append(_commit(moment, right, dice))
        last[moment] = right
    return Day(tuple(commits), last, colour_of(set_code, items, answers))


def _commit(moment: str, answers: Answers, dice: random.Random) -> Commit:
    commit_id = uuid.UUID(int=dice.getrandbits(128), version=4)
    return Commit(commit_id, moment, answers, 2 if dice.random() < _TWICE_SHARE else 1)


def _answers(set_code: str, items: tuple[Criterion, ...], dice: random.Random) -> dict[str, int]:
    """Answers to all items; a photo is nothing that a drill has, so its items are not met."""
    if not is_known(set_code) or any(item.photo for item in items):
        met = dice.random() < 0.5 and not any(item.photo for item in items)  # noqa: PLR2004 - half
        return {item.code: item.points if met else 0 for item in items}
    missing = dice.choice((0.0, 0.05, 0.15, 0.3, 0.5, 0.8))
    return {
        item.code: item.points
        if dice.random() >= missing
        else (dice.randint(0, item.points - 1) if item.graded else 0)
        for item in items
    }


class Facilities:
    """Lets the places of a drill check themselves, as their keepers' phones do."""

    def __init__(self, client: Client, seed: int, tell: Tell) -> None:
        self._client = client
        self._seed = seed
        self._tell = tell
        self.figures = Safety()

    async def run(self, keepers: Mapping[int, Keeper], concurrency: int) -> Safety:
        """Join, commit, and hold what is on record and in public against the truth.

        Raises `DrillError` when the system refuses something it needs.
        """
        done = 0
        expected: Counter[str] = Counter()
        found: Counter[str] = Counter()

        async def keep(index: int) -> None:
            nonlocal done
            keeper = keepers[index]
            dice = random.Random(f"{self._seed} {index}")  # noqa: S311 - a plan, not a secret
            day = await self._keep(keeper, dice)
            if day is not None:
                colour = await self._colour(keeper)
                expected[day.colour] += 1
                found[colour] += 1
                self.figures.places += 1
                self.figures.wrong += colour != day.colour
            done += 1
            self._tell("Checking facilities", done, len(keepers))

        await spread(sorted(keepers), keep, concurrency)
        self.figures.expected = dict(sorted(expected.items()))
        self.figures.found = dict(sorted(found.items()))
        return self.figures

    async def _keep(self, keeper: Keeper, dice: random.Random) -> Day | None:
        """Do a day's work at a place; None where no criteria are published for its kind."""
        joined = await self._client.send("POST", f"/places/{keeper.place_id}/safety", keeper.token)
        if joined.is_error:
            if joined.json().get("code") == "criteria-none":
                return None
            raise DrillError(f"joining the safety map: HTTP {joined.status_code}")
        today = await self._client.call("GET", f"/me/places/{keeper.place_id}/safety", keeper.token)
        day = plan_day(today["set"]["code"], _items(today), dice)
        for commit in day.commits:
            await self._send(keeper, commit, today["day"])
        if day.commits:
            await self._compare(keeper, day)
        return day

    async def _send(self, keeper: Keeper, commit: Commit, day: str) -> None:
        self.figures.sent += 1
        body = {
            "commit_id": str(commit.commit_id),
            "moment": commit.moment,
            "day": day,
            "made_at": datetime.now(UTC).isoformat(),
            "answers": dict(commit.answers),
        }

        async def post() -> int:
            answer = await self._client.send(
                "POST", f"/places/{keeper.place_id}/checks", keeper.token, json=body
            )
            return int(answer.json()["check_id"]) if answer.status_code == _CREATED else 0

        answers = await asyncio.gather(*(post() for _ in range(commit.times)))
        # The same commit must get the same answer, however often it is sent.
        self.figures.acknowledged += answers[0] != 0 and len(set(answers)) == 1

    async def _compare(self, keeper: Keeper, day: Day) -> None:
        """Count commits that are not on record as they were last made."""
        today = await self._client.call("GET", f"/me/places/{keeper.place_id}/safety", keeper.token)
        for moment, answers in day.last.items():
            kept = today["answered"].get(moment)
            self.figures.missing += kept is None or kept["answers"] != answers

    async def _colour(self, keeper: Keeper) -> str:
        """The colour as anybody sees it; the mark of the drill only lifts the limit by address."""
        answer = await self._client.send(
            "GET",
            f"/places/{keeper.place_id}/safety",
            headers={"x-lachan-drill": keeper.token},
        )
        if answer.is_error:
            raise DrillError(f"reading a colour: HTTP {answer.status_code}")
        return str(answer.json()["colour"])


def _items(today: Any) -> tuple[Criterion, ...]:  # noqa: ANN401 - JSON of the API
    return tuple(
        Criterion(
            item["code"],
            item["moment"],
            item["points"],
            item["graded"],
            item["compulsory"],
            item["evidence"] == "photo",
        )
        for item in today["items"]
    )
