"""Clocks of devices, and the names under which their scans are kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.visits.devices.domain import (
    ask_name,
    clock_offset,
    corrected,
    is_unconfirmed_phone,
    scan_name,
)

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
offsets = st.timedeltas(timedelta(hours=-24), timedelta(hours=24))
devices = st.integers(1, 2**63 - 1)


@given(offsets, st.timedeltas(timedelta(0), timedelta(days=7)))
def test_a_steady_clock_that_is_off_is_put_right(offset: timedelta, ago: timedelta) -> None:
    happened = NOON - ago
    found = clock_offset(NOON + offset, NOON)
    assert found is not None
    told = corrected(happened + offset, found)
    assert told is not None
    assert abs(told - happened) <= timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [0, 4, -4, 5, -5])
def test_the_way_of_a_request_is_no_error_of_a_clock(seconds: int) -> None:
    assert clock_offset(NOON + timedelta(seconds=seconds), NOON) == timedelta(0)


@pytest.mark.parametrize("days", [1.01, -1.01, 365, -20_000])
def test_a_hopeless_clock_is_not_guessed_at(days: float) -> None:
    assert clock_offset(NOON + timedelta(days=days), NOON) is None


def test_no_time_stays_no_time() -> None:
    assert corrected(None, timedelta(hours=3)) is None


@given(devices, devices, st.uuids(), st.uuids())
def test_no_two_devices_share_a_name(one: int, other: int, a: UUID, b: UUID) -> None:
    assert scan_name(one, a) == scan_name(one, a)
    if (one, a) != (other, b):
        assert scan_name(one, a) != scan_name(other, b)
        assert ask_name(one, a, "x") != ask_name(other, b, "x")
    assert ask_name(one, a, "x") != ask_name(one, a, "y")


@pytest.mark.parametrize(
    ("shown", "waits"),
    [
        ("PHONE:0912345678:", True),
        ("phone:0912 345 678", True),
        (" PHONE:+84912345678: ", True),
        ("\ufeffPHONE:0912345678:", True),
        ("PHONE:0912345678:123456", False),
        ("PHONE:nobody:", False),
        ("PHONE:", False),
        ("LC1:0912345678", False),
    ],
)
def test_a_number_without_a_code_waits(shown: str, waits: bool) -> None:
    assert is_unconfirmed_phone(shown) is waits
