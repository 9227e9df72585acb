"""The doors of a drill: devices at places that scan people, on line and after an hour without."""

import base64
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lachan.drill.client import Client, spread
from lachan.drill.plan import Scan, Spot, Way
from lachan.identity.credentials.domain import CARD, phone_code, step_of

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Shower:
    """What somebody has to show: a phone that signs codes, and perhaps a card."""

    handle: bytes
    key: bytes
    card: str | None

    def shows(self, scan: Scan) -> str:
        """What the door reads at the moment of `scan`."""
        by_card = scan.way is Way.CARD or (scan.way is Way.OFFLINE and self.card is not None)
        if by_card:
            return f"{CARD}{self.card}"
        return phone_code(self.key, self.handle, step_of(scan.at))


class Doors:
    """A device at each place and room; speaks as the device does."""

    def __init__(self, client: Client, drill_token: str) -> None:
        self._client = client
        # Doors are not people of the drill, but their requests come from the same address.
        self._headers = {"x-lachan-drill": drill_token}
        self._keys: dict[Spot, str] = {}
        self._showers: dict[int, Shower] = {}

    async def install(self, keeper: str, place_id: int, rooms: Mapping[Spot, int | None]) -> None:
        """Register a device for each spot of a place, in the name of who runs it."""
        for spot, room_id in rooms.items():
            made = await self._client.call(
                "POST",
                f"/places/{place_id}/devices",
                keeper,
                json={"kind": "kiosk", "label": "Cửa diễn tập", "room_id": room_id},
            )
            self._keys[spot] = made["key"]

    async def equip(self, person: int, token: str, card: str | None) -> None:
        """Let a person's phone have its key, and take the card."""
        made = await self._client.call("POST", "/me/phone-codes", token)
        if card is not None:
            await self._client.call("POST", "/me/cards", token, json={"number": card})
        self._showers[person] = Shower(
            base64.b64decode(made["handle"]), base64.b64decode(made["key"]), card
        )

    async def send(self, spot: Spot, scans: Sequence[tuple[int, Scan]]) -> list[str]:
        """Report scans of people at one door; an answer each, empty for one that was not taken."""
        answer = await self._client.send(
            "POST",
            "/device/scans",
            self._keys[spot],
            json={
                "sent_at": datetime.now(UTC).isoformat(),
                "scans": [
                    {
                        "scan_id": str(scan.scan_id),
                        "shown": self._showers[person].shows(scan),
                        "direction": scan.direction,
                        "at": scan.at.isoformat(),
                    }
                    for person, scan in scans
                ],
            },
            headers=self._headers,
        )
        if answer.is_error:
            return [""] * len(scans)
        return [
            f"{result['outcome']}" if result["status"] == "accepted" else ""
            for result in answer.json()["results"]
        ]

    async def send_kept(self, kept: Sequence[tuple[int, Scan]], concurrency: int) -> int:
        """Send what doors kept off line, each door in order of time; how many were taken.

        Some batches are sent again, as by a tablet that did not hear the answer.
        """
        by_door: dict[Spot, list[tuple[int, Scan]]] = defaultdict(list)
        for person, scan in sorted(kept, key=lambda one: one[1].at):
            by_door[scan.spot].append((person, scan))
        taken = 0

        async def empty(spot: Spot) -> None:
            nonlocal taken
            waiting = by_door[spot]
            for begin in range(0, len(waiting), _BATCH):
                part = waiting[begin : begin + _BATCH]
                answers = await self.send(spot, part)
                if any(scan.times > 1 for _, scan in part):
                    again = await self.send(spot, part)
                    answers = [
                        one if one == other else ""
                        for one, other in zip(answers, again, strict=True)
                    ]
                taken += sum(1 for one in answers if one)

        await spread(list(by_door), empty, concurrency)
        return taken
