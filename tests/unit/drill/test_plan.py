"""The drill's truth: what its scans mean by the rules of visits is what it says they mean."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from lachan.drill.plan import Leaving, Plan, Scan, Truth, Way, make_plan
from lachan.visits.domain import Direction, EndSource, Outcome, Spot, Stay, decide

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)


def plan(seed: int, days: int = 7) -> Plan:
    return make_plan(people=60, places=20, days=days, seed=seed, now=NOW, zone=ZONE)


def listed(truth: Truth) -> list[Scan]:
    """What the lines on lists say, as scans."""
    return [
        Scan(uuid4(), stay.spot, direction, at)
        for stay in truth.listed
        for direction, at in (("in", stay.start), ("out", stay.end))
        if direction == "in" or stay.leaving is Leaving.SCANNED
    ]


def replayed(plan: Plan, truth: Truth) -> list[Stay]:
    """What the rules make of the scans in the order in which they are sent."""
    stays: list[Stay] = []
    for scan in [*truth.scans, *truth.kept, *listed(truth)]:
        place, room = scan.spot
        begun = [stay for stay in stays if stay.started_at <= scan.at]
        stay = max(begun, key=lambda one: one.started_at, default=None)
        following = min((one.started_at for one in stays if one.started_at > scan.at), default=None)
        spot = Spot(place, room, plan.places[place].usual_stay)
        decision = decide(stay, following, spot, Direction(scan.direction), scan.at)
        assert decision.outcome is not Outcome.NOT_INSIDE
        if decision.end is not None:
            assert stay is not None
            stay.ends_at, stay.end_source = decision.end
        if decision.begin_until is not None:
            stays.append(
                Stay(uuid4(), place, room, scan.at, decision.begin_until, EndSource.EXPECTED)
            )
    return sorted(stays, key=lambda one: one.started_at)


@pytest.mark.parametrize("seed", range(12))
def test_the_scans_tell_the_truth(seed: int) -> None:
    made = plan(seed)
    for truth in made.people:
        assert [
            ((stay.place_id, stay.room_id), stay.started_at, stay.ends_at)
            for stay in replayed(made, truth)
        ] == [(stay.spot, stay.start, stay.end) for stay in truth.stays]


def test_every_difficulty_occurs() -> None:
    made = plan(1)
    scans = [scan for truth in made.people for scan in truth.scans]
    assert any(scan.times == 2 and scan.at_once for scan in scans)
    assert any(scan.times == 2 and not scan.at_once for scan in scans)
    assert {scan.way for scan in scans} == {Way.APP, Way.CODE, Way.CARD}
    assert any(truth.kept for truth in made.people)
    assert any(truth.listed for truth in made.people)
    assert {scan.direction for scan in scans} == {"auto", "in", "out"}
    assert {stay.leaving for truth in made.people for stay in truth.stays} == set(Leaving)
    out_of_order = [
        truth
        for truth in made.people
        if [scan.at for scan in truth.scans] != sorted(scan.at for scan in truth.scans)
    ]
    assert out_of_order
    moved = [
        stay
        for truth in made.people
        for stay in truth.stays
        if stay.leaving is Leaving.FORGOTTEN
        and stay.end - stay.start < made.places[stay.spot[0]].usual_stay
    ]
    assert moved


def test_the_same_seed_makes_the_same_plan() -> None:
    assert plan(5) == plan(5)
    assert plan(5) != plan(6)


def test_all_of_it_is_past_and_within_the_offline_window() -> None:
    for truth in plan(3).people:
        for scan in truth.scans:
            assert NOW - timedelta(days=7) < scan.at < NOW
        for stay in truth.stays:
            assert stay.start < stay.end < NOW


def test_scan_ids_are_never_used_twice() -> None:
    ids = [scan.scan_id for truth in plan(2).people for scan in (*truth.scans, *truth.kept)]
    assert len(set(ids)) == len(ids)
