"""The arithmetic of shared air."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lachan.diseases.profiles import profile_of
from lachan.tracing.domain import (
    Exposure,
    ExposureKind,
    Interval,
    Source,
    contacts_from,
    covered,
    lingering,
    next_sources,
    overlap,
    qualifying,
    rules_of,
    whole_minutes,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 12, 5, tzinfo=UTC)
RULES = rules_of(profile_of("covid-19"), NOON + timedelta(days=3), ZONE)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


intervals = st.tuples(st.integers(-600, 600), st.integers(0, 300)).map(
    lambda pair: (at(pair[0]), at(pair[0] + pair[1]))
)


def minutes_of(interval: Interval | None) -> set[int]:
    if interval is None:
        return set()
    begins, ends = (whole_minutes(moment - NOON) for moment in interval)
    return set(range(begins, ends))


def exposure(
    begins: float,
    ends: float,
    *,
    person: int = 2,
    source: int = 1,
    place: int = 1,
    room: int | None = 7,
) -> Exposure:
    kind = ExposureKind.SAME_ROOM if room else ExposureKind.SAME_PLACE
    return Exposure(
        source, person, UUID(int=1), UUID(int=2), place, room, kind, at(begins), at(ends)
    )


@given(intervals, intervals)
def test_overlap_is_what_both_cover(one: Interval, other: Interval) -> None:
    assert minutes_of(overlap(one, other)) == minutes_of(one) & minutes_of(other)
    assert overlap(one, other) == overlap(other, one)


def test_touching_intervals_do_not_overlap() -> None:
    assert overlap((at(0), at(30)), (at(30), at(60))) is None


@given(st.integers(-100, 100), st.integers(0, 120), intervals)
def test_lingering_air_is_shared_only_by_who_comes_later(
    left: int, air: int, visit: Interval
) -> None:
    shared = lingering(at(left), timedelta(minutes=air), visit)
    if visit[0] < at(left):
        assert shared is None
    else:
        assert minutes_of(shared) == minutes_of(visit) & set(range(left, left + air))


@given(st.lists(intervals, max_size=8))
def test_no_minute_is_counted_twice(several: list[Interval]) -> None:
    together: set[int] = set().union(*(minutes_of(one) for one in several))
    assert whole_minutes(covered(several)) == len(together)


def test_short_meetings_of_one_day_at_one_place_add_up() -> None:
    assert qualifying([exposure(0, 7), exposure(60, 68)], RULES)
    assert not qualifying([exposure(0, 7), exposure(60, 67)], RULES)
    assert not qualifying([exposure(0, 8), exposure(60, 68, place=2)], RULES)
    assert not qualifying([exposure(0, 8), exposure(24 * 60, 24 * 60 + 8)], RULES)
    assert not qualifying([exposure(0, 8), exposure(60, 68, source=3)], RULES)


def test_a_minute_seen_twice_does_not_help_to_reach_the_minimum() -> None:
    assert not qualifying([exposure(0, 10), exposure(2, 12)], RULES)


def test_a_room_may_need_less_than_the_place() -> None:
    rules = rules_of(profile_of("covid-19"), RULES.as_of, ZONE)
    rules = type(rules)(
        rules.version,
        timedelta(minutes=10),
        timedelta(minutes=30),
        rules.lingering,
        rules.as_of,
        ZONE,
    )
    assert qualifying([exposure(0, 10)], rules)
    assert not qualifying([exposure(0, 29, room=None)], rules)
    mixed = [exposure(0, 9), exposure(20, 41, room=None)]
    assert qualifying(mixed, rules) == mixed


def test_half_seconds_do_not_make_a_minute() -> None:
    assert not qualifying([exposure(0, 14.99)], RULES)
    assert exposure(0, 15.99).minutes == 15


def test_a_contact_gathers_its_evidence_and_keeps_first_and_last() -> None:
    met = [exposure(60, 90), exposure(0, 20), exposure(70, 100, source=3)]
    (contact,) = contacts_from(1, met, [], {1})
    assert (contact.first_exposure, contact.last_exposure) == (at(0), at(100))
    assert contact.minutes == 60
    assert [one.started_at for one in contact.exposures] == [at(0), at(60), at(70)]


def test_who_lives_together_is_a_contact_without_a_visit() -> None:
    early, late = Source(1, at(0), at(500)), Source(9, at(-50), at(400))
    (contact,) = contacts_from(2, [], [(early, 5), (late, 5), (early, 1)], {1, 9})
    assert contact.household
    assert (contact.first_exposure, contact.last_exposure) == (at(-50), at(400))
    assert contact.minutes == 0


def test_a_contact_counts_as_a_source_from_its_first_exposure_until_now() -> None:
    contacts = contacts_from(1, [exposure(0, 20)], [], {1})
    assert next_sources(contacts, at(600)) == [Source(2, at(0), at(600))]
    assert next_sources(contacts, at(0)) == []
