import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from lachan.areas import store
from lachan.areas.geojson import read_features
from lachan.areas.importing import check_outlines, import_outlines, known_wards
from lachan.storage.roles import RoleUrls
from tests.conftest import Database

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "vn34_wards.geojson"


def square(code, west=105.80, **properties):
    ring = [[west, 21.0], [west + 0.02, 21.0], [west + 0.02, 21.02], [west, 21.02], [west, 21.0]]
    return {
        "type": "Feature",
        "properties": {"code": code, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write(tmp_path, *features):
    file = tmp_path / "wards.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def lachan(database, tmp_path, *arguments):
    environment = {
        **os.environ,
        "LACHAN_DATABASE_URL": database.owner_url,
        "LACHAN_DATA_DIR": str(tmp_path),
        "COLUMNS": "120",
    }
    return subprocess.run(
        [sys.executable, "-m", "lachan", "areas", "import", *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


async def official(connection):
    found = await connection.execute(
        text("SELECT path, source FROM area_outline WHERE official ORDER BY path")
    )
    return [tuple(row) for row in found]


async def test_good_outlines_are_taken_with_their_source(connection, database, tmp_path):
    file = write(tmp_path, square("00004", prov="01"), square("00008", west=105.83))
    ran = lachan(database, tmp_path, str(file), "--source", "Bản đồ số 7")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 wards of 1 provinces" in ran.stdout
    assert await official(connection) == [
        ("VN.01.00004", "Bản đồ số 7"), ("VN.01.00008", "Bản đồ số 7")]  # fmt: skip


async def test_one_bad_feature_keeps_all_out_and_is_named(connection, database, tmp_path):
    swapped = square("00008")
    ring = swapped["geometry"]["coordinates"][0]
    swapped["geometry"]["coordinates"] = [[[y, x] for x, y in ring]]
    file = write(tmp_path, square("00004"), swapped, square("99999"))
    ran = lachan(database, tmp_path, str(file))
    assert ran.returncode == 1
    assert "has latitude and longitude swapped" in ran.stdout
    assert "has a code that no ward has" in ran.stdout
    assert "2 of 3 features cannot be taken" in ran.stdout
    assert await official(connection) == []


async def test_checking_changes_nothing(connection, database, tmp_path):
    ran = lachan(database, tmp_path, str(write(tmp_path, square("00004"))), "--check")
    assert ran.returncode == 0
    assert "Nothing was changed" in ran.stdout
    assert await official(connection) == []


async def test_a_file_of_another_kind_is_refused_in_a_sentence(database, tmp_path):
    file = tmp_path / "wards.geojson"
    file.write_bytes(b"PK\x03\x04 a zip file")
    ran = lachan(database, tmp_path, str(file))
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "no GeoJSON FeatureCollection" in ran.stdout


async def test_a_database_out_of_reach_is_a_sentence(tmp_path):
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none", RoleUrls("", "", ""), "none")
    ran = lachan(nowhere, tmp_path, str(write(tmp_path, square("00004"))))
    assert ran.returncode == 1
    assert "The database refused" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


async def test_a_role_that_may_not_write_imports_nothing(connection, database, tmp_path):
    reader = replace(database, owner_url=database.urls.app)
    ran = lachan(reader, tmp_path, str(write(tmp_path, square("00004"))))
    assert ran.returncode == 1
    assert "permission denied" in ran.stdout
    assert await official(connection) == []


async def test_a_failure_in_the_middle_leaves_nothing_behind(connection, owner):
    outlines = check_outlines([square("00004"), square("00008")], known_wards())
    outlines.taken["VN.01.99999"] = outlines.taken[
        "VN.01.00004"
    ]  # no such area: the database objects
    with pytest.raises(Exception, match="foreign key"):
        async with owner.begin() as begun:
            await import_outlines(begun, outlines, source="test")
    assert await official(connection) == []


async def test_trouble_is_never_imported(connection):
    outlines = check_outlines([square("00004"), square("99999")], known_wards())
    with pytest.raises(ValueError, match="trouble"):
        await import_outlines(connection, outlines, source="test")


async def test_a_province_becomes_official_with_its_last_ward(connection):
    wards = await store.children(connection, "VN.04")
    features = [square(ward.code, west=105.5 + 0.02 * i) for i, ward in enumerate(wards)]
    last = features.pop()
    some = check_outlines(features, known_wards())
    assert await import_outlines(connection, some, source="test") == 0
    rest = check_outlines([last], known_wards())
    assert await import_outlines(connection, rest, source="test") == 1
    (province,) = [o for o in await store.outlines(connection, "VN") if o.path == "VN.04"]
    assert province.official
    united = shapely.from_wkb(province.geometry)
    assert united.area == pytest.approx(0.0004 * len(wards), rel=0.01)


async def test_the_official_outlines_of_the_whole_country(connection):
    if not OFFICIAL.exists():
        pytest.skip("the official outlines lie beside the repository, and not here")
    outlines = check_outlines(read_features(OFFICIAL), known_wards())
    assert await import_outlines(connection, outlines, source="test") == 34
    located = await store.at_point(connection, 21.0386, 105.838)
    assert (located.area.path, located.approximate) == ("VN.01.00004", False)
    assert all(outline.official for outline in await store.outlines(connection, "VN"))
