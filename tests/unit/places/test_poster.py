"""Posters are printed, photographed and read back: the pictures here are decoded for real."""

import random
import time
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from lachan.kit.errors import Problem
from lachan.kit.i18n import Catalogs
from lachan.kit.ids import new_code
from lachan.places.errors import PrintersBusy
from lachan.places.poster import Poster, PosterPress, poster_url, qr_of
from lachan.settings import Settings

BASE_URL = Settings().web.base_url
LONG = ("Trung tâm Văn hóa, Thể thao và Học tập Cộng đồng liên phường " * 4)[:200]


@pytest.fixture(scope="module")
def press() -> PosterPress:
    return PosterPress(Catalogs(), BASE_URL)


def picture(press: PosterPress, poster: Poster, size: str = "a4", ppi: float = 72) -> Image.Image:
    return Image.open(BytesIO(press.draw([poster], size, ppi=ppi))).convert("L")


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("room", [None, "Lớp 2A"])
def test_the_picture_holds_the_short_address(
    press: PosterPress, size: str, room: str | None
) -> None:
    code = new_code()
    image = picture(press, Poster(code, "Trường Tiểu học Kim Liên số 3", room), size)
    assert read(image) == [poster_url(BASE_URL, code)]


def test_it_is_read_small_blurred_turned_and_pale(press: PosterPress) -> None:
    code = new_code()
    image = picture(press, Poster(code, "Chợ Hôm", None), ppi=150)
    wanted = [poster_url(BASE_URL, code)]
    small = image.resize((image.width // 6, image.height // 6), Image.Resampling.BILINEAR)
    assert read(small) == wanted
    assert read(image.filter(ImageFilter.GaussianBlur(8))) == wanted
    for angle in (7, 45, 90, 180, 200):
        turned = image.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
        assert read(turned) == wanted, angle
    assert read(image.point(lambda value: 110 + value // 4)) == wanted
    tilted = image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        (1, 0.12, -60, 0.03, 1.1, -40, 0.00006, 0.00009),
        fillcolor=255,
    )
    assert read(tilted) == wanted


def test_it_is_read_with_a_staple_and_a_stain(press: PosterPress) -> None:
    code = new_code()
    image = picture(press, Poster(code, "Chợ Hôm", None), ppi=72)
    stain = Image.new("L", (40, 40), 128)
    image.paste(stain, (image.width // 2 - 20, image.height // 2 - 20))
    assert read(image) == [poster_url(BASE_URL, code)]


def test_the_dark_part_is_15_cm_wide_on_a4(press: PosterPress) -> None:
    ppi = 100
    found = zxingcpp.read_barcodes(picture(press, Poster(new_code(), "Chợ", None), ppi=ppi))[0]
    corners = found.position
    width_cm = (corners.top_right.x - corners.top_left.x) / ppi * 2.54
    height_cm = (corners.bottom_left.y - corners.top_left.y) / ppi * 2.54
    assert width_cm == pytest.approx(15, abs=0.15)
    assert height_cm == pytest.approx(15, abs=0.15)


@pytest.mark.parametrize("base_url", [BASE_URL, "https://lachan.hanoi.gov.vn", "https://lc.vn/"])
def test_addresses_of_usual_length_stay_at_version_3(base_url: str) -> None:
    qr = qr_of(poster_url(base_url, new_code()))
    assert qr.version <= 3
    assert qr.error == "M"
    assert not qr.is_micro


def test_every_poster_of_the_longest_names_is_one_page(press: PosterPress) -> None:
    for size in ("a4", "a5"):
        for room in (None, ("Phòng khám theo yêu cầu " * 6)[:120]):
            # Drawn as a picture, a second page would be refused.
            image = picture(press, Poster(new_code(), LONG, room), size, ppi=40)
            assert image.height > image.width
            pdf = press.draw([Poster(new_code(), LONG, room)], size)
            assert pdf.startswith(b"%PDF")


def test_what_people_type_is_text_and_not_markup(press: PosterPress) -> None:
    name = '#panic() $x$ *b* "quoted" \\ ] } = <a> @b `c` //d'
    code = new_code()
    assert read(picture(press, Poster(code, name, "#1"))) == [poster_url(BASE_URL, code)]


def test_a_poster_takes_under_300_ms(press: PosterPress) -> None:
    press.draw([Poster(new_code(), "Chợ", None)], "a4")
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        press.draw([Poster(new_code(), f"Chợ {random.random()}", None)], "a4")
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.3


async def test_too_many_at_once_are_refused_with_a_time_to_come_back() -> None:
    full = PosterPress(Catalogs(), BASE_URL, most_waiting=0)
    with pytest.raises(PrintersBusy) as refused:
        await full.print([Poster(new_code(), "Chợ", None)], "a4")
    problem: Problem = refused.value
    assert (problem.status, problem.retry_after) == (503, 1)
