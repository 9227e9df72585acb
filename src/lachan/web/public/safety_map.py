"""The public safety map, the list that says the same, and the page of a place."""

from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from lachan.areas import service as areas_service
from lachan.kit import i18n
from lachan.kit.http.access import AnyViewer, Transaction
from lachan.kit.http.edge import CONTENT_SECURITY_POLICY
from lachan.kit.http.packing import packed
from lachan.places.kinds import KINDS
from lachan.safety import wording
from lachan.safety.checks import standing
from lachan.safety.map import listing, store
from lachan.safety.map.api import Filters
from lachan.safety.map.domain import COLOURS, past_days
from lachan.safety.map.errors import PlaceNotOnMap
from lachan.safety.map.routes import map_of
from lachan.safety.map.store import Wanted
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False)

PlaceId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_HISTORY_DAYS = 30


def _query(filters: Wanted, q: str = "", **more: str | None) -> str:
    """The filters as the query of an address."""
    pairs: list[tuple[str, str]] = [("q", q)] if q else []
    pairs += [("kind", kind) for kind in filters.kinds]
    pairs += [("colour", colour) for colour in filters.colours]
    if filters.area:
        pairs.append(("area", filters.area))
    if filters.day is not None:
        pairs.append(("day", filters.day.isoformat()))
    if (box := filters.box) is not None:
        pairs.append(("box", f"{box.west},{box.south},{box.east},{box.north}"))
    pairs += [(name, value) for name, value in more.items() if value]
    return urlencode(pairs)


def _day_names(request: Request, days: list[date]) -> list[str]:
    lang = language_of(request)
    zone = request.app.state.settings.zone
    return [i18n.format_day(lang, day, tz=zone) for day in days]


async def _map_facts(
    request: Request, connection: AsyncConnection, filters: Wanted
) -> dict[str, Any]:
    """What the map needs to begin: counts, the last event known, the stamp of the outlines."""
    safety_map = map_of(request)
    board = await safety_map.board()
    days = past_days(safety_map.today)
    return {
        "filters": filters,
        "kinds": list(KINDS.by_code.values()),
        "colours": COLOURS,
        "counts": await safety_map.counts(filters.day, filters.kinds, ""),
        "seq": board.seq,
        "days": days,
        "day_names": _day_names(request, days),
        "query": _query(filters),
        **await _country_facts(request, connection, filters),
    }


async def _country_facts(
    request: Request, connection: AsyncConnection, filters: Wanted
) -> dict[str, Any]:
    """The whole country as it is drawn before the map is touched."""
    stamp = await store.outlines_stamp(connection)
    land = await request.app.state.outline_tiles.land(connection, stamp)
    cells = await map_of(request).country(filters.day, filters.kinds, filters.colours)
    return {"outlines": stamp, "land": land, "cells": cells}


@router.get("/map/country")
async def country(
    request: Request, _viewer: AnyViewer, connection: Transaction, filters: Filters
) -> Response:
    """The whole country as a drawing; a part of a page."""
    facts = await _country_facts(request, connection, filters)
    return packed(request, page(request, "public/safety_map_country.html", **facts))


@router.get("/map")
async def safety_map(
    request: Request, _viewer: AnyViewer, connection: Transaction, filters: Filters
) -> Response:
    """The map; without a script, the way to the list."""
    facts = await _map_facts(request, connection, filters)
    return packed(request, page(request, "public/safety_map.html", **facts))


@router.get("/map/embed")
async def embedded(
    request: Request, _viewer: AnyViewer, connection: Transaction, filters: Filters
) -> Response:
    """The map alone, for a frame on another site."""
    facts = await _map_facts(request, connection, filters)
    sites = " ".join(request.app.state.settings.map.embed_sites) or "'none'"
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {sites}")
    box = filters.box
    drawn = page(
        request,
        "public/safety_map_embed.html",
        headers={"content-security-policy": policy},
        box=f"{box.west},{box.south},{box.east},{box.north}" if box else "",
        **facts,
    )
    return packed(request, drawn)


@router.get("/map/list")
async def places_list(
    request: Request,
    _viewer: AnyViewer,
    connection: Transaction,
    filters: Filters,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """The places of the map by name, with the same filters."""
    today = map_of(request).today
    found = await listing.listed(connection, filters, today, cursor)
    area = await areas_service.access_area(connection, filters.area) if filters.area else None
    hits = (await listing.search(connection, q, today)).areas if q.strip() and not cursor else []
    days = past_days(today)
    query = _query(filters, q)
    return page(
        request,
        "public/safety_map_list.html",
        filters=filters,
        q=q,
        kinds=list(KINDS.by_code.values()),
        colours=COLOURS,
        rows=found.rows,
        counts=await store.counted(connection, filters, today),
        area=area,
        areas=hits,
        days=list(zip(days, _day_names(request, days), strict=True)),
        today=today,
        query=query,
        next_url=f"/map/list?{_query(filters, q, cursor=found.next_cursor)}"
        if found.next_cursor
        else None,
        first_url=f"/map/list?{query}" if cursor else None,
    )


@router.get("/map/areas/{path}")
async def areas(
    request: Request, _viewer: AnyViewer, connection: Transaction, path: str
) -> Response:
    """How the places stand in each province of the country, or each ward of a province."""
    unit = await areas_service.access_area(connection, path)
    rows: dict[str, tuple[Row[Any], dict[str, int]]] = {}
    for row in await store.by_area(connection, unit.path, map_of(request).today):
        rows.setdefault(row.path, (row, {}))[1][row.colour] = row.places
    return page(
        request,
        "public/safety_map_areas.html",
        area=unit,
        colours=COLOURS,
        rows=list(rows.values()),
    )


async def _access_place(
    request: Request, connection: AsyncConnection, place_id: int
) -> tuple[Row[Any], standing.Public, list[str]]:
    """A place, how it stands, and the sentences that say why. Raises `PlaceNotOnMap`."""
    today = map_of(request).today
    facts = await store.facts(connection, place_id, today)
    if facts is None:
        raise PlaceNotOnMap
    public = await standing.access_public(connection, place_id, today)
    state = request.app.state
    lang = wording.language_of(request)
    sentences = [
        wording.sentence(state.catalogs, lang, state.settings.zone, public.criteria, one)
        for one in public.reasons
    ]
    return facts, public, sentences


@router.get("/map/places/{place_id}")
async def place(
    request: Request, _viewer: AnyViewer, connection: Transaction, place_id: PlaceId
) -> Response:
    """How a place stands, why, how the last 30 days ended, and what an inspection found."""
    facts, public, sentences = await _access_place(request, connection, place_id)
    today = map_of(request).today
    ended = {one.day: (one.colour, one.late) for one in public.history}
    ended[today] = (public.colour, ended.get(today, ("", False))[1])
    days = [today - timedelta(days=back) for back in range(_HISTORY_DAYS - 1, -1, -1)]
    lang = wording.language_of(request)
    return page(
        request,
        "public/safety_map_place.html",
        place=facts,
        public=public,
        sentences=sentences,
        criteria_title=wording.in_language(public.criteria.title, lang) if public.criteria else "",
        history=[(day, *ended.get(day, ("grey", False))) for day in days],
        inspection=await store.last_inspection(connection, place_id),
        today=today,
    )


@router.get("/map/places/{place_id}/card")
async def card(
    request: Request, _viewer: AnyViewer, connection: Transaction, place_id: PlaceId
) -> Response:
    """What the map shows of a place that was pressed; a part of a page."""
    facts, public, sentences = await _access_place(request, connection, place_id)
    return page(
        request, "public/safety_map_card.html", place=facts, public=public, sentences=sentences
    )


@router.get("/map/data")
async def data(request: Request, _viewer: AnyViewer) -> Response:
    """The map's data for programs, and the map for other sites."""
    base = request.app.state.settings.web.base_url.rstrip("/")
    return page(request, "public/safety_map_data.html", base=base)
