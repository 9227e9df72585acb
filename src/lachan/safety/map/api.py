"""The safety map's open data: places, counts, roll-ups, search. Public, with tags."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Row
from starlette.responses import StreamingResponse

from lachan.areas import service as areas_service
from lachan.kit.http.access import Transaction, anyone
from lachan.kit.http.exports import export
from lachan.safety.map import files, listing, schemas, store
from lachan.safety.map.domain import COLOURS, chosen, parse_box
from lachan.safety.map.errors import MapAskedWrongly
from lachan.safety.map.routes import day_of, is_known, kinds_of, map_of
from lachan.safety.map.store import Wanted

router = APIRouter(prefix="/api/v1/map", tags=["map"], dependencies=[Depends(anyone)])

Many = Annotated[list[str] | None, Query(max_length=20)]
Day = Annotated[str, Query(max_length=10, description="A day of the last 14; empty: today")]
Area = Annotated[str, Query(max_length=20, description="A unit and all below it, such as VN.01")]
Words = Annotated[str, Query(max_length=100, description="Words of the name")]
Part = Annotated[str, Query(alias="box", max_length=80, description="west,south,east,north")]


def wanted(
    request: Request,
    kind: Annotated[Many, Query(description="Kinds of places; none for all")] = None,  # noqa: ARG001 - read by kinds_of
    colour: Annotated[Many, Query(description="Colours; none for all")] = None,
    area: Area = "",
    q: Words = "",
    box: Part = "",
    day: Day = "",
) -> Wanted:
    """The filters that the map, the list and the files share. Raises `MapAskedWrongly`."""
    part = parse_box(box) if box else None
    if box and part is None:
        raise MapAskedWrongly(fields={"box": "safety-map-field-box"})
    return Wanted(
        kinds=kinds_of(request.query_params),
        colours=chosen(colour or (), COLOURS),
        area=listing.check_area(area),
        words=listing.words_of(q),
        box=part,
        day=day_of(day, map_of(request).today),
    )


Filters = Annotated[Wanted, Depends(wanted)]


def place_out(row: Row[Any]) -> schemas.PlaceOut:
    """A place of the list as JSON."""
    return schemas.PlaceOut(
        id=row.id,
        name=row.name,
        kind=row.kind,
        address=row.address,
        area=row.area,
        ward=row.ward,
        province=row.province or "",
        lat=row.lat,
        lon=row.lon,
        colour=row.colour,
        score=row.score,
        maximum=row.maximum,
    )


async def _headers(
    request: Request, connection: Transaction, filters: Wanted
) -> tuple[Mapping[str, str], bool]:
    """Headers of an answer that depends on every place, and whether the asker has it already."""
    today = map_of(request).today
    state = (await store.stamp(connection), await store.newest_change(connection))
    etag = files.tag(
        (state, request.url.path, sorted(request.query_params.multi_items())), filters, today
    )
    known = is_known(request, etag.removeprefix("W/"))
    return {"etag": etag, "cache-control": "no-cache"}, known


@router.get("/places", response_model=schemas.PlacesOut)
async def list_places(
    request: Request,
    connection: Transaction,
    filters: Filters,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = listing.PAGE,
) -> Response:
    """Places of the map by name, page by page."""
    headers, known = await _headers(request, connection, filters)
    if known:
        return Response(status_code=304, headers=headers)
    page = await listing.listed(connection, filters, map_of(request).today, cursor, limit)
    body = schemas.PlacesOut(
        items=[place_out(row) for row in page.rows], next_cursor=page.next_cursor
    )
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


@router.get(
    "/places.geojson",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {"description": "Unchanged"}},
)
async def places_geojson(request: Request, connection: Transaction, filters: Filters) -> Response:
    """All places of the map as GeoJSON."""
    headers, known = await _headers(request, connection, filters)
    if known:
        return Response(status_code=304, headers=headers)
    pieces = files.geojson(request.app.state.storage, filters, map_of(request).today)
    return StreamingResponse(pieces, media_type="application/geo+json", headers=headers)


@router.get(
    "/places.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, 304: {"description": "Unchanged"}},
)
async def places_csv(request: Request, connection: Transaction, filters: Filters) -> Response:
    """All places of the map as CSV."""
    headers, known = await _headers(request, connection, filters)
    if known:
        return Response(status_code=304, headers=headers)
    rows = files.cells(request.app.state.storage, filters, map_of(request).today)
    answer = export("csv", "an-toan", files.HEADER, rows)
    answer.headers.update(headers)
    return answer


@router.get("/counts")
async def read_counts(
    request: Request, response: Response, area: Area = "", day: Day = "", kind: Many = None
) -> schemas.CountsOut:
    """How many places have each colour."""
    del kind  # read by kinds_of
    safety_map = map_of(request)
    past = day_of(day, safety_map.today)
    counts = await safety_map.counts(past, kinds_of(request.query_params), listing.check_area(area))
    response.headers["cache-control"] = "no-cache"
    return schemas.CountsOut(day=past or safety_map.today, **counts)


@router.get("/areas/{path}", response_model=schemas.AreasOut)
async def read_areas(request: Request, connection: Transaction, path: str) -> Response:
    """How the places stand in each unit directly below: the country, or a province."""
    unit = await areas_service.access_area(connection, path)
    headers, known = await _headers(request, connection, Wanted(area=path))
    if known:
        return Response(status_code=304, headers=headers)
    today = map_of(request).today
    found: dict[str, schemas.AreaOut] = {}
    for row in await store.by_area(connection, unit.path, today):
        one = found.setdefault(row.path, schemas.AreaOut(path=row.path, name=row.full_name))
        setattr(one, row.colour, row.places)
    body = schemas.AreasOut(day=today, items=list(found.values()))
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


@router.get("/search")
async def search(
    request: Request, connection: Transaction, q: Words, lang: str = "vi"
) -> schemas.SearchOut:
    """Units and places by name, with or without accents, and where to look at them."""
    found = await listing.search(connection, q, map_of(request).today)
    return schemas.SearchOut(items=listing.found_out(found, english=lang == "en"))
