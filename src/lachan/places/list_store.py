"""The SQL of the officers' list of places, which stays quick at a million of them."""
# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold

_COUNTRY = "VN"
_A_PLACE = """
    SELECT p.id FROM place p
    WHERE p.drill_id IS NULL
      AND (:words = '' OR strpos(p.folded, :words) > 0)
      AND (:kind = '' OR p.kind = :kind)
      AND (CAST(:before AS bigint) IS NULL OR p.id < :before)
"""
_NOBODY = " AND NOT p.has_owner AND p.state = 'active'"
_NEWEST = " ORDER BY p.id DESC LIMIT :limit"


def _listing(*, everywhere: bool, unowned: bool) -> TextClause:
    """One statement a case, so that each finds its index: areas are walked one by one.

    A condition on all of them at once would read and sort every place below a province, or, where
    few places fit, walk through those of the whole country.
    """
    some = _A_PLACE + (_NOBODY if unowned else "")
    found = (
        some + _NEWEST
        if everywhere
        else f"""
    SELECT p.id FROM area w CROSS JOIN LATERAL ({some} AND p.area = w.path {_NEWEST}) p
    WHERE EXISTS (SELECT FROM unnest(CAST(:roots AS text[])) AS root
                  WHERE w.path = root OR starts_with(w.path, root || '.')){_NEWEST}"""
    )
    return text(
        f"""
    SELECT p.id, p.name, p.kind, p.area, a.full_name AS area_name, p.address, p.state,
           (SELECT max(c.code) FROM place_code c
            WHERE c.place_id = p.id AND c.room_id IS NULL AND c.revoked_at IS NULL) AS code,
           (SELECT count(*) FROM room r WHERE r.place_id = p.id) AS rooms, p.has_owner
    FROM ({found}) f JOIN place p ON p.id = f.id JOIN area a ON a.path = p.area
    ORDER BY p.id DESC
    """
    )


_LISTINGS = {
    (everywhere, unowned): _listing(everywhere=everywhere, unowned=unowned)
    for everywhere in (True, False)
    for unowned in (True, False)
}


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A row of the officers' list."""

    id: int
    name: str
    kind: str
    area: str
    area_name: str
    address: str
    state: str
    code: str | None
    rooms: int
    has_owner: bool


async def list_places(
    connection: AsyncConnection,
    roots: Sequence[str],
    *,
    words: str = "",
    kind: str = "",
    unowned: bool = False,
    before: int | None = None,
    limit: int,
) -> list[ListedPlace]:
    """Places below any of `roots`, newest first; `words` is searched in the name without accents.

    `unowned` leaves those that are open and run by nobody. Places of drills are left out.
    """
    everywhere = _COUNTRY in roots
    values: dict[str, object] = {
        "words": fold(words),
        "kind": kind,
        "before": before,
        "limit": limit,
    }
    if not everywhere:
        values["roots"] = list(roots)
    rows = await connection.execute(_LISTINGS[everywhere, unowned], values)
    return [
        ListedPlace(**{field: getattr(row, field) for field in ListedPlace.__dataclass_fields__})
        for row in rows
    ]
