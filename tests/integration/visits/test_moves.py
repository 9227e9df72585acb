"""Keys for a move to a new phone: one person's only, and for a while only."""

import base64
from datetime import UTC, datetime, timedelta

import httpx

from lachan.kit.crypto import Keyring
from lachan.visits.moves import KEY_SECONDS, move_keys
from tests.conftest import MakeOfficer, MakeResident


async def test_both_phones_of_a_person_get_the_same_keys_and_nobody_else_does(
    client: httpx.AsyncClient, make_resident: MakeResident, make_officer: MakeOfficer
) -> None:
    mine, other = await make_resident(), await make_resident()
    first = await client.get("/api/v1/me/move-keys", headers=mine.headers)
    again = await client.get("/api/v1/me/move-keys", headers=mine.headers)
    theirs = await client.get("/api/v1/me/move-keys", headers=other.headers)
    assert first.headers["cache-control"] == "no-store"
    # The next ten minutes may begin between the two questions.
    assert set(first.json()["keys"]) & set(again.json()["keys"])
    assert not set(first.json()["keys"]) & set(theirs.json()["keys"])
    assert {len(base64.b64decode(key)) for key in first.json()["keys"]} == {32}
    assert (await client.get("/api/v1/me/move-keys")).status_code == 401
    officer = await make_officer()
    refused = await client.get("/api/v1/me/move-keys", headers=officer.headers)
    assert refused.status_code == 403


def test_a_picture_can_be_read_for_ten_to_twenty_minutes(keyring: Keyring) -> None:
    shown = datetime(2026, 3, 1, 8, 9, 59, tzinfo=UTC)
    key = move_keys(keyring, 7, shown)[0]
    read = [
        key in move_keys(keyring, 7, shown + timedelta(seconds=after))
        for after in (0, KEY_SECONDS, KEY_SECONDS + 1, 2 * KEY_SECONDS)
    ]
    assert read == [True, True, False, False]
