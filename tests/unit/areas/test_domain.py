import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.areas.domain import (
    Level,
    covers,
    fold,
    in_jurisdiction,
    is_path,
    level_of,
    parent_of,
    parse_query,
    path_of,
    simplify_roots,
)

provinces = st.integers(0, 99).map("{:02}".format)
wards = st.integers(0, 99_999).map("{:05}".format)
paths = st.one_of(
    st.just("VN"),
    provinces.map(path_of),
    st.tuples(provinces, wards).map(lambda codes: path_of(*codes)),
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("  Thừa Thiên – Huế ", "thua thien hue"),
        ("Ea H'Leo", "ea h leo"),
        ("PHƯỜNG 01", "phuong 1"),
        ("Ngũ Hành Sơn", "ngu hanh son"),
        ("Ký", "ky"),
        ("100", "100"),
        ("0", "0"),
        ("!?", ""),
    ],
)
def test_folding_drops_accents_case_and_marks(text, folded):
    assert fold(text) == folded


# No deadline: the machine may be busy with something else.
@settings(deadline=None)
@given(st.text())
def test_folded_text_is_plain_and_stays_the_same_when_folded_again(text):
    folded = fold(text)
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert "  " not in folded
    assert folded == folded.strip() == fold(folded)


@settings(deadline=None)
@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ "))
def test_composed_and_decomposed_letters_fold_alike(text):
    import unicodedata

    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_paths_are_made_of_official_codes():
    assert path_of() == "VN"
    assert path_of("01") == "VN.01"
    assert path_of("01", "00004") == "VN.01.00004"


@pytest.mark.parametrize("codes", [("1",), ("001",), ("01", "4"), (None, "00004"), ("٠١",)])
def test_other_codes_make_no_path(codes):
    with pytest.raises(ValueError, match=r"area|province"):
        path_of(*codes)


@pytest.mark.parametrize("text", ["", "VN.", "VN.1", "vn", "VN.01.4", "VN.01.00004.1", "VN.01\n"])
def test_other_text_is_no_path(text):
    assert not is_path(text)


@settings(deadline=None)
@given(paths)
def test_parents_lead_to_the_country(path):
    assert is_path(path)
    assert level_of(path) == path.count(".")
    parent = parent_of(path)
    if path == "VN":
        assert parent is None
        assert level_of(path) is Level.COUNTRY
    else:
        assert parent is not None
        assert level_of(parent) == level_of(path) - 1
        assert covers(parent, path)
        assert not covers(path, parent)


@settings(deadline=None)
@given(paths, paths, paths)
def test_covering_is_an_order(a, b, c):
    assert covers(a, a)
    if covers(a, b) and covers(b, c):
        assert covers(a, c)
    if covers(a, b) and covers(b, a):
        assert a == b


def test_a_code_that_begins_another_does_not_cover_it():
    assert not covers("VN.0", "VN.01")
    assert not covers("VN.01", "VN.011")


@settings(deadline=None)
@given(st.sets(paths, max_size=8), paths)
def test_fewest_roots_cover_just_as_much(roots, path):
    fewest = simplify_roots(roots)
    assert fewest <= roots
    assert in_jurisdiction(fewest, path) == in_jurisdiction(roots, path)
    assert not any(covers(a, b) for a in fewest for b in fewest if a != b)


def test_no_roots_cover_nothing():
    assert not in_jurisdiction((), "VN")


@pytest.mark.parametrize(
    ("typed", "kind", "bare"),
    [
        ("Phường Dịch Vọng", "phuong", "dich vong"),
        ("P. Dịch Vọng, Q. Cầu Giấy", "phuong", "dich vong"),
        ("tp hcm", "thanh pho", "hcm"),
        ("Q1", "quan", "1"),
        ("thị trấn Trường Sa", "thi tran", "truong sa"),
        ("phường", "", "phuong"),
        ("p", "", "p"),
        ("Ea H'Leo", "", "ea h leo"),
        ("Quan Sơn", "quan", "son"),
    ],
)
def test_the_kind_of_unit_is_told_from_its_name(typed, kind, bare):
    query = parse_query(typed)
    assert query is not None
    assert (query.kind, query.bare) == (kind, bare)


def test_what_comes_after_a_comma_is_searched_too():
    query = parse_query("Dịch Vọng, Q. Cầu Giấy")
    assert query is not None
    assert query.words == ("dich", "vong", "quan", "cau", "giay")
    assert query.without_kinds().words == ("dich", "vong", "cau", "giay")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_search_or_none(text):
    query = parse_query(text)
    assert (query is None) == (fold(text) == "")
    if query is not None:
        assert 1 <= len(query.words) <= 12
        assert query.bare
        assert all(word == fold(word) for word in query.words)
