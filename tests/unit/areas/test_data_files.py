"""The reference data itself: complete, consistent, and small enough for a repository."""

from collections import Counter

import pytest
import shapely

from lachan.areas import data_files
from lachan.areas.domain import is_path, parent_of
from lachan.areas.importing import BOUNDS
from lachan.areas.reference import read_code_aliases


@pytest.fixture(scope="module")
def units():
    return list(data_files.read_table(data_files.UNITS))


@pytest.fixture(scope="module")
def former():
    return list(data_files.read_table(data_files.FORMER))


@pytest.fixture(scope="module")
def crosswalk():
    return list(data_files.read_table(data_files.CROSSWALK))


@pytest.fixture(scope="module")
def shapes():
    return {
        path: shapely.union_all(
            [shapely.make_valid(shapely.Polygon(p[0], p[1:])) for p in polygons]
        )
        for path, polygons in data_files.read_shapes()
    }


def test_the_current_edition_is_complete(units):
    assert Counter(unit["level"] for unit in units) == {"0": 1, "1": 34, "2": 3321}
    assert len({unit["path"] for unit in units}) == len(units)
    for unit in units:
        assert is_path(unit["path"])
        assert (parent_of(unit["path"]) or "") == unit["parent"]
        assert unit["path"].endswith(unit["code"])
        assert unit["name"]
        assert unit["full_name"].endswith(unit["name"])
        assert unit["name_en"].isascii()


def test_the_former_edition_is_complete(former):
    counts = Counter(unit["level"] for unit in former if unit["edition"] == "2021")
    assert counts == {"1": 63, "2": 705, "3": 10_599}
    codes = {unit["code"] for unit in former}
    assert len(codes) == len(former)
    assert all(unit["parent_code"] in codes for unit in former if unit["level"] != "1")


def test_every_unit_has_a_successor_and_a_predecessor(units, former, crosswalk):
    assert {row["former_code"] for row in crosswalk} == {unit["code"] for unit in former}
    assert {row["path"] for row in crosswalk} == {unit["path"] for unit in units} - {"VN"}


def test_successors_are_numbered_from_nought(crosswalk):
    positions: dict[str, list[int]] = {}
    for row in crosswalk:
        positions.setdefault(row["former_code"], []).append(int(row["position"]))
    assert all(found == list(range(len(found))) for found in positions.values())


@pytest.mark.parametrize(
    ("former_code", "path"),
    [
        ("00001", "VN.01.00097"),  # phường Phúc Xá went into phường Hồng Hà
        ("24", "VN.24"),  # Bắc Giang into Bắc Ninh
        ("27", "VN.24"),
        ("318", "VN.31.11948"),  # the island district of Bạch Long Vĩ
        ("498", "VN.48.20333"),  # Hoàng Sa
        ("576", "VN.56.22736"),  # Trường Sa
        ("20239", "VN.48.20242"),  # phường Hải Châu II into phường Hải Châu
    ],
)
def test_known_successors(crosswalk, former_code, path):
    assert path in {row["path"] for row in crosswalk if row["former_code"] == former_code}


def test_every_position_lies_in_the_country(units):
    west, south, east, north = BOUNDS
    for unit in units:
        assert west < float(unit["lon"]) < east, unit
        assert south < float(unit["lat"]) < north, unit


def test_every_unit_has_an_outline_in_the_country(units, shapes):
    assert shapes.keys() == {unit["path"] for unit in units}
    west, south, east, north = BOUNDS
    for path, shape in shapes.items():
        assert shape.area > 0, path
        x0, y0, x1, y1 = shape.bounds
        assert west < x0 < x1 < east, path
        assert south < y0 < y1 < north, path


def test_a_ward_lies_in_its_own_outline(units, shapes):
    for unit in units:
        if unit["level"] == "2" and not unit["full_name"].startswith("Đặc khu"):
            point = shapely.Point(float(unit["lon"]), float(unit["lat"]))
            # Outlines are kept to 0.001 degree; a centre on the very shore may fall outside.
            assert shapes[unit["path"]].distance(point) < 0.002, unit


def test_wards_do_not_overlap_and_fill_their_province(shapes):
    wards = {path: shape for path, shape in shapes.items() if path.count(".") == 2}
    united = shapely.union_all(list(wards.values()))
    total = sum(shape.area for shape in wards.values())
    assert united.area == pytest.approx(total, rel=2e-3)
    provinces = shapely.union_all([shapes[path] for path in shapes if path.count(".") == 1])
    assert provinces.symmetric_difference(united).area < 0.02 * total


@pytest.mark.parametrize(
    ("path", "islets", "within"),
    [
        ("VN.48.20333", 5, (110.9, 15.5, 113.1, 17.4)),  # Hoàng Sa
        ("VN.56.22736", 10, (111.4, 6.8, 117.5, 12.1)),  # Trường Sa
    ],
)
def test_the_archipelagos_are_on_the_map(shapes, path, islets, within):
    shape = shapes[path]
    assert len(shapely.get_parts(shape)) >= islets
    assert shapely.box(*within).covers(shape)
    province = parent_of(path)
    assert province is not None
    for whole in (shapes[province], shapes["VN"]):
        missing = shape.difference(whole.buffer(0.02))
        assert missing.area < 0.05 * shape.area


def test_no_foreign_island_is_on_the_map(shapes):
    """Natural Earth draws Balabac and Banggi where the limits of Trường Sa end."""
    assert not shapes["VN"].intersects(shapely.box(116.2, 6.5, 118, 9))


def test_other_codes_lead_to_real_ones(units):
    codes = {unit["code"] for unit in units if unit["level"] == "2"}
    for other, code in read_code_aliases().items():
        assert other not in codes
        assert code in codes


def test_files_say_where_they_come_from_and_stay_small():
    attribution = (data_files.FOLDER / "ATTRIBUTION.md").read_text("utf-8")
    files = [file for file in data_files.FOLDER.iterdir() if file.name != "ATTRIBUTION.md"]
    assert all(file.name in attribution for file in files)
    assert sum(file.stat().st_size for file in files) < 3_000_000
