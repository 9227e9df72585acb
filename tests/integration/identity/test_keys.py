"""Turning the keys over loses nothing, can stop anywhere, and running programs follow."""

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from lachan.cli import app as commands
from lachan.identity import keys, sealed, sessions
from lachan.identity.messages import outbox
from lachan.identity.officers import secrets, store
from lachan.kit.crypto import (
    Keyring,
    SealBroken,
    key_id,
    load_keyring,
    new_keyring,
    new_token,
    rotated,
    save_keyring,
    token_hash,
)
from tests.conftest import Database


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    save_keyring(path, new_keyring())
    return path


async def _fill(owner: AsyncEngine, keyring: Keyring, people: int) -> list[int]:
    made = []
    async with owner.begin() as connection:
        for number in range(people):
            person = await connection.scalar(text("INSERT INTO person DEFAULT VALUES RETURNING id"))
            data = sealed.IdentityData(phone=f"+8491{number:07}", name=f"Người {number}")
            await sealed.write(connection, keyring, person, data)
            made.append(person)
        await outbox.send_text(connection, keyring, phone="+84912345678", body="x", purpose="code")
        officer = await store.create_as_owner(
            connection, login="a.b.c", name="A", hashed="x", grants=[], temporary=False
        )
        await store.set_totp_as_owner(
            connection, officer, secrets.seal_totp(keyring, officer, "SECRET")
        )
    return made


async def test_rotation_rewraps_everything_in_batches_and_a_running_program_follows(
    owner: AsyncEngine, key_file: Path
) -> None:
    running = load_keyring(key_file)
    people = await _fill(owner, running, keys.BATCH + 5)
    newer = rotated(running)
    save_keyring(key_file, newer)
    steps: list[int] = []
    done = await keys.rewrap_everything(owner, newer, lambda p: steps.append(p.rewrapped))
    assert done.rewrapped == done.total == len(people) + 2
    assert done.broken == []
    assert steps == sorted(steps)
    assert len(steps) > 4
    async with owner.begin() as connection:
        for counts in (await keys.status(connection)).values():
            assert set(counts) <= {2}
        found = await sealed.read(connection, running, people[-1])
        assert found is not None
        assert found.name == f"Người {len(people) - 1}"
        assert await sealed.find_person(connection, newer, "+84910000003") == people[3]
    again = await keys.rewrap_everything(owner, newer)
    assert (again.total, again.rewrapped) == (0, 0)


async def test_a_value_under_a_key_of_bytes_turns_over_too(
    owner: AsyncEngine, key_file: Path
) -> None:
    running = load_keyring(key_file)
    indexes = sorted(os.urandom(32) for _ in range(3))
    async with owner.begin() as connection:
        person = await connection.scalar(text("INSERT INTO person DEFAULT VALUES RETURNING id"))
        token = new_token()
        await sessions.create(connection, token, minutes=5, person_id=person)
        for index in indexes:
            await connection.execute(
                text(
                    "INSERT INTO push_subscription (person_id, session_hash, endpoint_index, "
                    "sealed, lang, client) VALUES (:person, :hash, :index, :sealed, 'vi', 'web')"
                ),
                {
                    "person": person,
                    "hash": token_hash(token),
                    "index": index,
                    "sealed": running.seal(b"x", about=f"push_subscription:{index.hex()}"),
                },
            )
    newer = rotated(running)
    done = await keys.rewrap_everything(owner, newer)
    assert (done.rewrapped, done.broken) == (len(indexes), [])
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT endpoint_index, sealed FROM push_subscription ORDER BY 1")
        )
        for index, value in rows:
            assert key_id(bytes(value)) == newer.active
            about = f"push_subscription:{bytes(index).hex()}"
            assert newer.unseal(bytes(value), about=about) == b"x"


async def test_a_rotation_that_was_interrupted_goes_on(owner: AsyncEngine, key_file: Path) -> None:
    keyring = load_keyring(key_file)
    people = await _fill(owner, keyring, 5)
    newer = rotated(keyring)
    save_keyring(key_file, newer)
    async with owner.begin() as connection:
        for person in people[:2]:
            raw = await connection.scalar(
                text("SELECT sealed FROM identity_sealed WHERE person_id = :p"), {"p": person}
            )
            await connection.execute(
                text("UPDATE identity_sealed SET sealed = :s WHERE person_id = :p"),
                {"s": newer.rewrap(raw, about=f"identity_sealed:{person}"), "p": person},
            )
        await connection.execute(
            text("UPDATE identity_sealed SET sealed = '\\x010001ffff' WHERE person_id = :p"),
            {"p": people[4]},
        )
    done = await keys.rewrap_everything(owner, newer)
    assert done.rewrapped == 2 + 2
    assert done.broken == [f"identity_sealed:{people[4]}"]


async def test_a_sealed_value_moved_to_another_person_does_not_open(
    owner: AsyncEngine, key_file: Path
) -> None:
    keyring = load_keyring(key_file)
    one, other, *_ = await _fill(owner, keyring, 3)
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE identity_sealed SET sealed = (SELECT sealed FROM identity_sealed"
                " WHERE person_id = :other) WHERE person_id = :one"
            ),
            {"one": one, "other": other},
        )
        with pytest.raises(SealBroken):
            await sealed.read(connection, keyring, one)


async def test_every_sealed_column_of_the_schema_is_known(owner: AsyncEngine) -> None:
    async with owner.begin() as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'bytea'"
                " AND column_name LIKE '%sealed%'"
            )
        )
        assert {tuple(row) for row in rows} == {(s.table, s.column) for s in keys.EVERYTHING}


def test_the_commands_speak_plainly(
    database: Database, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LACHAN_DATABASE_URL", database.owner_url)
    monkeypatch.setenv("LACHAN_KEY_FILE", str(key_file))
    run = CliRunner().invoke
    made = run(commands, ["officers", "create", "--login", "An.Admin", "--name", "An"])
    assert made.exit_code == 0, made.output
    assert "Temporary password" in made.output
    assert "otpauth://totp/" in made.output
    twice = run(commands, ["officers", "create", "--login", "an.admin", "--name", "An"])
    assert twice.exit_code == 1
    nowhere = ["officers", "create", "--login", "b.admin", "--name", "B", "--area", "VN.99"]
    assert run(commands, nowhere).exit_code == 2
    assert "key 1 (active): 1 sealed values" in run(commands, ["keys", "status"]).output
    turned = run(commands, ["keys", "rotate"])
    assert turned.exit_code == 0, turned.output
    assert "1 values rewrapped" in turned.output
    status = run(commands, ["keys", "status"]).output
    assert "key 1: 0 sealed values" in status
    assert "key 2 (active): 1 sealed values" in status
    assert key_file.stat().st_mode & 0o777 == 0o600
    checked = run(commands, ["audit", "verify"])
    assert checked.exit_code == 0, checked.output
    assert "unbroken" in checked.output
    key_file.unlink()
    lost = run(commands, ["keys", "status"])
    assert lost.exit_code == 2
    assert "no key file" in lost.output
