from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.areas.geojson import read_features
from lachan.areas.importing import REASONS, check_outlines, known_wards, unite

WARDS = {"00004": "VN.01.00004", "00008": "VN.01.00008", "06970": "VN.22.06970"}
SQUARE = [[105.8, 21.0], [105.9, 21.0], [105.9, 21.1], [105.8, 21.1], [105.8, 21.0]]
OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "vn34_wards.geojson"


def feature(code="00004", coordinates=None, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": {"code": code, **properties},
        "geometry": {"type": kind, "coordinates": coordinates or [SQUARE]},
    }


def reasons(*features):
    return [trouble.reason for trouble in check_outlines(features, WARDS).troubles]


def test_a_good_feature_is_taken():
    found = check_outlines([feature(prov="01")], WARDS)
    assert not found.troubles
    assert found.mended == 0
    assert shapely.from_wkb(found.taken["VN.01.00004"]).area == pytest.approx(0.01)


def test_a_number_for_a_code_gets_its_zeros_back():
    assert list(check_outlines([feature(code=4, prov=1)], WARDS).taken) == ["VN.01.00004"]


def test_another_code_in_use_is_understood():
    square = [[[107.2, 21.2], [107.3, 21.2], [107.3, 21.3], [107.2, 21.2]]]
    found = check_outlines([feature("06978", square)], WARDS)
    assert list(found.taken) == ["VN.22.06970"]
    assert found.renamed == 1


def test_heights_are_dropped():
    high = [[[x, y, 12.5] for x, y in SQUARE]]
    found = check_outlines([feature(coordinates=high)], WARDS)
    assert not shapely.has_z(shapely.from_wkb(found.taken["VN.01.00004"]))


def test_a_polygon_that_crosses_itself_is_mended():
    bow = [[[105.8, 21.0], [105.9, 21.1], [105.9, 21.0], [105.8, 21.1], [105.8, 21.0]]]
    found = check_outlines([feature(coordinates=bow)], WARDS)
    assert found.mended == 1
    mended = shapely.from_wkb(found.taken["VN.01.00004"])
    assert mended.is_valid
    assert mended.area == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("text", "not-a-feature"),
        ({"type": "Polygon"}, "not-a-feature"),
        ({"type": "Feature"}, "no-code"),
        (feature(code="4x"), "no-code"),
        (feature(code=None), "no-code"),
        (feature(code="٠٠٠٠٤"), "no-code"),
        (feature(code="99999"), "unknown-code"),
        (feature(prov="22"), "wrong-province"),
        ({**feature(), "geometry": None}, "no-polygon"),
        (feature(kind="Point", coordinates=[105.8, 21.0]), "no-polygon"),
        (feature(coordinates=[[["a", "b"], ["c", "d"], ["e", "f"]]]), "bad-coordinates"),
        (feature(coordinates=5), "bad-coordinates"),
        (feature(coordinates=[[[105.8, 21.0], [105.9, 21.0]]]), "bad-coordinates"),
        (feature(coordinates=[[[105.8, float("nan")], *SQUARE[1:]]]), "bad-coordinates"),
        (feature(coordinates=[[[y, x] for x, y in SQUARE]]), "swapped"),
        (feature(coordinates=[[[x - 100, y] for x, y in SQUARE]]), "abroad"),
        (feature(coordinates=[[[x * 5000, y * 90000] for x, y in SQUARE]]), "not-degrees"),
        (feature(coordinates=[[SQUARE[0], SQUARE[1], SQUARE[0]]]), "empty"),
        (feature(coordinates=[[SQUARE[0], SQUARE[1], SQUARE[1], SQUARE[0]]]), "empty"),
        (feature(kind="MultiPolygon", coordinates=[[]]), "empty"),
    ],
)
def test_each_fault_has_its_reason(bad, reason):
    assert reasons(bad) == [reason]
    assert reason in REASONS


def test_a_ward_may_come_once():
    assert reasons(feature(), feature(), feature("00008")) == ["duplicate"]


def test_the_number_and_code_of_a_bad_feature_are_told():
    trouble = check_outlines([feature(), feature("99999")], WARDS).troubles[0]
    assert (trouble.number, trouble.code) == (2, "99999")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


# No deadline: the machine may be busy with something else.
@settings(deadline=None)
@given(
    anything
    | st.builds(feature, coordinates=anything, kind=st.sampled_from(["Polygon", "MultiPolygon"]))
)
def test_no_feature_breaks_the_reading(any_feature):
    found = check_outlines([any_feature], WARDS)
    assert len(found.troubles) + len(found.taken) == 1


def test_wards_with_a_gap_between_make_one_province():
    left, right = shapely.box(105, 20, 106, 21), shapely.box(106.0001, 20, 107, 21)
    province = shapely.from_wkb(unite([shapely.to_wkb(left), shapely.to_wkb(right)]))
    assert province.geom_type == "Polygon"
    assert province.area == pytest.approx(2, rel=1e-3)


def test_a_real_file_is_taken():
    if not OFFICIAL.exists():
        pytest.skip("the official outlines lie beside the repository, and not here")
    found = check_outlines(read_features(OFFICIAL), known_wards())
    assert not found.troubles
    assert len(found.taken) == found.read == 3321
    assert found.renamed == 1
