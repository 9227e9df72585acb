"""The list behind the map: the same places by the same filters, page by page, and searching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import store as areas
from lachan.areas.domain import Area, Level, fold, is_path
from lachan.kit.errors import InvalidInput
from lachan.kit.paging import Page, decode_cursor, encode_cursor
from lachan.safety.map import store
from lachan.safety.map.schemas import FoundOut
from lachan.safety.map.store import Wanted

PAGE: Final = 50
_MOST_WORDS: Final = 8
_FOUND: Final = 6
_ZOOMS: Final = {Level.PROVINCE: 8.5, Level.WARD: 12.5}
_PLACE_ZOOM: Final = 16.0


def words_of(typed: str) -> tuple[str, ...]:
    """What was typed as folded words; each must be somewhere in a name."""
    return tuple(fold(typed).split()[:_MOST_WORDS])


def check_area(path: str) -> str:
    """`path` where it is one. Raises `InvalidInput`."""
    if path and not is_path(path):
        raise InvalidInput(fields={"area": "safety-map-field-area"})
    return "" if path == "VN" else path


async def listed(
    connection: AsyncConnection, wanted: Wanted, today: date, cursor: str | None, limit: int = PAGE
) -> Page[Row[Any]]:
    """A page of places by name."""
    key = decode_cursor(cursor, 2)
    after = None
    if key is not None:
        name, place = key
        if not isinstance(name, str) or not isinstance(place, int):
            raise InvalidInput(fields={"cursor": "field-cursor"})
        after = (name, place)
    rows = await store.listed(connection, wanted, today, limit=limit + 1, after=after)
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return Page(shown, encode_cursor([last.folded, last.id]) if last else None)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    areas: Sequence[Area]
    places: Sequence[Row[Any]]


async def search(connection: AsyncConnection, typed: str, today: date) -> Found:
    """Units and places whose name has what was typed, with or without accents."""
    words = words_of(typed)
    if not words:
        return Found([], [])
    hits = await areas.search(connection, typed, limit=_FOUND)
    places = await store.listed(connection, Wanted(words=words), today, limit=_FOUND)
    return Found([hit.area for hit in hits], places)


def found_out(found: Found, *, english: bool) -> list[FoundOut]:
    """What a search found as JSON; a unit without a position is left out."""
    units = [
        FoundOut(
            what="area",
            id=area.path,
            name=area.name_en if english else area.full_name,
            within=(area.parent_name_en if english else area.parent_name) or "",
            lat=area.lat,
            lon=area.lon,
            zoom=_ZOOMS.get(Level(area.level), 5.0),
        )
        for area in found.areas
        if area.lat is not None and area.lon is not None
    ]
    places = [
        FoundOut(
            what="place",
            id=str(row.id),
            name=row.name,
            within=", ".join(filter(None, (row.ward, row.province))),
            lat=row.lat,
            lon=row.lon,
            zoom=_PLACE_ZOOM,
        )
        for row in found.places
    ]
    return units + places
