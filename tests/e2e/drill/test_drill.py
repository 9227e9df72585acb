"""`lachan drill` as a person runs it, on web and worker as processes of their own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity.officers.secrets import hash_password, new_totp_secret, seal_totp
from lachan.kit.crypto import Keyring
from lachan.safety.criteria.service import load_published
from tests.e2e.conftest import Live

pytestmark = pytest.mark.e2e

PASSWORD = "thuyền-nhỏ-ra-khơi-sớm"


@dataclass(frozen=True, slots=True)
class Secrets:
    login: str
    totp: str


@pytest.fixture
async def officer(live_owner: AsyncEngine, keyring: Keyring) -> Secrets:
    """An officer of Hà Nội who is both admin and tracer, where criteria are in force."""
    async with live_owner.begin() as connection:
        await load_published(connection)
    totp = new_totp_secret()
    login = f"drill.{totp[:8].lower()}"
    async with live_owner.begin() as connection:
        found = await connection.scalar(
            text(
                "INSERT INTO officer (login, display_name, password_hash) "
                "VALUES (:login, 'Cán bộ diễn tập', :hash) RETURNING id"
            ),
            {"login": login, "hash": await hash_password(PASSWORD)},
        )
        assert isinstance(found, int)
        await connection.execute(
            text("UPDATE officer SET totp_sealed = :sealed WHERE id = :id"),
            {"id": found, "sealed": seal_totp(keyring, found, totp)},
        )
        for role in ("admin", "tracer"):
            await connection.execute(
                text("INSERT INTO officer_role VALUES (:officer, :role, 'VN.01')"),
                {"officer": found, "role": role},
            )
    return Secrets(login, totp)


def drill(live: Live, officer: Secrets, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lachan", "drill", "--url", live.url, "--json", *options],
        env={
            **os.environ,
            "LACHAN_DRILL_LOGIN": officer.login,
            "LACHAN_DRILL_PASSWORD": PASSWORD,
            "LACHAN_DRILL_TOTP_SECRET": officer.totp,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has SIGINT ignored, and children inherit it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one call
    )


async def left_behind(owner: AsyncEngine) -> dict[str, int]:
    tables = (
        "person", "place", "visit", "scan", "last_visit", "case_record", "contact", "warning",
        "place_safety", "safety_day", "daily_check",
    )  # fmt: skip
    async with owner.connect() as connection:
        return {
            table: int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
            for table in tables
        }


async def test_an_outbreak_is_found_and_told_exactly(
    live: Live, live_owner: AsyncEngine, officer: Secrets
) -> None:
    before = await left_behind(live_owner)
    process = drill(
        live, officer, "--people", "150", "--places", "20", "--days", "4", "--cases", "2"
    )
    output, errors = await asyncio.to_thread(process.communicate, timeout=240)
    assert process.returncode == 0, output + errors
    figures = json.loads(output)
    scans = figures["scans"]
    assert scans["sent"] == scans["acknowledged"] > 500
    assert (scans["missing"], scans["doubled"]) == (0, 0)
    for level in ("F1", "F2"):
        contacts = figures["contacts"][level]
        assert contacts["expected"] > 0
        assert (contacts["recall"], contacts["precision"]) == (1, 1)
    told = figures["warnings"]
    assert told["delivered"] == told["expected"] > 0
    assert told["live"] > 0
    safety = figures["safety"]
    assert safety["sent"] == safety["acknowledged"] > 10
    assert safety["missing"] == safety["colours"]["wrong"] == 0
    assert safety["colours"]["found"] == safety["colours"]["expected"]
    assert len(safety["colours"]["found"]) > 1
    assert await left_behind(live_owner) == before


async def test_stopped_half_way_it_leaves_nothing_either(
    live: Live, live_owner: AsyncEngine, officer: Secrets
) -> None:
    before = await left_behind(live_owner)
    process = drill(live, officer, "--people", "400", "--places", "20", "--days", "4")
    async with asyncio.timeout(60):
        while (await left_behind(live_owner))["visit"] == before["visit"]:  # noqa: ASYNC110 - asks another process's work
            await asyncio.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.to_thread(process.communicate, timeout=120)
    assert process.returncode == 130, errors
    assert await left_behind(live_owner) == before


async def test_a_wrong_password_is_said_in_a_sentence(live: Live, officer: Secrets) -> None:
    process = drill(live, Secrets("nobody.here", ""), "--people", "2")
    output, errors = await asyncio.to_thread(process.communicate, timeout=60)
    assert process.returncode == 2
    assert output == ""
    assert "signing in" in errors
    assert "Traceback" not in errors
