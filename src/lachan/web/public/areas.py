"""Pages on administrative units: search by name, a map, and the table behind the map."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.areas import service, store
from lachan.areas.domain import ARCHIPELAGOS, COUNTRY, Area, Level
from lachan.kit.http.access import AnyViewer, Transaction
from lachan.web.rendering import page

if TYPE_CHECKING:
    from lachan.web.public.areas_map import Drawing

router = APIRouter(include_in_schema=False)

_FOUND = 20


def _draw(
    outlines: Sequence[store.Outline], islands: Sequence[store.Outline] = (), **size: int
) -> "Drawing | None":
    from lachan.web.public.areas_map import draw  # noqa: PLC0415 - slow to load, and few need it

    return draw(outlines, islands, **size)


@router.get("/areas")
async def country(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The map of the country, or what a search found."""
    if q.strip():
        hits = await store.search(connection, q, limit=_FOUND)
        return page(request, "public/areas_found.html", q=q, hits=hits)
    islands = [
        outline
        for path in ARCHIPELAGOS
        for outline in await store.outlines(connection, path)
        if outline.path == path
    ]
    wards, former = (
        await store.ward_counts(connection),
        await store.former_provinces(connection),
    )
    return page(
        request,
        "public/areas.html",
        q="",
        drawing=_draw(await store.outlines(connection, COUNTRY), islands),
        rows=[
            (area, wards.get(area.path, 0), former.get(area.path, []))
            for area in await store.children(connection, COUNTRY)
        ],
    )


@router.get("/areas/{path}")
async def area(
    request: Request, _viewer: AnyViewer, connection: Transaction, path: str
) -> Response:
    """A province with its wards, or a ward with what it was made of."""
    found = await service.access_area(connection, path)
    if found.level == Level.COUNTRY:
        return RedirectResponse("/areas", status_code=308)
    if found.level == Level.PROVINCE:
        return await _province(request, connection, found)
    return await _ward(request, connection, found)


async def _province(request: Request, connection: AsyncConnection, found: Area) -> Response:
    outlines = await store.outlines(connection, found.path)
    # An archipelago 300 km out would make the mainland a dot: it gets a picture of its own.
    far = [outline for outline in outlines if outline.path in ARCHIPELAGOS]
    near = [outline for outline in outlines if outline.path not in ARCHIPELAGOS]
    return page(
        request,
        "public/areas_province.html",
        area=found,
        q="",
        drawing=_draw(near),
        island=_draw(far, far, width=600),
        wards=await store.children(connection, found.path),
        former=await store.made_of(connection, found.path),
    )


async def _ward(request: Request, connection: AsyncConnection, found: Area) -> Response:
    around = await store.outlines(connection, found.parent or COUNTRY)
    apart = found.path in ARCHIPELAGOS
    shown = [
        outline
        for outline in around
        if (outline.path == found.path if apart else outline.path not in ARCHIPELAGOS)
    ]
    return page(
        request,
        "public/areas_ward.html",
        area=found,
        q="",
        drawing=_draw(shown, shown if apart else ()),
        former=await store.made_of(connection, found.path),
    )
