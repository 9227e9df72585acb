"""Open data: every place of the map as GeoJSON or CSV, streamed."""

import hashlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Row

from lachan.safety.map import store
from lachan.safety.map.store import Wanted
from lachan.storage.engine import Storage

HEADER: Final = (
    "id", "name", "kind", "address", "area", "ward", "province", "lat", "lon", "colour",
    "score", "maximum", "reported_on",
)  # fmt: skip
_ROWS_A_PIECE: Final = 500


async def _rows(storage: Storage, wanted: Wanted, today: date) -> AsyncIterator[Row[Any]]:
    async with storage.exports, storage.transaction() as connection:
        async for row in await store.streamed(connection, wanted, today):
            yield row


async def cells(storage: Storage, wanted: Wanted, today: date) -> AsyncIterator[tuple[object, ...]]:
    """The rows of the CSV, as `HEADER` names them."""
    async for row in _rows(storage, wanted, today):
        yield (
            row.id, row.name, row.kind, row.address, row.area, row.ward, row.province,
            row.lat, row.lon, row.colour, row.score, row.maximum, row.day or "",
        )  # fmt: skip


async def geojson(storage: Storage, wanted: Wanted, today: date) -> AsyncIterator[bytes]:
    """A GeoJSON feature collection (RFC 7946), positions to 0.00001 degree (1 m)."""
    yield b'{"type":"FeatureCollection","features":['
    pieces: list[bytes] = []
    first = True
    async for row in _rows(storage, wanted, today):
        pieces.append(
            orjson.dumps(
                {
                    "type": "Feature",
                    "id": row.id,
                    "geometry": {
                        "type": "Point",
                        "coordinates": [round(row.lon, 5), round(row.lat, 5)],
                    },
                    "properties": {
                        "name": row.name,
                        "kind": row.kind,
                        "address": row.address,
                        "area": row.area,
                        "ward": row.ward,
                        "province": row.province,
                        "colour": row.colour,
                        "score": row.score,
                        "maximum": row.maximum,
                    },
                }
            )
        )
        if len(pieces) == _ROWS_A_PIECE:
            yield (b"" if first else b",") + b",".join(pieces)
            pieces.clear()
            first = False
    if pieces:
        yield (b"" if first else b",") + b",".join(pieces)
    yield b"]}"


def tag(state: object, wanted: Wanted, today: date) -> str:
    """A weak tag of a file: it changes with any place or colour, wherever that is."""
    said = f"{state}|{wanted}|{today}"
    return f'W/"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'
