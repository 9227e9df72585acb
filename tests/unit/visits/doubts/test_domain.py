"""When two visits cannot both be true, and when an hour is a flood."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.places.kinds import KINDS
from lachan.visits.doubts.domain import (
    RULES,
    Position,
    Presence,
    RulesError,
    distance_km,
    is_flood,
    judge_pair,
    least_minutes,
    load_rules,
    sure_km,
)

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
HA_NOI = Position(21.0285, 105.8542)
HAI_PHONG = Position(20.8449, 106.6881)
SAI_GON = Position(10.7769, 106.7009)
positions = st.builds(Position, st.floats(8, 24), st.floats(102, 110))


def at(position: Position, minutes: float, place: int = 1, left: float | None = None) -> Presence:
    return Presence(
        place,
        position,
        NOON + timedelta(minutes=minutes),
        None if left is None else NOON + timedelta(minutes=left),
    )


def test_distances_are_those_of_the_map() -> None:
    assert distance_km(HA_NOI, SAI_GON) == pytest.approx(1144, abs=3)
    assert distance_km(HA_NOI, HAI_PHONG) == pytest.approx(89, abs=1)


@given(positions, positions, positions)
def test_a_distance_is_a_distance(a: Position, b: Position, c: Position) -> None:
    assert distance_km(a, a) == pytest.approx(0, abs=1e-3)
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, c) <= distance_km(a, b) + distance_km(b, c) + 1e-6


@pytest.mark.parametrize(
    ("second", "minutes", "impossible"),
    [
        (SAI_GON, 5, True),
        (SAI_GON, 60, True),
        # The next flight: 40 minutes and 1,144 km at 905 km/h.
        (SAI_GON, 120, False),
        (HAI_PHONG, 20, True),
        (HAI_PHONG, 60, False),
        (HA_NOI, 0, False),
    ],
)
def test_two_towns_at_once(second: Position, minutes: float, impossible: bool) -> None:
    found = judge_pair(at(HA_NOI, 0), at(second, minutes, 2), RULES.double_presence)
    assert (found is not None) is impossible
    if found:
        assert found.minutes == minutes


def test_a_stay_that_somebody_ended_counts_to_its_end() -> None:
    rules = RULES.double_presence
    first, second = at(HA_NOI, 0, left=110), at(SAI_GON, 130, 2)
    assert judge_pair(first, second, rules) is not None
    assert judge_pair(replace(first, left_at=None), second, rules) is None
    # Checked out after the other had begun: no time at all.
    over = judge_pair(at(HA_NOI, 0, left=900), at(SAI_GON, 600, 2), rules)
    assert over is not None
    assert over.minutes == 0


def test_what_is_not_known_is_not_held_against_anybody() -> None:
    rules = RULES.double_presence
    vague = Position(HAI_PHONG.lat, HAI_PHONG.lon, within_km=80)
    assert judge_pair(at(HA_NOI, 0), at(vague, 5, 2), rules) is None
    assert judge_pair(at(HA_NOI, 0), at(SAI_GON, 5, 1), rules) is None, "the same place"
    assert sure_km(vague, vague) == 0


@given(st.floats(0, 3000), st.floats(0, 3000))
def test_farther_never_takes_less_time_on_one_means_of_travel(a: float, b: float) -> None:
    near, far = sorted((a, b))
    travel = RULES.double_presence.travel[-1:]
    assert least_minutes(near, travel) <= least_minutes(far, travel)


def test_an_hour_far_above_the_busiest_is_a_flood() -> None:
    rules = RULES.flood
    assert is_flood(200, 40, 100, rules)
    assert not is_flood(159, 40, 100, rules)
    assert not is_flood(rules.least - 1, 0, 100, rules)
    # A new place has no usual hour: a full hall on its first evening is no flood yet.
    assert not is_flood(300, 2, 3, rules)
    assert is_flood(rules.least_unknown, 2, 3, rules)


def test_the_file_names_kinds_that_exist_and_its_sources() -> None:
    assert set(RULES.moving_kinds) <= KINDS.by_code.keys()
    assert [line.up_to_km for line in RULES.double_presence.travel] == [60, 250, 4000]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("least = 40", ""),
        ("up_to_km = 60", "up_to_km = 600"),
        ("kmh = 90", "kmh = 0"),
        ("least_km = 20", "least_km = 20\nspeed = 3"),
    ],
)
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, written: str, instead: str) -> None:
    import lachan.visits.doubts.domain as module

    text = Path(module.__file__).with_name("doubts.toml").read_text(encoding="utf-8")
    assert written in text
    path = tmp_path / "doubts.toml"
    path.write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(RulesError):
        load_rules(path)
