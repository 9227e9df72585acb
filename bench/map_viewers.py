"""Open maps: thousands of streams, each noting when it was told what.

It runs in a process of its own; an order in JSON comes in on standard input, what it found goes out
on standard output. Delivery counts from the commit of a check to the arrival of the frame at a
viewer, for every check and every viewer that is told of it.
"""

import asyncio
import json
import re
import sys
import time
from collections import defaultdict

import numpy as np
import uvloop

_ID = re.compile(rb"id: (\d+)\nevent: colours\ndata: (.*)\n\n")


class Viewers:
    def __init__(self) -> None:
        self.arrived: dict[tuple[int, int], list[float]] = defaultdict(list)
        self.said: dict[tuple[int, int], bytes] = {}
        self.open = 0
        self.failed = 0
        self.bytes = 0
        self._answered = asyncio.Condition()

    async def settled(self, wanted: int) -> None:
        async with self._answered:
            await self._answered.wait_for(lambda: self.open + self.failed >= wanted)

    async def _answer(self, *, opened: bool) -> None:
        async with self._answered:
            self.open += opened
            self.failed += not opened
            self._answered.notify_all()

    async def view(self, port: int, channel: int, query: str, until: asyncio.Event) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(
                f"GET /api/v1/map/live?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:16]:
                await self._answer(opened=False)
                return
            await self._answer(opened=True)
            ended = asyncio.ensure_future(until.wait())
            while not until.is_set():
                piece = asyncio.ensure_future(reader.read(65536))
                await asyncio.wait({piece, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not piece.done():
                    piece.cancel()
                    break
                content = piece.result()
                at = time.time()
                if not content:
                    self.failed += 1
                    break
                self.bytes += len(content)
                for found in _ID.finditer(content):
                    key = (channel, int(found[1]))
                    self.arrived[key].append(at)
                    self.said.setdefault(key, found[2])
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            await self._answer(opened=False)


def delivered(viewers: Viewers, committed: dict[int, float], layers: list[int]) -> list[float]:
    """Seconds from commit to arrival, a figure for each check and viewer that was told of it.

    Frames of bins name no places; which they were is read from the first channel, that of all.
    """
    every: list[np.ndarray] = []
    for (channel, seq), times in viewers.arrived.items():
        said = viewers.said.get((channel if layers[channel] == 0 else 0, seq))
        places = [row[0] for row in json.loads(said)["p"]] if said else []
        moments = [committed[place] for place in places if place in committed]
        if moments:
            every.append((np.array(times)[:, None] - np.array(moments)[None, :]).ravel())
    return np.concatenate(every).tolist() if every else []


async def _main() -> None:
    order = json.loads(sys.stdin.readline())
    until = asyncio.Event()
    viewers = Viewers()
    channels = order["channels"]
    tasks = []
    for number in range(order["viewers"]):
        channel = number % len(channels)
        tasks.append(
            asyncio.create_task(
                viewers.view(order["port"], channel, channels[channel]["query"], until)
            )
        )
        if number % 50 == 49:
            await asyncio.sleep(0.02)
    await viewers.settled(order["viewers"])
    print(json.dumps({"open": viewers.open}), flush=True)
    loop = asyncio.get_running_loop()
    line = await loop.run_in_executor(None, sys.stdin.readline)
    committed = {int(place): at for place, at in json.loads(line).items()}
    until.set()
    await asyncio.gather(*tasks)
    took = np.array(delivered(viewers, committed, [one["layer"] for one in channels]))
    found = {
        "failed": viewers.failed,
        "deliveries": len(took),
        "bytes": viewers.bytes,
        **{
            f"p{share}": float(np.percentile(took, share)) if len(took) else -1.0
            for share in (50, 95, 99)
        },
        "longest": float(took.max()) if len(took) else -1.0,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
