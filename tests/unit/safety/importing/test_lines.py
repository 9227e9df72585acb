"""What may be said of a line before any other place is looked at."""

import pytest

from lachan.places.bulk.domain import Ward, Wards
from lachan.safety.importing.domain import Found, Terms, judge, settle_ward

WARD = "VN.01.00004"
TERMS = Terms(
    Wards([Ward(WARD, ("Ba Đình", "Phường Ba Đình"), ("Hà Nội",))]),
    {"school": "school", "truong hoc": "school"},
    None,
)


def found(name: str = "Trường Một", kind: str = "Trường học", **more: object) -> Found:
    return Found(2, name, kind, **{"lat": 21.03, "lon": 105.83, **more})  # type: ignore[arg-type]


def test_a_good_line_is_new() -> None:
    row = judge(found(ref="A1", address=" 5  Phố Thử "), TERMS)
    assert (row.verdict, row.kind, row.address, row.area) == ("new", "school", "5 Phố Thử", "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (found(name=" "), "name-missing"),
        (found(name="x" * 201), "name-too-long"),
        (found(name="Trường\u202eMột"), "name-unprintable"),
        (found(name="=HYPERLINK(1)"), "formula"),
        (found(address="@SUM(A1)"), "formula"),
        (found(ref="+1"), "formula"),
        (found(ref="x" * 101), "ref-too-long"),
        (found(kind="quán bar"), "kind-unknown"),
        (found(lat=105.83, lon=21.03), "swapped"),
        (found(lat=48.85, lon=2.35), "abroad"),
        (found(lat=float("inf"), lon=105.0), "abroad"),
        (found(lat=None), "position-half"),
        (found(lat=None, lon=None), "nowhere"),
        (found(lat=None, lon=None, ward="Không đâu"), "ward-unknown"),
        (found(trouble="not-a-feature"), "not-a-feature"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(line: Found, reason: str) -> None:
    row = judge(line, TERMS)
    assert (row.verdict, row.reason) == ("refused", reason)
    assert row.lat is None or -90 <= row.lat <= 90


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
def test_what_is_refused_can_be_kept(bad: str) -> None:
    text = f"a{bad}b"
    row = judge(found(name=text, kind=text, ref=text, address=text), TERMS)
    assert (row.verdict, row.reason) == ("refused", "name-unprintable")
    assert {row.name, row.kind, row.ref, row.address} == {"a\ufffdb"}


def test_a_ward_alone_is_enough() -> None:
    row = judge(found(lat=None, lon=None, ward="phường Ba Đình", province="Hà Nội"), TERMS)
    assert (row.verdict, row.area) == ("new", WARD)


def test_a_position_gives_the_ward() -> None:
    assert settle_ward(judge(found(), TERMS), WARD, None, 3_000, TERMS).area == WARD


def test_a_position_in_no_ward_is_refused() -> None:
    row = settle_ward(judge(found(), TERMS), None, None, 3_000, TERMS)
    assert (row.verdict, row.reason) == ("refused", "off-land")


def test_a_position_far_from_the_ward_that_is_named_is_doubtful() -> None:
    row = judge(found(ward="Ba Đình"), TERMS)
    there = settle_ward(row, "VN.01.00008", 20_000, 3_000, TERMS)
    assert (there.verdict, there.reason, there.area) == ("doubtful", "ward-differs", WARD)
    assert settle_ward(row, "VN.01.00008", 100, 3_000, TERMS).verdict == "new"


def test_another_area_than_the_senders_is_refused() -> None:
    terms = Terms(TERMS.wards, TERMS.kinds, ["VN.79"])
    row = settle_ward(judge(found(), terms), WARD, None, 3_000, terms)
    assert (row.verdict, row.reason) == ("refused", "outside-area")
