"""The example for makers of devices, run as they would run it, against a real server."""

import asyncio
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Message, Receive, Scope, Send

from tests.integration.visits.devices.conftest import Door, MakeDoor, document
from tests.integration.warnings.serving import serving

EXAMPLE = Path(__file__).parents[4] / "docs" / "how-to" / "examples" / "door.py"


class Recorder:
    """Hands everything on, and remembers what was said about scans."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.asked: list[bytes] = []
        self.answered: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/api/v1/device/scans":
            await self._app(scope, receive, send)
            return
        self.asked.append(b"")
        self.answered.append(b"")

        async def hear() -> Message:
            message = await receive()
            self.asked[-1] += message.get("body", b"")
            return message

        async def say(message: Message) -> None:
            self.answered[-1] += message.get("body", b"")
            await send(message)

        await self._app(scope, hear, say)


async def start(url: str, door: Door, queue: Path) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLE),
        url,
        str(queue),
        stdin=PIPE,
        stdout=PIPE,
        env={**os.environ, "DOOR_KEY": door.key, "PYTHONUTF8": "1"},
    )


async def run(url: str, door: Door, queue: Path, lines: str) -> list[str]:
    process = await start(url, door, queue)
    async with asyncio.timeout(60):
        out, _ = await process.communicate(lines.encode())
    assert process.returncode is not None
    return out.decode().splitlines()


def check(document_: dict[str, Any], name: str, bodies: list[bytes]) -> None:
    """Every body is of the shape that the API document gives under `name`."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document_["components"]}
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    assert bodies
    for body in bodies:
        validator.validate(orjson.loads(body))


async def test_the_example_reports_scans_as_the_document_says(
    app: FastAPI, make_door: MakeDoor, owner: AsyncEngine, tmp_path: Path
) -> None:
    door = await make_door()
    recorder = Recorder(app)
    lines = [f"in {document(1)}", "auto PHONE:0912345678:", "in nothing we know"]
    async with serving(recorder) as url:  # type: ignore[arg-type] # any application will do
        said = await run(url, door, tmp_path / "queue.db", "\n".join(lines))
        again = await run(url, door, tmp_path / "queue.db", f"out {document(1)}\n")
    assert said[0] == "at Nhà máy Thử Nghiệm"
    assert sorted(said[1:]) == ["accepted arrived", "refused shown-unreadable", "waiting -"]
    assert again[1:] == ["accepted departed"]
    check(app.openapi(), "DeviceScans", recorder.asked)
    check(app.openapi(), "DeviceScansOut", recorder.answered)
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM visit")) == 1


async def test_it_keeps_scans_through_a_cut_of_network_and_power(
    app: FastAPI, make_door: MakeDoor, owner: AsyncEngine, tmp_path: Path
) -> None:
    door, queue = await make_door(), tmp_path / "queue.db"
    process = await start("http://127.0.0.1:9", door, queue)
    assert process.stdin is not None
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"off line"
    for number in range(3):
        process.stdin.write(f"in {document(number)}\n".encode())
    await process.stdin.drain()

    def kept() -> int:
        with closing(sqlite3.connect(queue)) as file:
            return int(file.execute("SELECT count(*) FROM scan").fetchone()[0])

    async with asyncio.timeout(60):
        while kept() < 3:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with serving(app) as url:
        said = await run(url, door, queue, "")
    assert said[1:] == ["accepted arrived"] * 3
    assert kept() == 0
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM visit")) == 3


@pytest.mark.parametrize("key", ["x" * 43, ""])
async def test_it_stops_when_its_key_does(
    app: FastAPI, make_door: MakeDoor, tmp_path: Path, key: str
) -> None:
    door = await make_door()
    stolen = Door(door.id, key, door.place_id, door.code, door.keeper)
    async with serving(app) as url:
        assert await run(url, stolen, tmp_path / "queue.db", f"in {document(1)}\n") == [
            "key revoked"
        ]
