import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.areas.geojson import GeoJsonError, read_features


def write(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "file.geojson"
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def test_features_come_one_by_one(tmp_path):
    file = write(tmp_path, collection({"a": 1}, {"tên": "Cầu Giấy"}, {"b": [1, 2, {"c": "]"}]}))
    assert list(read_features(file)) == [{"a": 1}, {"tên": "Cầu Giấy"}, {"b": [1, 2, {"c": "]"}]}]


def test_an_empty_collection_has_no_features(tmp_path):
    assert list(read_features(write(tmp_path, collection()))) == []


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert list(read_features(write(tmp_path, collection({}), "utf-8-sig"))) == [{}]


def test_reading_is_told_in_bytes(tmp_path):
    file = write(tmp_path, collection(*({"n": n} for n in range(1000))))
    heard = []
    assert len(list(read_features(file, told=heard.append))) == 1000
    assert sum(heard) == file.stat().st_size


def test_a_character_cut_by_the_end_of_a_block_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("lachan.areas.geojson._CHUNK", 64)
    names = ["Đắk Lắk", "Thừa Thiên Huế", "𝄞 Ắ", "x"] * 20
    text = json.dumps(
        {"type": "FeatureCollection", "features": [{"name": name} for name in names]},
        ensure_ascii=False,
    )
    assert [f["name"] for f in read_features(write(tmp_path, text))] == names


def test_a_large_file_does_not_fill_the_memory(tmp_path):
    feature = json.dumps({"type": "Feature", "text": "x" * 1000})
    file = tmp_path / "large.geojson"
    with file.open("w") as out:
        out.write('{"type":"FeatureCollection","features":[')
        out.write(",".join([feature] * 30_000))
        out.write("]}")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_features(file)) == 30_000
        assert tracemalloc.get_traced_memory()[1] < file.stat().st_size / 3
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no GeoJSON"),
        ("hello", "no GeoJSON"),
        ('{"type": "Topology", "objects": {}}', "no GeoJSON"),
        ('["features": [', "no GeoJSON"),
        ('{"type": "FeatureCollection", "features": [{"a": 1}', "ends in the middle"),
        ('{"type": "FeatureCollection", "features": [{"a": 1', "not valid JSON"),
        ('{"type": "FeatureCollection", "features": [{"a": 1}, oops]}', "not valid JSON"),
        (collection({}, crs={"properties": {"name": "EPSG:3405"}}), "EPSG:3405"),
        (collection({}, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}), "32648"),
        (b'{"type": "FeatureCollection", "features": ["\xff\xfe"]}', "UTF-8"),
        ("[" * 200_000, "no GeoJSON"),
        ('{"type": "FeatureCollection", "features": [' + "1" * 5_000 + "]}", "not valid JSON"),
        (
            '{"type": "FeatureCollection", "features": [' + "[" * 200_000,
            "not valid JSON",
        ),
    ],
)
def test_other_files_are_refused_with_a_reason(tmp_path, text, says):
    with pytest.raises(GeoJsonError, match=says):
        list(read_features(write(tmp_path, text)))


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"]
)
def test_degrees_may_be_named_in_several_ways(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    assert list(read_features(write(tmp_path, collection({}, crs=crs)))) == [{}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


# No deadline: the machine may be busy with something else.
@settings(deadline=None, max_examples=40)
@given(st.lists(st.dictionaries(st.text(max_size=8), json_values), max_size=6), st.booleans())
def test_whatever_was_written_is_read(folder, features, ascii_only):
    file = folder / "file.geojson"
    document = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(document, ensure_ascii=ascii_only, indent=1), "utf-8", "replace")
    assert len(list(read_features(file))) == len(features)
