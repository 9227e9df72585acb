import shapely
from sqlalchemy import text


async def test_search_answers_anybody(asking):
    answer = await asking.get("/api/v1/areas/search", params={"q": "dich vong", "limit": 1})
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert item["area"]["path"] == "VN.01.00166"
    assert item["formerly"]["full_name"] == "Phường Dịch Vọng"
    assert "max-age" in answer.headers["cache-control"]


async def test_search_keeps_to_a_level(asking):
    answer = await asking.get("/api/v1/areas/search", params={"q": "ha", "level": 1})
    assert {item["area"]["level"] for item in answer.json()["items"]} == {1}


async def test_search_refuses_what_it_cannot_mean(asking):
    for params in ({}, {"q": "x" * 101}, {"q": "a", "limit": 0}, {"q": "a", "level": 7}):
        answer = await asking.get("/api/v1/areas/search", params=params)
        assert answer.status_code == 422, params
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_unit_and_what_lies_below(asking):
    detail = (await asking.get("/api/v1/areas/VN.24")).json()
    assert detail["area"]["full_name"] == "Tỉnh Bắc Ninh"
    assert len(detail["made_of"]) == 2
    below = (await asking.get("/api/v1/areas/VN/children")).json()["items"]
    assert len(below) == 34


async def test_an_unknown_unit_is_a_problem_in_both_languages(asking):
    for path in ("VN.99", "VN.1", "nowhere", "VN.01.99999"):
        for tail in ("", "/children", "/outlines"):
            answer = await asking.get(f"/api/v1/areas/{path}{tail}")
            assert answer.status_code == 404
            assert answer.json()["code"] == "area-not-found"
    vi = await asking.get("/api/v1/areas/VN.99", headers={"accept-language": "vi"})
    en = await asking.get("/api/v1/areas/VN.99", headers={"accept-language": "en"})
    assert vi.json()["detail"] == "Không có đơn vị hành chính này."
    assert en.json()["detail"] == "There is no such administrative unit."


async def test_the_ward_at_a_position(asking):
    there = await asking.get("/api/v1/areas/at", params={"lat": 21.0386, "lon": 105.838})
    assert there.json()["area"]["path"] == "VN.01.00004"
    assert there.json()["approximate"] is True
    sea = await asking.get("/api/v1/areas/at", params={"lat": 15, "lon": 110.5})
    assert (sea.status_code, sea.json()["code"]) == (404, "area-not-here")
    for lat in ("91", "nan", "inf", "x"):
        nowhere = await asking.get("/api/v1/areas/at", params={"lat": lat, "lon": 105})
        assert nowhere.status_code == 422, lat


async def test_outlines_are_geojson_that_a_browser_keeps(connection, client, owner):
    answer = await client.get("/api/v1/areas/VN.01/outlines")
    assert answer.headers["content-type"] == "application/geo+json"
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == 126
    for feature in collection["features"]:
        assert feature["properties"]["approximate"] is True
        assert shapely.from_geojson(str(feature["geometry"]).replace("'", '"')).is_valid

    again = {"if-none-match": answer.headers["etag"]}
    same = await client.get("/api/v1/areas/VN.01/outlines", headers=again)
    assert (same.status_code, same.content) == (304, b"")
    async with owner.begin() as begun:
        await begun.execute(
            text("UPDATE area_outline SET official = true WHERE path = 'VN.01.00004'")
        )
    changed = await client.get("/api/v1/areas/VN.01/outlines", headers=again)
    assert changed.status_code == 200
    assert [f["id"] for f in changed.json()["features"] if not f["properties"]["approximate"]] == [
        "VN.01.00004"
    ]
