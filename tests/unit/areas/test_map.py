import re

import pytest
import shapely

from lachan.areas.reference import read_outlines
from lachan.areas.store import Outline
from lachan.web.public.areas_map import ARCHIPELAGOS, draw


@pytest.fixture(scope="module")
def outlines():
    return {
        str(path): Outline(str(path), "", "", False, bytes(wkb))
        for path, wkb, *_ in read_outlines()
    }


def test_loaded_outlines_are_valid_polygons_and_nothing_else(outlines):
    for path, outline in outlines.items():
        shape = shapely.from_wkb(outline.geometry)
        assert shape.geom_type in {"Polygon", "MultiPolygon"}, path
        assert shape.is_valid, path


def test_every_islet_of_the_archipelagos_is_drawn_on_the_country(outlines):
    provinces = [outline for path, outline in outlines.items() if path.count(".") == 1]
    islands = [outlines[path] for path in ARCHIPELAGOS]
    drawing = draw(provinces, islands)
    assert drawing is not None
    assert len(drawing.shapes) == 34
    for ring in drawing.rings:
        line = [(int(x), int(y)) for x, y in re.findall(r"(-?\d+) (-?\d+)", ring.d)]
        around = shapely.Polygon(line)
        province = next(s for s in drawing.shapes if s.path == ring.path[:5])
        starts = re.findall(r"M(\d+) (\d+)", province.d)
        drawn = [point for point in starts if around.contains(shapely.Point(*map(int, point)))]
        islets = shapely.get_parts(shapely.from_wkb(outlines[ring.path].geometry))
        assert len(drawn) == len(islets), ring.message
        assert shapely.box(0, 0, drawing.width, drawing.height).contains(around)


def test_a_picture_fits_its_box(outlines):
    for province in ("VN.01", "VN.56", "VN.96"):
        drawing = draw([o for path, o in outlines.items() if path.startswith(province + ".")])
        assert drawing is not None
        for shape in drawing.shapes:
            for x, y in re.findall(r"(-?\d+) (-?\d+)", shape.d):
                assert 0 <= int(x) <= drawing.width
                assert 0 <= int(y) <= drawing.height


def test_there_is_no_picture_of_nothing():
    assert draw([]) is None
