"""What the pages on areas say, without a browser."""

import pytest

PAGE = {"accept": "text/html", "accept-language": "vi"}


async def text_of(asking, path, **params):
    answer = await asking.get(path, params=params, headers=PAGE)
    assert answer.status_code == 200, answer.text[:300]
    assert " style=" not in answer.text
    return answer.text


async def test_the_country_shows_every_province_and_both_archipelagos(asking):
    text = await text_of(asking, "/areas")
    assert "34 tỉnh, thành phố và 3.321 phường, xã, đặc khu" in text
    assert text.count('class="area-shape"') == 34
    assert text.count('<td data-label="Tỉnh, thành phố">') == 34
    assert "Quần đảo Hoàng Sa</text>" in text
    assert "Quần đảo Trường Sa</text>" in text
    assert "Ranh giới gần đúng" in text
    assert len(text) < 150_000


async def test_a_former_name_finds_the_new_unit_and_says_why(asking):
    text = await text_of(asking, "/areas", q="dich vong")
    assert 'href="/areas/VN.01.00166"' in text
    assert "Trước đây: Phường Dịch Vọng, Quận Cầu Giấy, Thành phố Hà Nội" in text


@pytest.mark.parametrize("q", ["xyzzy", "<script>alert(1)</script>", "'\"%_"])
async def test_nothing_found_is_said_and_what_was_typed_is_escaped(asking, q):
    text = await text_of(asking, "/areas", q=q)
    assert "Không tìm thấy địa bàn nào" in text
    assert "<script>alert" not in text


async def test_a_province_lists_all_its_wards(asking):
    text = await text_of(asking, "/areas/VN.01")
    assert "126 phường, xã, đặc khu trực thuộc" in text
    assert text.count('class="area-shape"') == 126
    assert text.count('href="/areas/VN.01.') == 2 * 126


@pytest.mark.parametrize(
    ("province", "island", "name"),
    [
        ("VN.48", "VN.48.20333", "Quần đảo Hoàng Sa"),
        ("VN.56", "VN.56.22736", "Quần đảo Trường Sa"),
    ],
)
async def test_an_archipelago_has_a_picture_of_its_own(asking, province, island, name):
    text = await text_of(asking, f"/areas/{province}")
    assert text.count("<svg viewBox") == 2
    assert f'href="/areas/{island}"' in text
    assert name in text
    assert "Đặc khu" in await text_of(asking, f"/areas/{island}")


async def test_a_ward_says_what_it_was_made_of_and_where_it_lies(asking):
    text = await text_of(asking, "/areas/VN.01.00097")
    assert "Phường Phúc Xá, <span>Quận Ba Đình, Thành phố Hà Nội</span>" in text
    assert text.count("area-here") == 1


async def test_the_country_has_one_address(asking):
    answer = await asking.get("/areas/VN", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (308, "/areas")


async def test_an_unknown_area_is_a_page_that_says_so(asking):
    answer = await asking.get("/areas/VN.99", headers=PAGE)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Không có đơn vị hành chính này" in answer.text


async def test_english_is_complete(asking):
    answer = await asking.get("/areas/VN.48", headers={**PAGE, "accept-language": "en"})
    assert "Da Nang City" in answer.text
    assert "Hoàng Sa (Paracel)" in answer.text
