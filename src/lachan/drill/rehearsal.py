"""A drill from beginning to end, through the public interface only, against the known truth."""

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lachan.drill.client import Client, DrillError, parsed, spread
from lachan.drill.delivery import Case, Delivery, Tell
from lachan.drill.doors import Doors
from lachan.drill.facilities import Facilities
from lachan.drill.figures import Figures, percentile
from lachan.drill.lists import Keeper, Line, Lists
from lachan.drill.oracle import Numbers, Visit, contacts, infectious_window
from lachan.drill.plan import Plan, Scan, Spot, Way, make_plan

_LEVELS = 2
_REMOVAL_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who holds the drill asked for; `days` at most the offline window."""

    people: int
    places: int
    days: int
    seed: int
    cases: int
    disease: str
    concurrency: int
    area: str | None
    label: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic person as the system named them."""

    id: int
    token: str
    household: int | None
    area: str
    card: str | None


class Rehearsal:
    """One drill. `run` may be cancelled at any moment: what was made is removed all the same."""

    def __init__(self, client: Client, wishes: Wishes, tell: Tell) -> None:
        self._client = client
        self._wishes = wishes
        self._tell = tell
        self._officer = ""
        self._drill_id: int | None = None
        self._people: list[Person] = []
        self._codes: dict[Spot, str] = {}
        self._doors = Doors(client, "")
        self._keepers: dict[int, Keeper] = {}
        self.figures = Figures(wishes.people, wishes.places, wishes.days, wishes.seed)

    async def run(self, officer_token: str) -> Figures:
        """Hold the drill. Raises `DrillError` when the system refuses something it needs."""
        self._officer = officer_token
        try:
            await self._start()
            plan = make_plan(
                people=self._wishes.people,
                places=self._wishes.places,
                days=self._wishes.days,
                seed=self._wishes.seed,
                # A clock that runs a little ahead of the server's must not make a future.
                now=datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2),
                zone=self._wishes.zone,
            )
            self.figures.visits = sum(len(truth.stays) for truth in plan.people)
            self._doors = Doors(self._client, self._people[0].token)
            await self._register_places(plan)
            await self._equip(plan)
            await self._scan(plan)
            await self._check_diaries(plan)
            self.figures.safety = await Facilities(self._client, self._wishes.seed, self._tell).run(
                self._keepers, self._wishes.concurrency
            )
            cases = await self._confirm_cases(plan)
            for case in cases:
                await self._trace(case)
            tokens = {person.id: person.token for person in self._people}
            await Delivery(
                self._client, self._officer, tokens, self.figures.warnings, self._tell
            ).run(cases, self._wishes.concurrency)
        finally:
            await self._remove()
        return self.figures

    async def _start(self) -> None:
        wishes = self._wishes
        body: dict[str, object] = {"label": wishes.label, "people": wishes.people}
        if wishes.area is not None:
            body["area"] = wishes.area
        self._tell("Making people", 0, wishes.people)
        made = await self._client.call("POST", "/drills", self._officer, json=body)
        self._drill_id = made["id"]
        self._people = [
            Person(one["person_id"], one["token"], one["household"], one["area"], one["card"])
            for one in made["people"]
        ]
        self._tell("Making people", wishes.people, wishes.people)

    async def _register_places(self, plan: Plan) -> None:
        done = 0

        async def register(index: int) -> None:
            nonlocal done
            place = plan.places[index]
            keeper = self._people[index % len(self._people)]
            made = await self._client.call(
                "POST",
                "/places",
                keeper.token,
                json={
                    "name": place.name,
                    "kind": place.kind,
                    "area": keeper.area,
                    "ventilation": place.ventilation,
                    "usual_stay_minutes": place.usual_stay // timedelta(minutes=1),
                    "rooms": [
                        {"name": room.name, "ventilation": room.ventilation} for room in place.rooms
                    ],
                },
            )
            self._codes[index, None] = made["code"]
            by_name = {room["name"]: room["code"] for room in made["rooms"]}
            ids = {room["name"]: room["id"] for room in made["rooms"]}
            spots: dict[Spot, int | None] = {(index, None): None}
            for number, room in enumerate(place.rooms):
                self._codes[index, number] = by_name[room.name]
                spots[index, number] = ids[room.name]
            self._keepers[index] = Keeper(keeper.token, made["id"])
            await self._doors.install(keeper.token, made["id"], spots)
            done += 1
            self._tell("Registering places", done, len(plan.places))

        await spread(range(len(plan.places)), register, self._wishes.concurrency)

    async def _equip(self, plan: Plan) -> None:
        """Give everybody a phone that signs codes, and some a card."""
        done = 0

        async def equip(index: int) -> None:
            nonlocal done
            person = self._people[index]
            card = person.card if plan.people[index].has_card else None
            await self._doors.equip(index, person.token, card)
            done += 1
            self._tell("Handing out codes and cards", done, len(self._people))

        await spread(range(len(self._people)), equip, self._wishes.concurrency)

    async def _scan(self, plan: Plan) -> None:
        figures = self.figures.scans
        figures.sent = plan.scan_count
        taken_ms: list[float] = []
        retried = self._client.retried
        begun, cpu = time.perf_counter(), time.process_time()

        async def post(index: int, scan: Scan) -> str:
            person = self._people[index]
            if scan.way is not Way.APP:
                sent_at = time.perf_counter()
                (answered,) = await self._doors.send(scan.spot, [(index, scan)])
                taken_ms.append(1000 * (time.perf_counter() - sent_at))
                return answered
            body = {
                "scan_id": str(scan.scan_id),
                "code": self._codes[scan.spot],
                "direction": scan.direction,
                "at": scan.at.isoformat(),
            }
            sent_at = time.perf_counter()
            answer = await self._client.send("POST", "/visits", person.token, json=body)
            taken_ms.append(1000 * (time.perf_counter() - sent_at))
            return answer.text if answer.is_success else ""

        async def walk(index: int) -> None:
            for scan in plan.people[index].scans:
                if scan.times == 1:
                    answers = [await post(index, scan)]
                elif scan.at_once:
                    answers = await asyncio.gather(*(post(index, scan) for _ in range(scan.times)))
                else:
                    answers = [await post(index, scan) for _ in range(scan.times)]
                # The same scan must get the same answer, however often it is sent.
                figures.acknowledged += answers[0] != "" and len(set(answers)) == 1
            self._tell("Scanning", len(taken_ms), figures.sent)

        await spread(range(len(self._people)), walk, self._wishes.concurrency)
        seconds = time.perf_counter() - begun
        figures.requests = len(taken_ms)
        figures.per_second = len(taken_ms) / seconds
        figures.client_cpu = (time.process_time() - cpu) / seconds
        figures.p50_ms = percentile(taken_ms, 0.50)
        figures.p99_ms = percentile(taken_ms, 0.99)
        figures.retried = self._client.retried - retried
        kept = [(index, scan) for index, truth in enumerate(plan.people) for scan in truth.kept]
        self._tell("Doors back on line", 0, len(kept))
        figures.acknowledged += await self._doors.send_kept(kept, self._wishes.concurrency)
        self._tell("Doors back on line", len(kept), len(kept))
        figures.acknowledged += await self._bring_lists(plan)

    async def _bring_lists(self, plan: Plan) -> int:
        lines = []
        for index, truth in enumerate(plan.people):
            for stay in truth.listed:
                place, number = stay.spot
                room = "" if number is None else plan.places[place].rooms[number].name
                lines.append((place, Line(self._people[index].card or "", stay, room)))
        self._tell("Bringing paper lists", 0, len(lines))
        taken = await Lists(self._client, self._wishes.zone).bring(
            lines, self._keepers.__getitem__, self._wishes.concurrency
        )
        self._tell("Bringing paper lists", taken, len(lines))
        return taken

    async def _check_diaries(self, plan: Plan) -> None:
        done = 0

        async def check(index: int) -> None:
            nonlocal done
            truth: Counter[tuple[object, ...]] = Counter()
            for stay in plan.people[index].stays:
                place = plan.places[stay.spot[0]]
                room = None if stay.spot[1] is None else place.rooms[stay.spot[1]].name
                truth[place.name, room, stay.start, stay.end] += 1
            stored: Counter[tuple[object, ...]] = Counter()
            token = self._people[index].token
            async for visit in self._client.pages("/me/visits", token, "visits"):
                key = (
                    visit["place"]["name"],
                    visit["room"],
                    parsed(visit["started_at"]),
                    parsed(visit["ends_at"]),
                )
                stored[key] += 1
            self.figures.scans.missing += (truth - stored).total()
            self.figures.scans.doubled += (stored - truth).total()
            done += 1
            self._tell("Reading diaries", done, len(self._people))

        await spread(range(len(self._people)), check, self._wishes.concurrency)

    async def _confirm_cases(self, plan: Plan) -> list[Case]:
        profile = await self._client.call("GET", f"/diseases/{self._wishes.disease}")
        numbers = self._numbers(plan, profile)
        visits = self._visits(plan)
        households = {
            person.id: person.household for person in self._people if person.household is not None
        }
        today = datetime.now(self._wishes.zone).date()
        # Late enough that, of a long drill, the first days fall before the case was infectious.
        onset = today - timedelta(days=max(0, self._wishes.days - 3))
        span = profile["infectious_days"]
        window = infectious_window(onset, span["first"], span["last"], self._wishes.zone)
        cases = []
        for index in self._chosen(plan, window):
            person = self._people[index]
            made = await self._client.call(
                "POST",
                "/cases",
                self._officer,
                json=_new_case(person, self._wishes.disease, onset),
            )
            expected = await asyncio.to_thread(
                contacts,
                visits,
                households,
                person.id,
                window,
                numbers,
                _LEVELS,
                datetime.now(UTC),
            )
            cases.append(Case(made["id"], person.id, expected))
            self._tell("Confirming cases", len(cases), self._wishes.cases)
        self.figures.cases = len(cases)
        return cases

    def _chosen(self, plan: Plan, window: tuple[datetime, datetime]) -> list[int]:
        """People who went about while infectious; whoever lives with one of them is left out."""
        dice = random.Random(self._wishes.seed + 1)  # noqa: S311 - a choice, not a secret
        active = [
            index
            for index, truth in enumerate(plan.people)
            if sum(window[0] <= stay.start < window[1] for stay in truth.stays) >= _LEVELS
        ]
        if not active:
            raise DrillError("nobody went out in this plan: take more people or days")
        return sorted(dice.sample(active, min(self._wishes.cases, len(active))))

    def _numbers(self, plan: Plan, profile: Any) -> Numbers:  # noqa: ANN401 - JSON of the API
        air = profile["lingering_minutes"]
        lingering: dict[tuple[int, int | None], int] = {}
        for index, place in enumerate(plan.places):
            lingering[index, None] = air[place.ventilation]
            for number, room in enumerate(place.rooms):
                lingering[index, number] = air[room.ventilation or place.ventilation]
        return Numbers(
            profile["same_room_minutes"],
            profile["same_place_minutes"],
            lingering,
            self._wishes.zone,
        )

    def _visits(self, plan: Plan) -> list[Visit]:
        return [
            Visit(self._people[index].id, stay.spot[0], stay.spot[1], stay.start, stay.end)
            for index, truth in enumerate(plan.people)
            for stay in truth.stays
        ]

    async def _trace(self, case: Case) -> None:
        begun = time.perf_counter()
        run = await self._client.call(
            "POST", f"/cases/{case.id}/traces", self._officer, json={"max_level": _LEVELS}
        )
        path = f"/cases/{case.id}/traces/{run['run_id']}"
        while run["state"] not in {"done", "failed"}:
            await asyncio.sleep(0.1)
            run = await self._client.call("GET", path, self._officer)
            self._tell("Tracing", run["progress"], 100)
        if run["state"] == "failed":
            raise DrillError("the system could not trace a case")
        self.figures.trace_seconds += time.perf_counter() - begun
        found: dict[int, int] = {}
        async for contact in self._client.pages(f"/cases/{case.id}/contacts", self._officer):
            found[contact["person_id"]] = contact["level"]
        for level in range(1, _LEVELS + 1):
            due = {person for person, at in case.expected.items() if at == level}
            got = {person for person, at in found.items() if at == level}
            figures = self.figures.contacts[f"F{level}"]
            figures.expected += len(due)
            figures.found += len(got)
            figures.right += len(due & got)

    async def _remove(self) -> None:
        if self._drill_id is None:
            return
        path = f"/drills/{self._drill_id}"
        state = await self._client.call("DELETE", path, self._officer)
        before = max(1, state["people"])
        ends = time.monotonic() + _REMOVAL_SECONDS
        while state["closed_at"] is None and time.monotonic() < ends:
            await asyncio.sleep(0.2)
            state = await self._client.call("GET", path, self._officer)
            self._tell("Removing everything", before - state["people"], before)
        self.figures.removed = state["closed_at"] is not None


def _new_case(person: Person, disease: str, onset: date) -> dict[str, object]:
    return {
        "person": {"person_id": person.id},
        "disease": disease,
        "classification": "confirmed",
        "onset_on": onset.isoformat(),
        "area": person.area,
    }


async def hold(
    url: str, login: str, password: str, totp_secret: str, wishes: Wishes, tell: Tell
) -> Figures:
    """Sign in, hold a drill, and leave nothing behind. Raises `DrillError`."""
    client = Client(url)
    try:
        officer = await client.sign_in(login, password, totp_secret)
        figures = await Rehearsal(client, wishes, tell).run(officer)
        with suppress(DrillError):
            await client.call("DELETE", "/officers/session", officer)
        return figures
    finally:
        await client.close()
