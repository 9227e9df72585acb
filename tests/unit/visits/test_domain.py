"""The rules of a scan, attacked with random days."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lachan.kit.ids import uuid7
from lachan.visits.domain import (
    LONGEST_VISIT,
    REPEAT_WINDOW,
    Direction,
    EndSource,
    Outcome,
    Spot,
    Stay,
    decide,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
spots = st.builds(
    Spot,
    place_id=st.integers(1, 3),
    room_id=st.one_of(st.none(), st.integers(1, 2)),
    usual_stay=st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes)),
)
scans = st.lists(
    st.tuples(spots, st.sampled_from(Direction), st.integers(0, 3000)), min_size=1, max_size=30
)


def replay(day: list[tuple[Spot, Direction, int]]) -> tuple[list[Stay], list[Outcome]]:
    """A day of scans in the order they come, however late, kept as a plain list of stays."""
    stays: list[Stay] = []
    outcomes = []
    for spot, direction, minute in day:
        at = START + timedelta(minutes=minute)
        # Of two begun in the same moment, the one reported last.
        before = [stay for stay in reversed(stays) if stay.started_at <= at]
        stay = max(before, key=lambda one: one.started_at, default=None)
        following = min((one.started_at for one in stays if one.started_at > at), default=None)
        decision = decide(stay, following, spot, direction, at)
        outcomes.append(decision.outcome)
        if decision.end is not None:
            assert stay is not None
            stay.ends_at, stay.end_source = decision.end
        if decision.begin_until is not None:
            stays.append(
                Stay(
                    uuid7(),
                    spot.place_id,
                    spot.room_id,
                    at,
                    decision.begin_until,
                    EndSource.EXPECTED,
                )
            )
    return stays, outcomes


@given(scans)
def test_no_visit_is_backwards_or_longer_than_a_day(
    day: list[tuple[Spot, Direction, int]],
) -> None:
    for stay in replay(day)[0]:
        assert stay.started_at <= stay.ends_at <= stay.started_at + LONGEST_VISIT


@given(scans)
def test_scans_in_order_never_overlap(day: list[tuple[Spot, Direction, int]]) -> None:
    """Nobody is in two places at once, as long as no device reports late."""
    stays = replay(sorted(day, key=lambda scan: scan[2]))[0]
    stays.sort(key=lambda stay: (stay.started_at, stay.ends_at))
    assert all(one.ends_at <= other.started_at for one, other in pairwise(stays))


@given(scans)
def test_a_late_scan_never_moves_what_somebody_said(
    day: list[tuple[Spot, Direction, int]],
) -> None:
    stays, _ = replay(day)
    said = {stay.visit_id: stay.ends_at for stay in stays if stay.end_source is EndSource.SCANNED}
    late = (Spot(9, None, timedelta(hours=2)), Direction.IN, 10)
    again, _ = replay([*day, late])
    for before, after in zip(stays, again, strict=False):
        if before.visit_id in said:
            assert after.ends_at == before.ends_at


@given(scans)
def test_every_arrival_is_kept(day: list[tuple[Spot, Direction, int]]) -> None:
    stays, outcomes = replay(day)
    arrivals = [one for one in outcomes if one in {Outcome.ARRIVED, Outcome.MOVED}]
    assert len(stays) == len(arrivals)


def stay(minutes: int, *, place: int = 1, source: EndSource = EndSource.EXPECTED) -> Stay:
    return Stay(uuid7(), place, None, START, START + timedelta(minutes=minutes), source)


HERE = Spot(1, None, timedelta(minutes=60))
THERE = Spot(2, None, timedelta(minutes=60))


def test_a_double_tap_is_a_repeat_and_a_later_one_is_departure() -> None:
    soon, later = START + REPEAT_WINDOW - timedelta(seconds=1), START + REPEAT_WINDOW
    assert decide(stay(60), None, HERE, Direction.AUTO, soon).outcome is Outcome.REPEATED
    assert decide(stay(60), None, HERE, Direction.AUTO, later).outcome is Outcome.DEPARTED


def test_going_elsewhere_ends_the_visit_at_that_moment() -> None:
    at = START + timedelta(minutes=20)
    decision = decide(stay(60), None, THERE, Direction.AUTO, at)
    assert decision.outcome is Outcome.MOVED
    assert decision.end == (at, EndSource.NEXT_ARRIVAL)
    assert decision.begin_until == at + timedelta(minutes=60)


def test_a_forgotten_visit_reported_late_stops_where_the_next_begins() -> None:
    at, following = START - timedelta(minutes=30), START
    decision = decide(None, following, THERE, Direction.IN, at)
    assert decision.begin_until == following


def test_leaving_a_place_one_is_not_in_changes_nothing() -> None:
    at = START + timedelta(minutes=20)
    decision = decide(stay(60), None, THERE, Direction.OUT, at)
    assert decision.outcome is Outcome.NOT_INSIDE
    assert decision.end is None
