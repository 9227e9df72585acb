"""What follows from counts of the roll-out."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lachan.reports.rollout.domain import Count, total, window

NUMBERS = st.integers(0, 10_000)


@given(NUMBERS, NUMBERS)
def test_the_increase_is_what_came_and_a_share_of_what_was(before: int, came: int) -> None:
    count = Count(before, before + came)
    assert count.increase == came
    assert (count.growth is None) is (before == 0)
    if count.growth is not None:
        assert abs(count.growth * before - came) < 1e-6


@given(st.lists(st.builds(Count, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=6))
def test_the_whole_is_the_sum_of_its_parts(counts: list[Count]) -> None:
    whole = total(counts)
    assert whole.now == sum(count.now for count in counts)
    assert whole.green == sum(count.green for count in counts)


def test_nobody_taking_part_has_no_share() -> None:
    assert Count(1, 2).share_reported is None
    assert Count(1, 2, 4, 3, 1).share_green == 0.25


def test_the_window_is_thirty_days_with_its_last() -> None:
    assert window(date(2026, 3, 30)) == (date(2026, 3, 1), date(2026, 3, 30))
