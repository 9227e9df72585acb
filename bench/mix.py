"""A load generator with a timetable: phones, doors on line, doors back from being off line.

Each request has its moment, whether or not those before it were answered, and its latency counts
from that moment: a server that stalls is not spared the requests that it kept from being sent.
The first seconds are a lead: requests as any others, whose latencies are not told. A city that
scans all day has each of its places and doors remembered; one that was made a moment ago has none.
It runs in a process of its own; JSON comes in on standard input and goes out on standard output.
"""

import asyncio
import base64
import json
import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import uvloop

from lachan.identity.credentials.domain import CARD, phone_code, step_of

CONNECTIONS = 96


@dataclass(frozen=True, slots=True)
class Request:
    """`at` seconds after the beginning; `scans` scans by the way `kind`."""

    at: float
    kind: str
    scans: int
    payload: bytes


def _payload(path: str, token: str, body: object) -> bytes:
    raw = json.dumps(body).encode()
    head = (
        f"POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


class Timetable:
    """Makes the requests of a run, in order of time; nobody scans twice in it."""

    def __init__(self, order: dict[str, list[str]], starts_at: datetime) -> None:
        self._dice = random.Random(7)
        self._starts_at = starts_at
        self._tokens = iter(order["tokens"])
        self._cards = iter(order["cards"])
        self._phones = iter(order["phones"])
        self._codes = order["codes"]
        self._doors = order["doors"]

    def _shown(self, moment: datetime) -> str:
        """A card or a phone code, turn about."""
        if self._dice.random() < 0.5:
            return f"{CARD}{next(self._cards)}"
        handle, key = (base64.b64decode(part) for part in next(self._phones).split(" "))
        return phone_code(key, handle, step_of(moment))

    def _phone(self, at: float) -> Request:
        body = {"scan_id": str(uuid4()), "code": self._dice.choice(self._codes)}
        return Request(at, "phone", 1, _payload("/visits", next(self._tokens), body))

    def _door(self, at: float, kind: str, scans: int) -> Request:
        sent_at = self._starts_at + timedelta(seconds=at)
        rows = []
        for number in range(scans):
            moment = sent_at - timedelta(seconds=10 * (scans - 1 - number))
            rows.append(
                {
                    "scan_id": str(uuid4()),
                    "shown": self._shown(moment),
                    "direction": "in",
                    "at": moment.isoformat(),
                }
            )
        body = {"sent_at": sent_at.isoformat(), "scans": rows}
        return Request(
            at, kind, scans, _payload("/device/scans", self._dice.choice(self._doors), body)
        )

    def make(self, rates: dict[str, float], batch: int, seconds: float) -> list[Request]:
        """Requests at random moments, of each kind so many scans a second on the average."""
        made = []
        for kind, rate in rates.items():
            scans = batch if kind == "kept" else 1
            for _ in range(round(rate * seconds / scans)):
                at = self._dice.uniform(0, seconds)
                made.append(self._phone(at) if kind == "phone" else self._door(at, kind, scans))
        return sorted(made, key=lambda one: one.at)


@dataclass(slots=True)
class Result:
    """Seconds from the moment of each request to its answer, by kind, and what was not taken."""

    latencies: dict[str, list[float]]
    acknowledged: int
    refused: int
    finished_at: float = 0.0


async def _connection(
    order: dict[str, Any], requests: list[Request], turn: "count[int]", begun: float, result: Result
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order["port"])
    for index in turn:
        if index >= len(requests):
            break
        request = requests[index]
        wait = begun + request.at - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        writer.write(request.payload)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if request.at >= order["lead"]:
            result.latencies[request.kind].append(time.monotonic() - begun - request.at)
        taken = 0
        if head[9:12] == b"201":
            taken = 1
        elif head[9:12] == b"200":
            taken = body.count(b'"accepted"')
        result.acknowledged += taken
        result.refused += request.scans - taken
    result.finished_at = time.monotonic()
    writer.close()


async def _main() -> None:
    order = json.loads(sys.stdin.readline())
    # Time enough to make the requests before the first has to leave.
    starts_at = datetime.now(UTC) + timedelta(seconds=order["prepare"])
    requests = Timetable(order, starts_at).make(order["rates"], order["batch"], order["seconds"])
    left = (starts_at - datetime.now(UTC)).total_seconds()
    if left < 0:
        raise SystemExit(f"making the requests took {-left:.1f} s too long")
    print("ready", flush=True)
    await asyncio.sleep(left)
    begun, cpu = time.monotonic(), time.process_time()
    result = Result({kind: [] for kind in order["rates"]}, 0, 0)
    turn = count()
    await asyncio.gather(
        *(_connection(order, requests, turn, begun, result) for _ in range(CONNECTIONS))
    )
    json.dump(
        {
            "seconds": result.finished_at - begun,
            "cpu": time.process_time() - cpu,
            "latencies": result.latencies,
            "acknowledged": result.acknowledged,
            "refused": result.refused,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    uvloop.run(_main())
