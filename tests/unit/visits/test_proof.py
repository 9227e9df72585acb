"""Codes at the door: good for a minute or so, worthless afterwards, and not to be guessed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.crypto import new_keyring
from lachan.kit.errors import TooManyRequests
from lachan.visits.errors import DoorCodeNeeded
from lachan.visits.proof import Doors, door_code, judge, ticket

KEY = bytes(range(32))
NOON = datetime(2026, 3, 2, 5, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_code_holds_in_its_minute_and_the_next() -> None:
    shown = door_code(KEY, NOON)
    for given_, proof in ((shown.token, "display"), (shown.digits, "challenge")):
        assert judge(KEY, given_, NOON, offline=False) == proof
        assert judge(KEY, f" {given_.lower()} ", NOON + MINUTE, offline=False) == proof
    assert judge(KEY, shown.token, NOON + 2 * MINUTE, offline=False) == "none"
    assert judge(KEY, shown.token, NOON - MINUTE, offline=False) == "none"


def test_a_scan_kept_on_a_device_is_judged_by_its_own_time() -> None:
    shown = door_code(KEY, NOON)
    assert judge(KEY, shown.token, NOON, offline=True) == "display"
    assert judge(KEY, shown.token, NOON - MINUTE, offline=True) == "display", "its clock ran ahead"
    assert judge(KEY, shown.token, NOON + timedelta(hours=3), offline=True) == "none"


def test_another_place_has_other_codes() -> None:
    doors = Doors(new_keyring())
    one, other = (door_code(doors.key_of(place), NOON) for place in (1, 2))
    assert one.token != other.token
    assert judge(doors.key_of(2), one.token, NOON, offline=False) == "none"


def test_a_ticket_lasts_ten_minutes_and_cannot_be_made_up() -> None:
    held = ticket(KEY, NOON)
    assert judge(KEY, held, NOON + timedelta(minutes=9), offline=False) == "display"
    assert judge(KEY, held, NOON + timedelta(minutes=11), offline=False) == "none"
    later = held.replace(str(int(NOON.timestamp())), str(int(NOON.timestamp()) + 600))
    assert judge(KEY, later, NOON + timedelta(minutes=11), offline=False) == "none"
    assert judge(bytes(32), held, NOON, offline=False) == "none"


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    shown = door_code(KEY, NOON)
    if text.strip().upper() not in {shown.token, shown.digits}:
        before = door_code(KEY, NOON - MINUTE)
        if text.strip().upper() not in {before.token, before.digits}:
            assert judge(KEY, text, NOON, offline=False) == "none"


def test_digits_are_not_guessed() -> None:
    doors = Doors(new_keyring())
    right = door_code(doors.key_of(7), NOON).digits
    wrong = f"{(int(right) + 500) % 1000:03}"

    def tried(digits: str) -> str:
        return doors.check("required", 7, digits, NOON, offline=False, person_id=1)

    for _ in range(5):
        with pytest.raises(DoorCodeNeeded):
            tried(wrong)
    # Now even the right digits are not looked at, so that the limit tells nothing about them.
    with pytest.raises(TooManyRequests):
        tried(right)
    with pytest.raises(TooManyRequests):
        doors.check("optional", 7, right, NOON, offline=False, person_id=1)
    assert doors.check("required", 7, right, NOON, offline=False, person_id=2) == "challenge"


def test_what_each_policy_asks() -> None:
    doors = Doors(new_keyring())

    def asked(policy: str, given_: str | None) -> str:
        return doors.check(policy, 3, given_, NOON, offline=False, person_id=1)  # type: ignore[arg-type]

    token = door_code(doors.key_of(3), NOON).token
    assert asked("off", token) == "none"
    assert asked("optional", None) == "none"
    assert asked("optional", "ZZZZZZZZ") == "none"
    assert asked("optional", token) == "display"
    assert asked("required", token) == "display"
    with pytest.raises(DoorCodeNeeded):
        asked("required", None)
