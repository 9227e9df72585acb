"""Days that cannot be, and hours that nobody knows about."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lachan.cases.domain import Classification, date_faults, gaps, is_under

TODAY = date(2026, 11, 23)
START = datetime(2026, 11, 10, tzinfo=UTC)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def test_days_that_can_be_have_no_fault() -> None:
    for onset, sampled in (
        (TODAY, None),
        (None, TODAY),
        (TODAY - timedelta(days=3), TODAY),
        (TODAY, TODAY - timedelta(days=3)),
    ):
        assert date_faults(onset, sampled, TODAY) == {}


def test_an_area_is_under_itself_and_its_parents_but_not_under_a_namesake() -> None:
    assert is_under("VN.01.00004", ["VN.01"])
    assert is_under("VN.01", ["VN.79", "VN.01"])
    assert not is_under("VN.011", ["VN.01"])
    assert not is_under("VN", ["VN.01"])


def test_only_probable_and_confirmed_count_as_cases() -> None:
    assert [one for one in Classification if one.counts_as_case] == [
        Classification.PROBABLE,
        Classification.CONFIRMED,
    ]


stays = st.lists(
    st.tuples(st.integers(-50, 300), st.integers(1, 30)).map(
        lambda pair: (hour(pair[0]), hour(pair[0] + pair[1]))
    ),
    max_size=12,
)


@given(stays, st.integers(1, 240))
def test_gaps_are_exactly_the_long_stretches_without_a_stay(
    several: list[tuple[datetime, datetime]], length: int
) -> None:
    window = (hour(0), hour(length))
    free = [
        number
        for number in range(length)
        if not any(begins <= hour(number) < ends for begins, ends in several)
    ]
    found = gaps(several, window)
    covered = {
        number
        for gap in found
        for number in range(length)
        if gap.started_at <= hour(number) < gap.ended_at
    }
    assert covered <= set(free)
    for gap in found:
        assert gap.ended_at - gap.started_at >= timedelta(hours=3)
    stretches: list[list[int]] = []
    for number in free:
        if stretches and stretches[-1][-1] == number - 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    long = {number for stretch in stretches if len(stretch) >= 3 for number in stretch}
    assert covered == long


def test_a_moment_somewhere_parts_a_gap_in_two() -> None:
    """Even a visit of no length says where somebody was."""
    found = gaps([(hour(5), hour(5))], (hour(0), hour(12)))
    assert [(gap.started_at, gap.ended_at) for gap in found] == [
        (hour(0), hour(5)),
        (hour(5), hour(12)),
    ]
