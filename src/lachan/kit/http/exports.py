"""Lists as files: CSV and NDJSON, streamed in constant memory, chosen by the Accept header."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Literal

import orjson
from starlette.requests import Request
from starlette.responses import StreamingResponse

from lachan.kit.tables import escape_cell

Shape = Literal["json", "csv", "ndjson"]
_TYPES: dict[str, Shape] = {
    "application/json": "json",
    "text/csv": "csv",
    "application/x-ndjson": "ndjson",
    "*/*": "json",
}
_ROWS_A_CHUNK = 500


def shape_of(request: Request) -> Shape:
    """What the asker would have: the first type of Accept that we make, JSON when there is none."""
    for entry in request.headers.get("accept", "").split(","):
        shape = _TYPES.get(entry.split(";", 1)[0].strip().lower())
        if shape is not None:
            return shape
    return "json"


def _cell(value: object) -> str:
    # A moment begins with a figure, so only what else there is may have to be made plain text.
    return value.isoformat() if isinstance(value, date) else escape_cell(value)


async def _csv(
    header: Sequence[str], rows: AsyncIterator[Sequence[object]]
) -> AsyncIterator[bytes]:
    lines = io.StringIO()
    # Every cell in quotes: where the list separator is a semicolon, as in Viet Nam, a spreadsheet
    # would otherwise split a name at one and could run what comes after it.
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL)
    # The byte-order mark is how spreadsheets know that Vietnamese is UTF-8.
    lines.write("\ufeff")
    writer.writerow(header)
    waiting = 0
    async for row in rows:
        writer.writerow(map(_cell, row))
        waiting += 1
        if waiting == _ROWS_A_CHUNK:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
            waiting = 0
    yield lines.getvalue().encode()


async def _ndjson(
    header: Sequence[str], rows: AsyncIterator[Sequence[object]]
) -> AsyncIterator[bytes]:
    lines: list[bytes] = []
    async for row in rows:
        lines.append(orjson.dumps(dict(zip(header, row, strict=True))))
        if len(lines) == _ROWS_A_CHUNK:
            yield b"\n".join(lines) + b"\n"
            lines.clear()
    yield b"\n".join([*lines, b""])


def export(
    shape: Shape, name: str, header: Sequence[str], rows: AsyncIterator[Sequence[object]]
) -> StreamingResponse:
    """A file called `name` of CSV or NDJSON; cells that a spreadsheet would run are made text.

    `rows` is read after the route has returned, so it must bring its own transaction.
    """
    if shape == "csv":
        body, media_type = _csv(header, rows), "text/csv; charset=utf-8"
    else:
        body, media_type = _ndjson(header, rows), "application/x-ndjson"
    return StreamingResponse(
        body,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}.{shape}"'},
    )
