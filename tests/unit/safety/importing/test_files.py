"""Files of facilities, whatever their kind, become lines."""

import json
from pathlib import Path

import osmium
import pytest

from lachan.kit.errors import Problem
from lachan.safety.importing.domain import Found
from lachan.safety.importing.errors import (
    FacilityColumnsMissing,
    FacilityFileTooLarge,
    FacilityFileUnreadable,
)
from lachan.safety.importing.files import MOST_BYTES, read, source_of

KINDS = frozenset({"school", "medical"})


def lines(file: Path) -> list[Found]:
    return list(read(file, KINDS))


def node(number: int, lat: float, lon: float, **tags: str) -> osmium.osm.mutable.Node:
    return osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags)


def way(number: int, nodes: list[int], **tags: str) -> osmium.osm.mutable.Way:
    return osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A small OpenStreetMap extract: a node, a closed way, a relation, and what is none of ours."""
    file = tmp_path / "hanoi.osm.pbf"
    writer = osmium.SimpleWriter(str(file))
    try:
        writer.add_node(node(1, 21.03, 105.85, amenity="school", name="Trường Tiểu học Một"))
        writer.add_node(node(2, 21.04, 105.84, amenity="pharmacy"))
        writer.add_node(node(3, 21.04, 105.84, amenity="cafe", name="Quán cà phê"))
        for number, (lat, lon) in enumerate(
            [(21.0, 105.8), (21.0, 105.802), (21.002, 105.802), (21.002, 105.8)], start=10
        ):
            writer.add_node(node(number, lat, lon))
        writer.add_way(
            way(
                20,
                [10, 11, 12, 13, 10],
                amenity="hospital",
                name="Bệnh viện Hai",
                **{"addr:housenumber": "5", "addr:street": "Phố Thử"},
            )
        )
        writer.add_way(way(21, [10, 11, 12, 10]))
        writer.add_way(way(22, [10, 11, 12, 10], building="school"))
        writer.add_way(way(23, [98, 99], amenity="school", name="Trường ngoài rìa"))
        writer.add_relation(
            osmium.osm.mutable.Relation(
                id=30,
                members=[("w", 21, "outer")],
                tags={"type": "multipolygon", "amenity": "school", "name": "Trường Ba"},
            )
        )
    finally:
        writer.close()
    return file


def test_an_extract_gives_nodes_ways_and_relations_with_their_middle(extract: Path) -> None:
    found = {one.ref: one for one in lines(extract)}
    assert list(found) == ["n1", "n2", "w20", "w23", "r30"]
    assert (found["n1"].name, found["n1"].kind) == ("Trường Tiểu học Một", "school")
    assert (found["n1"].lat, found["n1"].lon) == (21.03, 105.85)
    assert found["n2"].name == ""
    assert (found["w20"].lat, found["w20"].lon) == (21.001, 105.801)
    assert (found["w20"].kind, found["w20"].address) == ("medical", "5 Phố Thử")
    assert found["w23"].trouble == "position-invalid"
    assert (found["r30"].lat, found["r30"].lon) == (21.001, 105.801)


def test_a_broken_extract_is_refused(extract: Path) -> None:
    extract.write_bytes(extract.read_bytes()[:200])
    with pytest.raises(FacilityFileUnreadable):
        lines(extract)
    extract.write_bytes(b"not a protocol buffer at all")
    with pytest.raises(FacilityFileUnreadable):
        lines(extract)


def geojson(folder: Path, *features: object) -> Path:
    file = folder / "danh sach.geojson"
    file.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return file


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_geojson_is_read_by_its_columns_or_its_tags(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [105.85, 21.03]}
    square = {
        "type": "Polygon",
        "coordinates": [[[105.0, 21.0], [105.2, 21.0], [105.2, 21.2], [105.0, 21.0]]],
    }
    named = feature(point, **{"Tên cơ sở": "Trường A", "Loại": "Trường học", "Mã": "T-01"})
    tagged = {**feature(square, name="Bệnh viện B", amenity="hospital"), "id": "way/77"}
    food = feature(point, name="Quán C", amenity="cafe")
    one, two = lines(geojson(tmp_path, named, tagged, food))
    assert (one.line, one.name, one.kind, one.ref) == (1, "Trường A", "Trường học", "T-01")
    assert (two.line, two.kind, two.ref) == (2, "medical", "w77")
    assert (two.lat, two.lon) == pytest.approx((21.1, 105.1))


@pytest.mark.parametrize(
    ("thing", "trouble"),
    [
        (None, "not-a-feature"),
        ({"type": "Feature", "properties": None}, "not-a-feature"),
        (feature({"type": "Point", "coordinates": ["105", "21"]}), "position-invalid"),
        (feature({"type": "Point", "coordinates": []}), "position-invalid"),
        (feature({"type": "Point", "coordinates": [True, False]}), "position-invalid"),
        (feature("here"), "position-invalid"),
        (feature({"type": "Point", "coordinates": [10**400, 21.03]}), "position-invalid"),
        (feature(None), ""),
    ],
)
def test_a_feature_that_is_none_is_named_not_dropped(
    tmp_path: Path, thing: object, trouble: str
) -> None:
    (found,) = lines(geojson(tmp_path, thing))
    assert found.trouble == trouble


def test_another_coordinate_system_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.geojson"
    file.write_text(
        '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": '
        '"urn:ogc:def:crs:EPSG::3405"}}, "features": []}'
    )
    with pytest.raises(FacilityFileUnreadable):
        lines(file)


def table(folder: Path, text: str) -> Path:
    file = folder / "danh-sach.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_table_is_read_as_lists_of_places_are(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        "Mã trường;Tên trường;Tên;Loại hình;Vĩ độ;Kinh độ;Xã\n"
        "001;;Trường Một;TH;21,03;105,85;\n"
        "002;;Trường Hai;TH;x;105,85;Ba Đình\n",
    )
    one, two = lines(file)
    assert (one.line, one.ref, one.name, one.kind) == (2, "001", "Trường Một", "TH")
    assert (one.lat, one.lon) == (21.03, 105.85)
    assert (two.trouble, two.ward) == ("position-invalid", "Ba Đình")


def test_a_table_without_its_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(FacilityColumnsMissing) as refused:
        lines(table(tmp_path, "Tên;Vĩ độ\nTrường;21\n"))
    assert refused.value.params == {"columns": "loại"}
    with pytest.raises(FacilityColumnsMissing) as refused:
        lines(table(tmp_path, "Tên;Loại;Vĩ độ\nTrường;TH;21\n"))
    assert refused.value.params == {"columns": "phường xã"}


def test_an_oversized_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = table(tmp_path, "Tên;Loại;Xã\n")
    monkeypatch.setitem(MOST_BYTES, "table", 5)
    with pytest.raises(FacilityFileTooLarge):
        lines(file)


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Problem):
        lines(file)


def test_the_register_is_named_by_the_file_unless_somebody_says() -> None:
    assert source_of("vietnam-latest.osm.pbf") == "osm"
    assert source_of("Trường học 2026.xlsx") == "truong-hoc-2026"
    assert source_of("???.csv") == "list"
