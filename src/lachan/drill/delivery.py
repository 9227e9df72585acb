"""Warning the contacts of a drill's cases, and watching them arrive: live, and in the inbox."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lachan.drill.client import Client, DrillError, spread
from lachan.drill.figures import Warnings

_LISTENERS = 40
_DELIVERY_SECONDS = 60.0
# A system that rehearses while it works may be slow to greet forty at once.
_GREETING_SECONDS = 90.0

Tell = Callable[[str, int, int], None]
"""Progress: what is being done, how much of it, of how much."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the drill and whom the oracle says it reached: level by person id."""

    id: int
    person: int
    expected: dict[int, int]


class Delivery:
    """Drafts and approves a warning for each case; `figures` is filled in on the way."""

    def __init__(
        self,
        client: Client,
        officer_token: str,
        tokens: Mapping[int, str],
        figures: Warnings,
        tell: Tell,
    ) -> None:
        self._client = client
        self._officer = officer_token
        self._tokens = tokens
        self._figures = figures
        self._tell = tell

    async def run(self, cases: Sequence[Case], concurrency: int) -> None:
        """Warn the contacts of every case, and see that each has what is due and nobody else."""
        due: Counter[int] = Counter(
            person for case in cases for person, level in case.expected.items() if level == 1
        )
        told = self._figures
        told.expected = due.total()
        arrived: dict[int, list[float]] = defaultdict(list)
        listeners = await self._listen(sorted(due)[:_LISTENERS], arrived)
        approved_at = 0.0
        try:
            for case in cases:
                if not any(level == 1 for level in case.expected.values()):
                    continue
                draft = await self._client.call(
                    "POST",
                    "/warnings",
                    self._officer,
                    json={"case_id": case.id, "levels": [1]},
                )
                approved_at = time.perf_counter()
                await self._client.call(
                    "POST",
                    f"/warnings/{draft['id']}/approve",
                    self._officer,
                    json={"recipients": draft["recipients"]},
                )
            last = await self._collect(due, arrived, approved_at, concurrency)
        finally:
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)
        told.live = sum(len(moments) for moments in arrived.values())
        told.seconds_to_last = max(0.0, last - approved_at) if told.expected else 0.0

    async def _listen(
        self, people: Sequence[int], arrived: dict[int, list[float]]
    ) -> list[asyncio.Task[None]]:
        """Open live channels; returns when the system has greeted every one of them."""
        greeted = {person: asyncio.Event() for person in people}

        async def listen(person: int) -> None:
            async for kind, _ in self._client.listen(self._tokens[person], greeted[person].set):
                if kind == "warning":
                    arrived[person].append(time.perf_counter())

        tasks = [asyncio.create_task(listen(person)) for person in people]
        try:
            async with asyncio.timeout(_GREETING_SECONDS):
                await asyncio.gather(*(event.wait() for event in greeted.values()))
        except TimeoutError:
            for task in tasks:
                task.cancel()
            raise DrillError("the live channel did not answer") from None
        return tasks

    async def _collect(
        self,
        due: Counter[int],
        arrived: dict[int, list[float]],
        approved_at: float,
        concurrency: int,
    ) -> float:
        """Look into inboxes until everybody due has what is due; returns when the last had it."""
        told = self._figures
        waiting = set(due)
        got: Counter[int] = Counter()
        last = approved_at

        async def look(person: int) -> None:
            nonlocal last
            inbox = await self._client.call("GET", "/me/warnings?limit=100", self._tokens[person])
            got[person] = len(inbox["items"])
            if person in waiting and got[person] >= due[person]:
                waiting.discard(person)
                live = arrived.get(person, [])
                seen = live[-1] if len(live) >= due[person] else time.perf_counter()
                last = max(last, seen)

        while waiting and time.perf_counter() < approved_at + _DELIVERY_SECONDS:
            await spread(sorted(waiting), look, concurrency)
            self._tell("Delivering warnings", len(due) - len(waiting), len(due))
        # Those to whom nothing is due must have got nothing.
        others = [person for person in self._tokens if person not in due]
        await spread(others, look, concurrency)
        told.delivered = sum(min(count, got[person]) for person, count in due.items())
        told.unexpected = sum(max(0, got[person] - due[person]) for person in got)
        return last
