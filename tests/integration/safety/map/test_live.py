"""The live stream: told once, to those who look there, and again to who was away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, aclosing
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.http.sse import Streams
from lachan.safety.map.domain import CODE, REGION_ZOOM, mercator
from lachan.safety.map.live import Audience, Channel, Viewer
from tests.integration.safety.map.conftest import HERE, MakePlace, Recolour

Told = tuple[str, str, dict[str, Any]]
HANOI = "-".join(str(int(part * 2**REGION_ZOOM)) for part in mercator(*HERE))
ELSEWHERE = "203-121"


async def listen(app: FastAPI, query: str) -> AsyncIterator[Told]:
    """Events of a stream (kind, id, data) as the application itself sends them."""
    pieces: asyncio.Queue[bytes] = asyncio.Queue()
    closed = asyncio.Event()
    asked = asyncio.Event()
    scope = {
        "type": "http", "method": "GET", "path": "/api/v1/map/live", "raw_path": b"",
        "query_string": query.encode(), "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "scheme": "http",
        "http_version": "1.1", "root_path": "", "app": app,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await closed.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        else:
            await pieces.put(message["body"])

    task = asyncio.create_task(app(scope, receive, send))
    buffer = b""
    try:
        while True:
            taking = asyncio.ensure_future(pieces.get())
            await asyncio.wait({taking, task}, return_when=asyncio.FIRST_COMPLETED)
            if not taking.done():
                taking.cancel()
                task.result()
                return
            buffer += taking.result()
            *whole, buffer = buffer.split(b"\n\n")
            for block in whole:
                fields = dict(line.split(": ", 1) for line in block.decode().splitlines())
                if "event" in fields:
                    yield fields["event"], fields.get("id", ""), orjson.loads(fields["data"])
    finally:
        closed.set()
        await task


async def told(stream: AsyncIterator[Told], kind: str = "colours") -> Told:
    async for one in stream:
        if one[0] == kind:
            return one
    raise AssertionError("the stream has ended")


async def test_a_change_reaches_who_looks_at_points_and_who_looks_at_bins(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour
) -> None:
    place = await make_safe_place(colour="red")
    await make_safe_place(colour="grey")
    async with (
        aclosing(listen(app, f"layer=0&cells={HANOI}")) as points,
        aclosing(listen(app, "layer=4")) as bins,
    ):
        for stream in (points, bins):
            assert (await anext(stream))[0] == "hello"
        await recolour(place, "green")
        _, number, data = await told(points)
        assert data["p"] == [[place, CODE["green"]]]
        assert data["t"] == [1, 0, 0, 1, 0]
        assert int(number) > 0
        _, _, data = await told(bins)
        assert [row[1:] for row in data["b"]] == [[1, 0, 0, 1, 0]]


async def test_who_looks_elsewhere_is_not_told(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour
) -> None:
    here = await make_safe_place(colour="red")
    there = await make_safe_place(colour="red", at=(10.77, 106.7))
    saigon = "-".join(str(int(part * 2**REGION_ZOOM)) for part in mercator(10.77, 106.7))
    async with aclosing(listen(app, f"layer=0&cells={saigon}")) as stream:
        assert (await anext(stream))[0] == "hello"
        await recolour(here, "green")
        await recolour(there, "yellow")
        _, _, data = await told(stream)
        assert data["p"] == [[there, CODE["yellow"]]]


async def test_who_was_away_is_told_what_changed_meanwhile(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour
) -> None:
    place = await make_safe_place(colour="red")
    await make_safe_place(colour="red")
    async with aclosing(listen(app, "layer=0")) as stream:
        _, seq, _ = await anext(stream)
        await recolour(place, "yellow")
        await recolour(place, "green")
        while (await told(stream))[2]["p"] != [[place, CODE["green"]]]:
            pass
    async with aclosing(listen(app, f"layer=0&since={seq}")) as stream:
        assert (await anext(stream))[0] == "hello"
        _, _, data = await told(stream)
        assert data["p"] == [[place, CODE["green"]]]


async def test_a_change_committed_after_a_later_one_is_not_lost(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour, owner: AsyncEngine
) -> None:
    slow = await make_safe_place(colour="red")
    quick = await make_safe_place(colour="red")
    async with aclosing(listen(app, "layer=0")) as stream:
        assert (await anext(stream))[0] == "hello"
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO event (topic, kind, payload) VALUES ('map', 'colour', "
                    "jsonb_build_object('id', CAST(:place AS bigint), 'c', 'green'))"
                ),
                {"place": slow},
            )
            await recolour(quick, "yellow")
            assert (await told(stream))[2]["p"] == [[quick, CODE["yellow"]]]
        assert (await told(stream))[2]["p"] == [[slow, CODE["green"]]]


async def test_who_knows_an_older_process_loads_the_map_again(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour
) -> None:
    place = await make_safe_place()
    await recolour(place, "green")
    await recolour(place, "yellow")
    async with aclosing(listen(app, "layer=0&since=1")) as stream:
        assert (await anext(stream))[0] == "hello"
        assert (await anext(stream))[0] == "reload"


async def test_drills_are_told_live_but_count_nowhere(
    app: FastAPI, make_safe_place: MakePlace, recolour: Recolour, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        drill = await connection.scalar(
            text("INSERT INTO drill (label, created_by) VALUES ('thử', 1) RETURNING id")
        )
    place = await make_safe_place(drill=drill)
    async with aclosing(listen(app, "layer=0")) as stream:
        assert (await anext(stream))[0] == "hello"
        await recolour(place, "green")
        _, _, data = await told(stream)
        assert (data["p"], data["t"]) == ([[place, CODE["green"]]], [0, 0, 0, 0, 0])


@pytest.mark.parametrize("query", ["layer=2", "layer=x", "cells=1", "cells=999-1", "since=x"])
async def test_what_cannot_be_listened_to(client: AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/v1/map/live?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "map-asked-wrongly")


def test_who_does_not_read_is_told_to_load_again() -> None:
    viewer = Viewer()
    for number in range(200):
        viewer.tell(b"%d" % number)
    assert viewer.take().startswith(b"event: reload")


async def test_one_address_does_not_take_all_the_streams(app: FastAPI, client: AsyncClient) -> None:
    app.state.map_streams = Streams(2)
    async with aclosing(listen(app, "layer=0")) as one, aclosing(listen(app, "layer=4")) as two:
        assert (await anext(one))[0] == (await anext(two))[0] == "hello"
        answer = await client.get("/api/v1/map/live?layer=0")
        assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")
        assert answer.headers["retry-after"]


def test_who_asks_for_ever_other_regions_is_told_of_everywhere() -> None:
    audience = Audience()
    with ExitStack() as open_maps:
        for number in range(2_100):
            regions = frozenset({(number % 256, number // 256)})
            open_maps.enter_context(audience.watching(Channel(4, regions)))
        assert audience.viewers == 2_100
        assert audience.channels == 2_001
