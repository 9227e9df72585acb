"""The hot routes of the map: tiles and the live stream, outside FastAPI's machinery."""

import asyncio
from collections import OrderedDict
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lachan.kit import metrics
from lachan.kit.http.access import PlainRoute, anyone, open_to
from lachan.kit.http.openapi import PlainRead
from lachan.kit.http.rate import block_of
from lachan.kit.http.sse import Streams
from lachan.places.kinds import KINDS
from lachan.safety.map import store
from lachan.safety.map.domain import (
    BIN_RESOLUTION,
    COUNTRY,
    FIRST_ZOOM,
    LAST_AREA_ZOOM,
    PAST_DAYS,
    POINT_ZOOM,
    Tile,
    chosen,
    parse_regions,
)
from lachan.safety.map.errors import MapAskedWrongly, MapFull, TileUnknown
from lachan.safety.map.service import SafetyMap

if TYPE_CHECKING:
    from lachan.safety.map import live
    from lachan.safety.map.country import Land

TYPE: Final = "application/vnd.mapbox-vector-tile"
_A_YEAR: Final = "public, max-age=31536000, immutable"
_A_WHILE: Final = "public, max-age=300"
_HEARTBEAT_SECONDS: Final = 20.0
_HEARTBEAT: Final = b": still here\n\n"
_KEPT_OUTLINES: Final = 1_024
_LONGEST_NUMBER: Final = 18  # digits; a bigint holds any of them


def map_of(request: Request) -> SafetyMap:
    """The map of this process."""
    found: SafetyMap = request.app.state.safety_map
    return found


def day_of(said: str | None, today: date) -> date | None:
    """A past day within reach of the slider; None for today. Raises `MapAskedWrongly`."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise MapAskedWrongly(fields={"day": "safety-map-field-day"}) from None
    if not today - timedelta(days=PAST_DAYS) <= day <= today:
        raise MapAskedWrongly(fields={"day": "safety-map-field-day"})
    return None if day == today else day


def kinds_of(query: QueryParams) -> tuple[str, ...]:
    """Kinds of places named in `kind`, once or often; empty for all."""
    return chosen(query.getlist("kind"), tuple(KINDS.by_code))


def tile_of(request: Request) -> Tile:
    """The tile in the path. Raises `TileUnknown`."""
    z, x, y = (_number(request.path_params[name]) for name in ("z", "x", "y"))
    if z is None or x is None or y is None or z > POINT_ZOOM:
        raise TileUnknown
    tile = Tile(z, x, y)
    if not tile.exists:
        raise TileUnknown
    return tile


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker has what `etag` names."""
    said = request.headers.get("if-none-match", "")
    return etag in {one.strip().removeprefix("W/") for one in said.split(",")}


def packed_answer(
    request: Request, body: bytes, packed: bytes, etag: str, *, media_type: str, cache: str
) -> Response:
    """Content with its tag, gzipped for who can read that; 304 for who has it."""
    headers = {"etag": etag, "cache-control": cache, "vary": "accept-encoding"}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        body = packed
    return Response(body, media_type=media_type, headers=headers)


@open_to(anyone)
async def get_points(request: Request) -> Response:
    """Places as points; made at one zoom only, browsers draw closer views from it."""
    tile = tile_of(request)
    if tile.z != POINT_ZOOM:
        raise TileUnknown
    safety_map = map_of(request)
    day = day_of(request.query_params.get("day"), safety_map.today)
    made = await safety_map.points_tile(tile, day)
    cache = "no-cache" if day is None else _A_WHILE
    return packed_answer(request, made.body, made.packed, made.etag, media_type=TYPE, cache=cache)


@open_to(anyone)
async def get_bins(request: Request) -> Response:
    """Places counted by H3 cell and colour."""
    tile = tile_of(request)
    if tile.z not in BIN_RESOLUTION:
        raise TileUnknown
    safety_map = map_of(request)
    day = day_of(request.query_params.get("day"), safety_map.today)
    made = await safety_map.bins_tile(tile, day, kinds_of(request.query_params))
    cache = "no-cache" if day is None else _A_WHILE
    return packed_answer(request, made.body, made.packed, made.etag, media_type=TYPE, cache=cache)


class OutlineTiles:
    """Tiles of land and borders, kept while the outlines stay the same."""

    def __init__(self) -> None:
        self._stamp = ""
        self._made: OrderedDict[Tile, asyncio.Future[tuple[bytes, bytes, str]]] = OrderedDict()
        self._land: tuple[str, Land] | None = None

    async def land(self, connection: AsyncConnection, stamp: str) -> "Land":
        """The whole country's outlines, as of `store.outlines_stamp`."""
        if self._land is None or self._land[0] != stamp:
            from lachan.areas.domain import ARCHIPELAGOS  # noqa: PLC0415 - with what follows
            from lachan.safety.map import country  # noqa: PLC0415 - shapely is slow to load

            part = (COUNTRY.west, COUNTRY.south, COUNTRY.east, COUNTRY.north)
            provinces = await store.outlines_in(connection, part, 1)
            far = await store.outlines_in(connection, part, -1, tuple(ARCHIPELAGOS))
            self._land = (stamp, await asyncio.to_thread(country.draw_land, provinces, far))
        return self._land[1]

    async def get(self, request: Request, tile: Tile) -> tuple[bytes, bytes, str]:
        """The tile, its packed form and its tag."""
        known = self._made.get(tile)
        # Pages name the stamp of the outlines in the address; a new one means new outlines.
        if known is None or request.query_params.get("v", self._stamp) != self._stamp:
            async with request.app.state.storage.transaction() as connection:
                stamp = await store.outlines_stamp(connection)
            if stamp != self._stamp:
                self._made.clear()
                self._stamp = stamp
            known = self._made.get(tile)
        if known is None:
            known = self._made[tile] = asyncio.ensure_future(self._draw(request, tile))
            if len(self._made) > _KEPT_OUTLINES:
                self._made.popitem(last=False)
            known.add_done_callback(lambda done: self._drop_failed(tile, done))
        return await asyncio.shield(known)

    def _drop_failed(self, tile: Tile, done: "asyncio.Future[tuple[bytes, bytes, str]]") -> None:
        if done.cancelled() or done.exception() is not None:
            self._made.pop(tile, None)

    async def _draw(self, request: Request, tile: Tile) -> tuple[bytes, bytes, str]:
        from lachan.areas.domain import ARCHIPELAGOS  # noqa: PLC0415 - with what follows
        from lachan.safety.map import outlines  # noqa: PLC0415 - shapely is slow to load
        from lachan.safety.map.tiles import finished  # noqa: PLC0415 - as above

        box = outlines.bounds(tile)
        async with request.app.state.storage.transaction() as connection:
            provinces = await store.outlines_in(connection, box, 1)
            level = 2 if tile.z >= outlines.WARDS_FROM else -1
            wards = await store.outlines_in(connection, box, level, tuple(ARCHIPELAGOS))
        body = await asyncio.to_thread(outlines.draw, tile, provinces, wards)
        made = finished(0, body)
        return made.body, made.packed, made.etag


@open_to(anyone)
async def get_areas(request: Request) -> Response:
    """Land, borders of provinces and wards, and their names."""
    tile = tile_of(request)
    if not FIRST_ZOOM <= tile.z <= LAST_AREA_ZOOM:
        raise TileUnknown
    body, packed, etag = await request.app.state.outline_tiles.get(request, tile)
    cache = _A_YEAR if request.query_params.get("v") else _A_WHILE
    return packed_answer(request, body, packed, etag, media_type=TYPE, cache=cache)


class _LiveAnswer(Response):
    """Frames as they come, written straight to the connection: thousands may be open."""

    def __init__(
        self,
        safety_map: SafetyMap,
        channel: "live.Channel",
        since: int | None,
        streams: Streams,
        address: str,
    ) -> None:
        self.status_code = 200
        self.background = None
        self._map = safety_map
        self._channel = channel
        self._since = since
        self._streams = streams
        self._address = address
        self.init_headers(
            {
                "content-type": "text/event-stream; charset=utf-8",
                "cache-control": "no-store",
                "x-accel-buffering": "no",
            }
        )

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with (
            self._streams.held(self._address),
            self._map.audience.watching(self._channel) as viewer,
        ):
            # Asked for after it is listed as a viewer: what changes meanwhile comes besides.
            greeting = await self._map.greeting(self._channel, self._since)
            leaving = asyncio.create_task(_await_leave(receive, viewer))
            try:
                metrics.MAP_VIEWERS.inc()
                await send(_body(greeting))
                while not viewer.gone:
                    try:
                        async with asyncio.timeout(_HEARTBEAT_SECONDS):
                            await viewer.bell.wait()
                        piece = viewer.take()
                    except TimeoutError:
                        piece = _HEARTBEAT
                    if piece and not viewer.gone:
                        await send(_body(piece))
            finally:
                metrics.MAP_VIEWERS.dec()
                leaving.cancel()
                with suppress(asyncio.CancelledError):
                    await leaving
        with suppress(OSError):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _body(piece: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": piece, "more_body": True}


async def _await_leave(receive: Receive, viewer: "live.Viewer") -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.leave()


@open_to(anyone)
async def get_live(request: Request) -> Response:
    """Changes of colour as server-sent events.

    `layer`: 0 (points) or an H3 resolution; `cells`: regions as x-y at zoom 8, none for the whole
    country; `since`: the id of the event up to which the viewer knows everything.
    """
    from lachan.safety.map import live  # noqa: PLC0415 - loads numpy

    said = request.query_params
    layer, since = _number(said.get("layer", "0")), _number(said.get("since", ""))
    regions = parse_regions(said.get("cells", ""))
    fields = {}
    if layer not in live.LAYERS:
        fields["layer"] = "safety-map-field-layer"
    if regions is None:
        fields["cells"] = "safety-map-field-cells"
    if since is None and said.get("since"):
        fields["since"] = "safety-map-field-since"
    if fields or regions is None or layer is None:
        raise MapAskedWrongly(fields=fields)
    safety_map = map_of(request)
    if safety_map.audience.viewers >= request.app.state.settings.map.most_viewers:
        raise MapFull(retry_after=30)
    address = block_of(request.client.host) if request.client else ""
    streams: Streams = request.app.state.map_streams
    streams.check_room(address)
    await safety_map.board()
    # A browser that reconnects by itself names the last event it saw.
    last = _number(request.headers.get("last-event-id", ""))
    known = since if last is None else last
    return _LiveAnswer(safety_map, live.Channel(layer, regions), known, streams, address)


def _number(said: str) -> int | None:
    fits = said.isascii() and said.isdigit() and len(said) <= _LONGEST_NUMBER
    return int(said) if fits else None


_AT: Final = "{z}/{x}/{y}"
_POINTS: Final = f"/api/v1/map/tiles/points/{_AT}"
_BINS: Final = f"/api/v1/map/tiles/bins/{_AT}"
_AREAS: Final = f"/api/v1/map/tiles/areas/{_AT}"
_LIVE: Final = "/api/v1/map/live"
ROUTES: Final = [
    PlainRoute(_POINTS, get_points),
    PlainRoute(_BINS, get_bins),
    PlainRoute(_AREAS, get_areas),
    PlainRoute(_LIVE, get_live),
]
_DAY: Final = "A day of the last 14; empty: today"
READS: Final = [
    PlainRead(
        _POINTS,
        f"Places as a vector tile, zoom {POINT_ZOOM}: c the number of the colour, k the kind",
        "map",
        TYPE,
        {"day": _DAY},
    ),
    PlainRead(
        _BINS,
        "Places counted by H3 cell as a vector tile: g, y, r, n (not reported), p (under repair)",
        "map",
        TYPE,
        {"day": _DAY, "kind": "Kinds of places, once or often; none for all"},
    ),
    PlainRead(_AREAS, "Land, borders and names as a vector tile", "map", TYPE, {"v": "A version"}),
    PlainRead(
        _LIVE,
        "Changes of colour as they happen: events hello, colours and reload",
        "map",
        "text/event-stream",
        {
            "layer": "0: places; 3 to 8: H3 cells of that resolution",
            "cells": "Regions as x-y of tiles of zoom 8, with commas between; none: the country",
            "since": "The id of the event up to which everything is known",
        },
    ),
]
