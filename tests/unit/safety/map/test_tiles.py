"""Positions, cells and tiles, without a database."""

from datetime import date

import h3.api.basic_int as h3
import mapbox_vector_tile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.safety.map import mvt
from lachan.safety.map.board import Board
from lachan.safety.map.domain import (
    BIN_RESOLUTION,
    RESOLUTIONS,
    Tile,
    bin_id,
    chosen,
    degrees,
    mercator,
    parse_box,
    parse_regions,
)
from lachan.safety.map.tiles import Painter

LAT = st.floats(-84, 84)
LON = st.floats(-179.9, 179.9)
UNITS = st.integers(0, 4095)


@given(LAT, LON)
def test_a_position_comes_back_from_the_square(lat: float, lon: float) -> None:
    assert degrees(*mercator(lat, lon)) == pytest.approx((lat, lon), abs=1e-6)


@given(st.lists(st.tuples(LAT, LON), min_size=2, max_size=2), st.sampled_from(RESOLUTIONS))
def test_two_cells_never_share_an_id(at: list[tuple[float, float]], resolution: int) -> None:
    one, other = (h3.latlng_to_cell(*position, resolution) for position in at)
    assert (bin_id(one, resolution) == bin_id(other, resolution)) == (one == other)
    assert 0 < bin_id(one, resolution) < 2**53


@given(st.lists(st.tuples(st.integers(1, 2**53), UNITS, UNITS, st.sampled_from("abc")),
                min_size=1, max_size=40, unique_by=lambda one: one[0]), st.randoms())  # fmt: skip
def test_points_are_read_back_and_recoloured(points, dice) -> None:
    made = mvt.point_tile("points", points, 5)
    body = bytearray(made.body)
    colours = {}
    for (identity, *_), at in zip(points, made.colour_at, strict=True):
        colours[identity] = body[at] = dice.randrange(5)
    layer = mapbox_vector_tile.decode(bytes(body), default_options={"y_coord_down": True})["points"]
    found = {
        f["id"]: (*f["geometry"]["coordinates"], f["properties"]["k"], f["properties"]["c"])
        for f in layer["features"]
    }
    assert found == {i: (x, y, k, colours[i]) for i, x, y, k in points}


def test_a_ring_that_shrinks_to_a_line_is_left_out_and_moves_nothing() -> None:
    square = [(10, 10), (20, 10), (20, 20), (10, 20)]
    drawn = mvt.rings([[(5, 5), (5, 5), (6, 6)], square])
    assert drawn == mvt.rings([square])


@pytest.mark.parametrize(
    "said", ["", "1,2,3", "a,b,c,d", "2,1,1,2", "1,1,2,95", "nan,1,2,3", "1,1,inf,2"]
)
def test_what_is_no_box(said: str) -> None:
    assert parse_box(said) is None


def test_regions_are_read_or_refused() -> None:
    assert parse_regions("") == frozenset()
    assert parse_regions("203-112,203-113") == frozenset({(203, 112), (203, 113)})
    assert parse_regions("256-1") is None
    assert parse_regions("x") is None
    many = ",".join(f"{x}-1" for x in range(40))
    assert parse_regions(many) == frozenset(), "too many to name are the whole country"


def test_all_of_them_is_no_filter() -> None:
    assert chosen(["b", "zz"], ("a", "b")) == ("b",)
    assert chosen(["b", "a"], ("a", "b")) == ()


def test_bins_grow_no_coarser_as_one_comes_closer() -> None:
    zooms = sorted(BIN_RESOLUTION)
    assert [BIN_RESOLUTION[z] for z in zooms] == sorted(BIN_RESOLUTION[z] for z in zooms)


def test_nothing_is_kept_of_tiles_without_places() -> None:
    """Anybody may ask for each of sixteen million tiles."""
    day = date(2026, 11, 23)
    board = Board(day, 0, [7], [(21.03, 105.85)], ["school"], ["VN.01"], ["green"], [False])
    painter = Painter(board)
    x, y = (int(part * 2**12) for part in mercator(21.03, 105.85))
    for number in range(3_000):
        tile = Tile(12, number, 100)
        assert (painter.points_seq(tile), painter.points(tile, board.colours)) == (0, b"")
        away = Tile(11, number % 2048, number // 2048)
        assert (painter.bins_seq(away), painter.bins(away, board.colours, ())) == (0, b"")
    assert painter.points(Tile(12, x, y), board.colours)
    assert painter.bins(Tile(11, x // 2, y // 2), board.colours, ())
    assert painter.kept == (1, 1)
