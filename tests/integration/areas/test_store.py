import statistics
import time

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.areas import store
from lachan.areas.domain import Level


async def first(reading, typed, **options):
    hits = await store.search(reading, typed, **options)
    return hits[0] if hits else None


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("Cầu Giấy", "VN.01.00166"),
        ("cau giay", "VN.01.00166"),
        ("CAU  GIAY ", "VN.01.00166"),
        ("phường cầu giấy", "VN.01.00166"),
        ("p. cau giay, ha noi", "VN.01.00166"),
        ("hà nội", "VN.01"),
        ("tp. hn", "VN.01"),
        ("TPHCM", "VN.79"),
        ("sai gon", "VN.79"),
        ("đặc khu trường sa", "VN.56.22736"),
        ("hoang sa", "VN.48.20333"),
        ("ea h'leo", "VN.66.24184"),
        ("van mieu quoc tu giam", "VN.01.00226"),
    ],
)
async def test_current_names_are_found_first(reading, typed, path):
    hit = await first(reading, typed)
    assert hit.area.path == path
    assert hit.formerly is None


@pytest.mark.parametrize(
    ("typed", "path", "formerly", "within"),
    [
        ("dịch vọng", "VN.01.00166", "Phường Dịch Vọng", "Quận Cầu Giấy, Thành phố Hà Nội"),
        ("phuc xa ba dinh", "VN.01.00097", "Phường Phúc Xá", "Quận Ba Đình, Thành phố Hà Nội"),
        ("quận cầu giấy", "VN.01.00166", "Quận Cầu Giấy", "Thành phố Hà Nội"),
        ("tỉnh bắc giang", "VN.24", "Tỉnh Bắc Giang", None),
        ("thừa thiên", "VN.46", "Tỉnh Thừa Thiên Huế", None),
        ("quận 1", "VN.79.26743", "Quận 1", "Thành phố Hồ Chí Minh"),
        ("q1", "VN.79.26743", "Quận 1", "Thành phố Hồ Chí Minh"),
        ("huyen hoang sa", "VN.48.20333", "Huyện Hoàng Sa", "Thành phố Đà Nẵng"),
    ],
)
async def test_former_names_find_what_became_of_them(reading, typed, path, formerly, within):
    hit = await first(reading, typed)
    assert hit.area.path == path
    assert hit.formerly.full_name == formerly
    assert hit.formerly.within == within


async def test_a_divided_commune_leads_to_all_its_parts(reading):
    hits = await store.search(reading, "p. dich vong, q. cau giay")
    assert [hit.area.full_name for hit in hits] == ["Phường Cầu Giấy", "Phường Nghĩa Đô"]


async def test_a_namesake_far_away_is_no_part_of_a_commune(reading):
    hits = await store.search(reading, "xã tân thạnh, huyện thới lai")
    assert hits[0].area.full_name == "Xã Trường Thành"
    assert "Xã Tân Thạnh" not in {hit.area.full_name for hit in hits}


async def test_words_may_be_cut_short(reading):
    assert (await first(reading, "cầu gi")).area.path == "VN.01.00166"


async def test_each_area_comes_once(reading):
    hits = await store.search(reading, "ba đình", limit=50)
    paths = [hit.area.path for hit in hits]
    assert len(paths) == len(set(paths))
    assert paths[0] == "VN.01.00004"


async def test_search_keeps_to_a_level_and_to_a_root(reading):
    provinces = await store.search(reading, "h", level=Level.PROVINCE, limit=50)
    assert provinces
    assert {hit.area.level for hit in provinces} == {1}
    below = await store.search(reading, "tân", root="VN.79", limit=50)
    assert below
    assert all(hit.area.path.startswith("VN.79.") for hit in below)


@pytest.mark.parametrize("typed", ["", "   ", "!?%_", "xyzzy", "'; DROP TABLE area; --"])
async def test_nonsense_finds_nothing(reading, typed):
    assert await store.search(reading, typed) == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(max_size=80) | st.text("pqxhtầ1,. %_|\\'", max_size=30))
async def test_any_text_can_be_searched(reading, typed):
    hits = await store.search(reading, typed, limit=5)
    assert len(hits) <= 5


async def test_search_is_quick(reading):
    taken = []
    for typed in ("cau giay", "dịch vọng", "p. dich vong, q. cau giay", "ha noi", "tan"):
        await store.search(reading, typed)
        for _ in range(5):
            began = time.perf_counter()
            await store.search(reading, typed)
            taken.append(time.perf_counter() - began)
    # About 5 ms on a quiet machine; the limit leaves room for a busy one.
    assert statistics.median(taken) < 0.025


async def test_a_unit_knows_what_it_lies_in_and_what_it_was_made_of(reading):
    area = await store.get(reading, "VN.01.00097")
    assert (area.full_name, area.parent, area.parent_name) == (
        "Phường Hồng Hà", "VN.01", "Thành phố Hà Nội")  # fmt: skip
    former = await store.made_of(reading, area.path)
    assert "Phường Phúc Xá" in {unit.full_name for unit in former}
    assert {unit.level for unit in former} == {3}
    provinces = await store.made_of(reading, "VN.24")
    assert [unit.full_name for unit in provinces] == ["Tỉnh Bắc Giang", "Tỉnh Bắc Ninh"]
    island = await store.made_of(reading, "VN.31.11948")
    assert [unit.full_name for unit in island] == ["Huyện Bạch Long Vĩ"]
    assert await store.get(reading, "VN.99") is None


async def test_children_come_by_code(reading):
    provinces = await store.children(reading, "VN")
    assert [area.code for area in provinces] == sorted(area.code for area in provinces)
    assert len(provinces) == 34
    assert len(await store.children(reading, "VN.01")) == 126
    assert await store.children(reading, "VN.01.00004") == []


@pytest.mark.parametrize(
    ("lat", "lon", "path"),
    [
        (21.0386, 105.838, "VN.01.00004"),  # Ba Đình
        (16.53, 111.61, "VN.48.20333"),  # Hoàng Sa (Pattle)
        (8.645, 111.92, "VN.56.22736"),  # Trường Sa Lớn
        (10.2, 103.97, "VN.91.31078"),  # Phú Quốc
        (20.1346, 107.7307, "VN.31.11948"),  # Bạch Long Vĩ
    ],
)
async def test_the_ward_at_a_position(reading, lat, lon, path):
    located = await store.at_point(reading, lat, lon)
    assert located.area.path == path
    assert located.approximate


@pytest.mark.parametrize(("lat", "lon"), [(15.0, 110.5), (18.0, 102.6), (0, 0), (-90, 180)])
async def test_no_ward_lies_at_sea_or_abroad(reading, lat, lon):
    assert await store.at_point(reading, lat, lon) is None


async def test_an_official_outline_wins_over_an_approximate_one(reading):
    square = shapely.box(105.80, 21.00, 105.90, 21.06)
    await store.write_outlines(reading, [("VN.01.00008", shapely.to_wkb(square))], source="test")
    located = await store.at_point(reading, 21.0386, 105.838)  # the centre of Ba Đình
    assert located.area.path == "VN.01.00008"
    assert not located.approximate


async def test_outlines_of_what_lies_below_and_of_a_ward_itself(reading):
    provinces = await store.outlines(reading, "VN")
    assert [outline.path for outline in provinces] == [
        area.path for area in await store.children(reading, "VN")]  # fmt: skip
    assert not any(outline.official for outline in provinces)
    (ward,) = await store.outlines(reading, "VN.01.00004")
    assert ward.name == "Ba Đình"


async def test_the_stamp_changes_with_the_outlines(reading):
    before = await store.outlines_stamp(reading, "VN.01")
    other = await store.outlines_stamp(reading, "VN.79")
    assert await store.outlines_stamp(reading, "VN.01") == before != other
    square = shapely.to_wkb(shapely.box(105.80, 21.00, 105.90, 21.06))
    await store.write_outlines(reading, [("VN.01.00008", square)], source="test")
    assert await store.outlines_stamp(reading, "VN.01") != before
    assert await store.outlines_stamp(reading, "VN.79") == other
