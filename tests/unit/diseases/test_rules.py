"""Versions of the rules: read back as they were kept, refused where they cannot be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.diseases.profiles import all_profiles, profile_of
from lachan.diseases.rules import (
    MESSAGE_KINDS,
    REASONS,
    RuleError,
    default_rule,
    rule_from,
)

WHOLE = default_rule("covid-19").body()


def made(**changes: object) -> Any:
    return rule_from({**WHOLE, **changes}, disease="covid-19", area="VN", version="7", rule_id=7)


@pytest.mark.parametrize("disease", [one.code for one in all_profiles()])
def test_the_default_is_the_profile_with_its_decisions(disease: str) -> None:
    rule, profile = default_rule(disease), profile_of(disease)
    assert rule.id is None
    assert rule.same_room_minutes == profile.same_room_minutes
    assert dict(rule.lingering_minutes) == dict(profile.lingering_minutes)
    assert rule.source
    assert rule.usual_levels == (1,)
    read = rule_from(rule.body(), disease=disease, area="VN", version=rule.version, rule_id=None)
    assert read == rule


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"same_room_minutes": 0}, "same_room_minutes"),
        ({"same_room_minutes": 1441}, "same_room_minutes"),
        ({"same_room_minutes": True}, "same_room_minutes"),
        ({"same_room_minutes": "15"}, "same_room_minutes"),
        ({"same_place_minutes": 14}, "same_place_minutes"),
        ({"lingering_minutes": {"good": 1}}, "lingering_minutes"),
        ({"lingering_minutes": {**WHOLE["lingering_minutes"], "poor": -1}}, "air_poor"),
        ({"mode": "some"}, "kinds"),
        ({"mode": "only", "kinds": []}, "kinds"),
        ({"levels": []}, "levels"),
        ({"levels": [0]}, "levels"),
        ({"levels": [1], "usual_levels": [2]}, "usual_levels"),
        ({"steps": [{"kind": "panic", "levels": [1], "minutes": 0}]}, "steps"),
        ({"steps": [{"kind": "test", "levels": [], "minutes": 0}]}, "levels"),
        ({"steps": [{"kind": "test", "levels": [1], "minutes": 0}] * 13}, "steps"),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        made(**changes)
    assert refused.value.field in {field, "steps"}


def test_kinds_of_places_in_or_out() -> None:
    assert made(mode="all", kinds=["market"]).counts("market")
    assert not made(mode="except", kinds=["market"]).counts("market")
    assert made(mode="except", kinds=["market"]).counts("school")
    assert made(mode="only", kinds=["market"]).counts("market")
    assert not made(mode="only", kinds=["market"]).counts("school")


@given(level=st.integers(1, 5), minutes=st.integers(0, 1440), reason=st.sampled_from(REASONS))
def test_the_first_step_that_fits_decides(level: int, minutes: int, reason: str) -> None:
    rule = made(
        steps=[
            {"kind": "call_me", "levels": [1], "minutes": 0, "reasons": ["household"]},
            {"kind": "test", "levels": [1, 2], "minutes": 60, "reasons": []},
        ]
    )
    kind = rule.kind_of(level, minutes, reason)
    if level == 1 and reason == "household":
        expected = "call_me"
    elif level <= 2 and minutes >= 60:
        expected = "test"
    else:
        expected = "watch"
    assert kind == expected
    assert kind in MESSAGE_KINDS
