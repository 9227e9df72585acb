"""Lists on paper in a drill: what only a sheet at the door knows, brought as files afterwards."""

import asyncio
import csv
import io
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lachan.drill.client import Client, DrillError, spread
from lachan.drill.plan import Leaving, Stay

_SECONDS = 120.0
_HEADING = ("Số thẻ", "Giờ vào", "Giờ ra", "Phòng")


@dataclass(frozen=True, slots=True)
class Line:
    """A stay that somebody with this card wrote down."""

    card: str
    stay: Stay
    room: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who runs a place, and the place's id."""

    token: str
    place_id: int


class Lists:
    """Brings the lists of all places, as those who run them do."""

    def __init__(self, client: Client, zone: ZoneInfo) -> None:
        self._client = client
        self._zone = zone

    async def bring(
        self, lines: Sequence[tuple[int, Line]], keeper_of: Callable[[int], Keeper], at_once: int
    ) -> int:
        """Send a file a place, twice as people do, and confirm; how many lines were taken."""
        by_place: dict[int, list[Line]] = defaultdict(list)
        for place, line in lines:
            by_place[place].append(line)
        taken = 0

        async def bring(place: int) -> None:
            nonlocal taken
            lines_taken = await self._one(keeper_of(place), self._file(by_place[place]))
            taken += lines_taken

        await spread(list(by_place), bring, at_once)
        return taken

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%d/%m/%Y %H:%M:%S}"

    def _file(self, lines: Sequence[Line]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(_HEADING)
        for line in sorted(lines, key=lambda one: one.stay.start):
            left = line.stay.leaving is Leaving.SCANNED
            writer.writerow(
                (
                    line.card,
                    self._moment(line.stay.start),
                    self._moment(line.stay.end) if left else "",
                    line.room,
                )
            )
        return b"\xef\xbb\xbf" + out.getvalue().encode()

    async def _one(self, keeper: Keeper, file: bytes) -> int:
        path = f"/paper-files/{keeper.place_id}"
        headers = {"content-type": "text/csv; charset=utf-8"}
        lists = set()
        for _ in range(2):
            answer = await self._client.send(
                "POST", path, keeper.token, content=file, headers=headers
            )
            if answer.is_error:
                raise DrillError(f"a paper list was not taken: HTTP {answer.status_code}")
            lists.add(answer.json()["id"])
        (list_id,) = lists  # the same file is the same list
        place = f"/places/{keeper.place_id}/paper-lists/{list_id}"
        await self._wait(place, keeper.token, {"checked"})
        await self._client.call("POST", f"{place}/confirm", keeper.token)
        done = await self._wait(place, keeper.token, {"done"})
        return int(done.get("accepted", 0))

    async def _wait(self, path: str, token: str, states: set[str]) -> dict[str, int]:
        ends = time.monotonic() + _SECONDS
        while time.monotonic() < ends:
            found = await self._client.call("GET", path, token)
            if found["state"] in states:
                rows: dict[str, int] = found["rows"]
                return rows
            if found["state"] in {"mapping", "failed"}:
                raise DrillError(f"a paper list came to {found['state']}")
            await asyncio.sleep(0.2)
        raise DrillError("a paper list was not read in time")
