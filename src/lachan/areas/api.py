"""Administrative units over HTTP: search, look up, outlines. Public, for none of it is secret."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from lachan.areas import service, store
from lachan.areas.domain import Level
from lachan.areas.schemas import (
    AreaDetailOut,
    AreaListOut,
    LocatedOut,
    SearchOut,
    area_out,
    former_out,
    hit_out,
    located_out,
)
from lachan.kit.http.access import Transaction, anyone

router = APIRouter(prefix="/api/v1/areas", tags=["areas"], dependencies=[Depends(anyone)])

# The reference data changes with a release; outlines also when somebody imports some.
_AN_HOUR = "public, max-age=3600"

AreaPath = Annotated[
    str,
    Path(description="Such as VN, VN.01 or VN.01.00004", max_length=20, examples=["VN.01"]),
]


@router.get("/search")
async def search_areas(
    connection: Transaction,
    response: Response,
    q: Annotated[str, Query(description="Name, current or former", max_length=100)],
    level: Annotated[Level | None, Query(description="1: provinces only, 2: wards only")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchOut:
    """Find units by name, with or without accents; a former name finds what became of it."""
    hits = await store.search(connection, q, limit=limit, level=level)
    response.headers["cache-control"] = _AN_HOUR
    return SearchOut(items=[hit_out(hit) for hit in hits])


@router.get("/at")
async def locate_area(
    connection: Transaction,
    lat: Annotated[float, Query(ge=-90, le=90, description="Degrees, WGS 84")],
    lon: Annotated[float, Query(ge=-180, le=180, description="Degrees, WGS 84")],
) -> LocatedOut:
    """The ward at a position."""
    return located_out(await service.locate(connection, lat, lon))


@router.get("/{path}")
async def get_area(connection: Transaction, response: Response, path: AreaPath) -> AreaDetailOut:
    """One unit, and the former units it was made of."""
    area = await service.access_area(connection, path)
    former = await store.made_of(connection, path)
    response.headers["cache-control"] = _AN_HOUR
    return AreaDetailOut(area=area_out(area), made_of=[former_out(unit) for unit in former])


@router.get("/{path}/children")
async def list_children(connection: Transaction, response: Response, path: AreaPath) -> AreaListOut:
    """The units directly below, by code."""
    await service.access_area(connection, path)
    below = await store.children(connection, path)
    response.headers["cache-control"] = _AN_HOUR
    return AreaListOut(items=[area_out(area) for area in below])


@router.get(
    "/{path}/outlines",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {"description": "Unchanged"}},
)
async def get_outlines(request: Request, connection: Transaction, path: AreaPath) -> Response:
    """Outlines of the units directly below (of a ward: its own) as GeoJSON, WGS 84."""
    await service.access_area(connection, path)
    headers = {
        "etag": f'"{await store.outlines_stamp(connection, path)}"',
        "cache-control": _AN_HOUR,
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = service.feature_collection(await store.outlines(connection, path))
    return Response(body, media_type="application/geo+json", headers=headers)
