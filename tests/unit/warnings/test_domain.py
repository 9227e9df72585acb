"""When one officer is not enough, and what lies below an area."""

import pytest

from lachan.warnings.domain import (
    Breaker,
    Doubt,
    checked_levels,
    is_doubtful,
    is_rush,
    is_under,
    needs_second_officer,
)

BREAKER = Breaker(
    most_recipients=5000,
    most_share_percent=20,
    share_floor=100,
    most_an_hour=20_000,
    most_warnings_an_hour=60,
)


@pytest.mark.parametrize(
    ("recipients", "residents", "expected"),
    [
        (5000, 1_000_000, False),
        (5001, 1_000_000, True),
        (100, 0, False),
        (101, 0, True),
        (101, 505, False),
        (102, 505, True),
    ],
)
def test_the_limit_of_one_officer(recipients: int, residents: int, expected: bool) -> None:
    assert needs_second_officer(recipients, residents, BREAKER) is expected


def test_levels_are_named_once_nearest_first() -> None:
    assert checked_levels([3, 1, 3]) == [1, 3]


@pytest.mark.parametrize(
    ("area", "expected"), [("VN.01", True), ("VN.01.4", True), ("VN.011", False), ("VN", False)]
)
def test_below_an_area(area: str, expected: bool) -> None:
    assert is_under(area, ["VN.01"]) is expected


@pytest.mark.parametrize(
    ("warnings", "warned", "recipients", "expected"),
    [
        (0, 0, 20_000, False),
        (0, 0, 20_001, True),
        (59, 19_999, 1, False),
        (60, 0, 1, True),
        (1, 20_000, 1, True),
    ],
)
def test_an_hour_with_too_much_in_it(
    warnings: int, warned: int, recipients: int, expected: bool
) -> None:
    assert is_rush(warnings, warned, recipients, BREAKER) is expected


@pytest.mark.parametrize(
    ("seen", "disputed", "expected"),
    [(0, 0, False), (4, 4, False), (5, 5, True), (25, 5, False), (24, 5, True), (50, 11, True)],
)
def test_when_the_first_readers_stop_a_warning(seen: int, disputed: int, expected: bool) -> None:
    assert is_doubtful(seen, disputed, Doubt(50, 5, 20)) is expected
