"""Facilities for the map: 90,000 of them inside the outlines of real wards, with a past."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg
import h3.api.basic_int as h3
import shapely
from sqlalchemy import make_url

from lachan.areas.domain import ARCHIPELAGOS, fold

# 43,192 schools and 23,359 medical facilities are what the authors of the roll-out counted.
GROUPS: Final = {
    "school": 43_192,
    "medical": 23_359,
    "hotel": 4_100,
    "station": 640,
    "transport": 1_900,
    "workplace": 5_900,
    "market": 4_800,
    "university": 460,
    "food": 3_900,
    "office": 1_749,
}
ALL: Final = sum(GROUPS.values())
PAST_DAYS: Final = 14
_WORDS: Final = (
    "Hoa Sen", "Sao Mai", "Bình Minh", "Hướng Dương", "Thanh Xuân", "An Phú", "Hòa Bình",
    "Tân Lập", "Đông Hải", "Kim Liên", "Phúc Lộc", "Thịnh Vượng", "Cây Đa", "Bến Nước",
)  # fmt: skip
_NAMES: Final = {
    "school": "Trường", "medical": "Trạm y tế", "hotel": "Khách sạn", "station": "Bến xe",
    "transport": "Xe buýt tuyến", "workplace": "Nhà máy", "market": "Chợ",
    "university": "Trường đại học", "food": "Quán ăn", "office": "Trụ sở",
}  # fmt: skip
_COLOURS: Final = ("green", "yellow", "red", "grey", "repair")
_WEIGHTS: Final = (62, 13, 4, 19, 2)


def _kinds(share: float) -> list[str]:
    made = [kind for kind, count in GROUPS.items() for _ in range(max(1, round(count * share)))]
    random.Random(3).shuffle(made)
    return made


def _inside(dice: random.Random, outline: bytes, count: int) -> Iterator[tuple[float, float]]:
    """Positions inside an outline; its bounds are tried until one hits."""
    shape = shapely.from_wkb(outline)
    shapely.prepare(shape)
    west, south, east, north = shape.bounds
    while count:
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        if shapely.contains_xy(shape, lon, lat):
            count -= 1
            yield lat, lon


def _places(wards: list[Any], share: float) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(5)
    # A small ward is a town: about as many people live in it as in a large one in the hills.
    chosen = dice.choices(range(len(wards)), [dice.lognormvariate(0, 0.7) for _ in wards],
                          k=len(_kinds(share)))  # fmt: skip
    kinds = iter(_kinds(share))
    number = 0
    for ward in sorted(set(chosen)):
        path, outline = wards[ward]
        for lat, lon in _inside(dice, outline, chosen.count(ward)):
            number += 1
            kind = next(kinds)
            name = f"{_NAMES[kind]} {dice.choice(_WORDS)} {number}"
            cell = h3.latlng_to_cell(lat, lon, 9)
            yield (
                number,
                name,
                kind,
                path,
                f"{number % 200 + 1} đường Số {number % 40}",
                lat,
                lon,
                cell,
                fold(name),
            )


async def fill(owner_url: str, share: float) -> int:
    """Write `share` of all facilities with today's colour and a fortnight behind them."""
    dsn = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    dice = random.Random(9)
    try:
        wards = [
            (row["path"], row["geometry"])
            for row in await connection.fetch(
                "SELECT path, geometry FROM area_outline JOIN area USING (path) "
                "WHERE level = 2 AND path <> ALL($1) ORDER BY path",
                list(ARCHIPELAGOS),
            )
        ]
        places = list(_places(wards, share))
        await connection.copy_records_to_table(
            "place",
            records=places,
            columns=("id", "name", "kind", "area", "address", "lat", "lon", "h3", "folded"),
        )
        await connection.copy_records_to_table(
            "place_safety",
            records=_standing(dice, places, today),
            columns=("place_id", "day", "colour", "held", "changed_at"),
        )
        await connection.execute(
            "INSERT INTO safety_day (place_id, day, colour) "
            "SELECT place_id, $1::date - back, "
            "(ARRAY['green','green','green','yellow','red','grey'])[1 + (hashint8(place_id * 31 "
            "+ back) & 2147483647) % 6] FROM place_safety, generate_series(1, $2::int) back",
            today,
            PAST_DAYS,
        )
        await connection.execute("ANALYZE place; ANALYZE place_safety; ANALYZE safety_day")
        return len(places)
    finally:
        await connection.close()


def _standing(
    dice: random.Random, places: list[tuple[Any, ...]], today: date
) -> Iterator[tuple[Any, ...]]:
    at = datetime.now(UTC) - timedelta(hours=1)
    for place in places:
        colour = dice.choices(_COLOURS, _WEIGHTS)[0]
        held = "repair" if colour == "repair" else None
        day = None if colour in {"grey", "repair"} else today
        yield place[0], day, "grey" if day is None else colour, held, at
