"""Names and positions: what is taken, what is refused, and why."""

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.areas import data_files
from lachan.places.domain import (
    Position,
    cell_of,
    in_viet_nam,
    is_printable,
    judge_position,
    tidy,
)


def test_every_ward_lies_in_viet_nam() -> None:
    outside = [
        unit["path"]
        for unit in data_files.read_table(data_files.UNITS)
        if not in_viet_nam(float(unit["lat"]), float(unit["lon"]))
    ]
    assert outside == []


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(21.03, 105.85), (16.53, 111.61), (8.64, 111.92), (10.2, 103.96), (8.68, 106.6)],
    ids=["Hà Nội", "Hoàng Sa", "Trường Sa", "Phú Quốc", "Côn Đảo"],
)
def test_mainland_and_islands(lat: float, lon: float) -> None:
    assert judge_position(lat, lon) is Position.INSIDE
    assert judge_position(lon, lat) is Position.SWAPPED


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(0.0, 0.0), (39.9, 116.4), (13.75, 100.5), (14.6, 121.0), (-21.03, 105.85), (25.03, 121.5)],
)
def test_elsewhere(lat: float, lon: float) -> None:
    assert judge_position(lat, lon) is Position.OUTSIDE


def test_a_cell_fits_a_bigint_and_holds_the_position() -> None:
    cell = cell_of(21.03, 105.85)
    assert 0 < cell < 2**63
    assert h3.int_to_str(cell) == h3.latlng_to_cell(21.03, 105.85, 9)


@pytest.mark.parametrize("letter", ["\n", "\t", "\x00", "\u202e", "\u200b", "\ud800", "\ue000"])
def test_letters_that_no_poster_can_show(letter: str) -> None:
    assert not is_printable(f"Chợ{letter}Hôm")


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_composed_letters_and_single_blanks() -> None:
    assert tidy("  Chợ   Hôm ") == "Chợ Hôm"
    assert tidy("=1+1") == "=1+1"
