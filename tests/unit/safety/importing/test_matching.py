"""When two facilities are one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.importing.domain import Row
from lachan.safety.importing.matching import (
    RULES,
    Candidate,
    RulesError,
    likeness,
    load_rules,
    match,
    metres_between,
)

HERE = (21.0285, 105.8542)
WARD = "VN.01.00004"
NAMES = st.text(st.sampled_from("abcđêôơư ABC0123456789 ,.-'"), min_size=1, max_size=40)


def row(name: str, kind: str = "school", at: tuple[float, float] | None = HERE) -> Row:
    lat, lon = at or (None, None)
    return Row(7, "", name, kind, WARD, "", lat, lon, "new")


def place(
    name: str,
    metres: float | None = 0,
    kind: str = "school",
    place_id: int = 1,
    area: str = WARD,
) -> Candidate:
    if metres is None:
        return Candidate(name, kind, area, None, None, place_id=place_id)
    return Candidate(name, kind, area, HERE[0] + metres / 111_195, HERE[1], place_id=place_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường THCS Ba Đình", "TRƯỜNG TRUNG HỌC CƠ SỞ BA ĐÌNH"),
        ("Trường Tiểu học Thành Công B", "Tiểu học Thành Công B"),
        ("BV Bạch Mai", "Bệnh viện Bạch Mai"),
        ("TYT phường Cửa Nam", "Trạm Y tế Cửa Nam"),
        ("Trường mầm non Hoa Sen", "Hoa Sen (trường mầm non)"),
    ],
)
def test_names_that_registers_write_each_in_their_way_are_the_same(one: str, other: str) -> None:
    assert likeness(one, other) >= RULES.sure_likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường Tiểu học Ba Đình", "Trường THCS Ba Đình"),
        ("Trường Mầm non Hoa Sen số 3", "Trường Mầm non Hoa Sen số 5"),
        ("Trạm Y tế Cửa Nam", "Phòng khám Cửa Nam"),
        ("Trường Tiểu học Kim Liên", "Trường Tiểu học Phú Thượng"),
    ],
)
def test_names_of_two_facilities_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < RULES.maybe_likeness


@given(NAMES, NAMES)
def test_likeness_is_a_share_and_looks_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


def test_a_branch_with_a_number_is_never_for_sure_the_house_without() -> None:
    assert match(row("THPT Chu Văn An cơ sở 2"), [place("THPT Chu Văn An")]).verdict == "doubtful"


def test_the_same_name_near_by_is_the_same_place() -> None:
    found = match(row("Trường Tiểu học Ba Đình"), [place("Tiểu học Ba Đình", 120)])
    assert (found.verdict, found.place_id, found.metres, found.likeness) == ("matched", 1, 120, 1.0)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (place("Trường Tiểu học Ba Đình", 1_500), "far"),
        (place("Trường Tiểu học Ba Đình Hòa", 90), "alike"),
        (place("Trường Tiểu học Ba Vì", 10), "same-spot"),
        (place("Trường Tiểu học Ba Đình", 40, "office"), "other-kind"),
        (place("Tiểu học Ba Đình Hòa", None), "alike"),
        (place("Tiểu học Ba Đình", None, "office"), "other-kind"),
    ],
)
def test_what_may_be_the_same_waits_for_a_person(candidate: Candidate, reason: str) -> None:
    found = match(row("Trường Tiểu học Ba Đình"), [candidate])
    assert (found.verdict, found.reason, found.place_id) == ("doubtful", reason, 1)


@pytest.mark.parametrize(
    "candidate",
    [
        place("Trường Tiểu học Ba Đình", 5_000),
        place("Trường Tiểu học Ba Đình", 1_500, area="VN.01.00008"),
        place("Trường Tiểu học Kim Liên", 30),
        place("Trường Tiểu học Ba Đình", None, area="VN.01.00008"),
        place("Trường Tiểu học Ba Đình", 400, "office"),
    ],
)
def test_what_is_another_place_is_new(candidate: Candidate) -> None:
    assert match(row("Trường Tiểu học Ba Đình"), [candidate]).verdict == "new"


def test_of_two_that_look_right_a_person_says_which() -> None:
    both = [place("Tiểu học Ba Đình", 10), place("Trường Tiểu học Ba Đình", 20, place_id=2)]
    found = match(row("Trường Tiểu học Ba Đình"), both)
    assert (found.verdict, found.reason) == ("doubtful", "several")


def test_the_nearest_of_many_is_meant() -> None:
    many = [place("Tiểu học Ba Đình Hòa", 50, place_id=3), place("Tiểu học Ba Đình", 200)]
    assert match(row("Tiểu học Ba Đình"), many).place_id == 1


def test_a_place_without_position_is_known_by_its_ward() -> None:
    found = match(row("Trường Tiểu học Ba Đình", at=None), [place("Tiểu học Ba Đình", 30)])
    assert (found.verdict, found.metres) == ("matched", None)


@given(st.floats(8, 23), st.floats(102.2, 109.4), st.floats(0, 0.05), st.floats(0, 0.05))
def test_metres_are_symmetric_and_near_those_of_a_degree(
    lat: float, lon: float, north: float, east: float
) -> None:
    there = (lat + north, lon + east)
    metres = metres_between((lat, lon), there)
    assert metres == pytest.approx(metres_between(there, (lat, lon)))
    assert 111_195 * north <= metres + 0.01 <= 111_195 * (north + east) + 0.02


def test_rules_out_of_order_are_refused(tmp_path: Path) -> None:
    source = Path("src/lachan/safety/importing/matching.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "rules.toml"
    wrong.write_text(source.replace("sure_likeness = 0.86", "sure_likeness = 0.5"), "utf-8")
    with pytest.raises(RulesError, match="out of order"):
        load_rules(wrong)
    wrong.write_text(source.replace("[metres.other]", "[metres.others]"), "utf-8")
    with pytest.raises(RulesError, match=r"metres\.other"):
        load_rules(wrong)


def test_working_values_say_that_they_are() -> None:
    assert RULES.source
    assert not RULES.verified
