"""The diary's routes. The scan itself is in `scan_route`, outside FastAPI."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.http.rate import RateLimit
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from lachan.kit.tables import escape_cell
from lachan.visits import service, store
from lachan.visits.schemas import (
    CorrectionIn,
    DiaryOut,
    ForgottenVisitIn,
    PlaceOut,
    VisitOut,
)
from lachan.visits.store import DiaryEntry

router = APIRouter(prefix="/api/v1/me/visits", tags=["visits"])

# Somebody who fills in a forgotten week adds tens; a program that invents a past adds thousands.
ADDED = RateLimit(10, burst=100)


def _out(entry: DiaryEntry) -> VisitOut:
    return VisitOut(
        id=entry.id,
        place=PlaceOut(code=entry.code, name=entry.place_name, kind=entry.place_kind),
        room=entry.room_name,
        started_at=entry.started_at,
        ends_at=entry.ends_at,
        end_source=entry.end_source,
        open=entry.is_open(now()),
    )


def cursor_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The place in the diary that a cursor names. Raises `InvalidInput`."""
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        started_at = datetime.fromisoformat(str(key[0]))
        # Only now is it sure to be a moment that UTC can tell.
        return started_at.astimezone(UTC), UUID(str(key[1]))
    except (OverflowError, ValueError):
        raise InvalidInput(fields={"cursor": "field-cursor"}) from None


@router.get("")
async def list_visits(
    viewer: ResidentViewer,
    connection: Transaction,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> DiaryOut:
    """The own diary, newest first."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(fields={"limit": "field-out-of-range"})
    entries = await store.diary(
        connection, viewer.person, before=cursor_of(cursor), limit=limit + 1
    )
    shown = entries[:limit]
    more = len(entries) > limit
    return DiaryOut(
        visits=[_out(entry) for entry in shown],
        next_cursor=encode_cursor([shown[-1].started_at.isoformat(), str(shown[-1].id)])
        if more
        else None,
    )


@router.post("", status_code=201)
async def add_visit(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit: ForgottenVisitIn
) -> VisitOut:
    """Add a visit that was not scanned."""
    ADDED.check(str(viewer.person))
    settings = request.app.state.settings
    posted = await request.app.state.intake.codes.find(visit.code)
    visit_id = await service.add_forgotten(
        connection,
        viewer,
        posted,
        (visit.started_at, visit.ends_at),
        moment=now(),
        settings=settings,
    )
    return _out(await service.access_visit(connection, viewer, visit_id, settings.zone))


@router.delete("")
async def delete_all_visits(viewer: ResidentViewer, connection: Transaction) -> dict[str, int]:
    """Delete the whole diary, for good."""
    return {"deleted": await service.delete_diary(connection, viewer)}


_HEADER = ("place", "kind", "room", "started_at", "ends_at", "end_source", "source")


async def _export(request: Request, viewer: ResidentViewer, shape: str) -> AsyncIterator[bytes]:
    """The diary as CSV with a byte-order mark (spreadsheets then read Vietnamese) or NDJSON."""
    if shape == "csv":
        header = ",".join(f'"{name}"' for name in _HEADER)
        yield b"\xef\xbb\xbf" + f"{header}\r\n".encode()
    # The answer streams after the route has returned, so it opens its own transaction.
    async with request.app.state.storage.export(viewer.token) as connection:
        async for entry in store.every_visit(connection, viewer.person):
            row = (
                entry.place_name,
                entry.place_kind,
                entry.room_name or "",
                entry.started_at.isoformat(),
                entry.ends_at.isoformat(),
                entry.end_source.value,
                entry.source,
            )
            if shape == "csv":
                line = io.StringIO()
                csv.writer(line, quoting=csv.QUOTE_ALL).writerow(
                    [escape_cell(cell) for cell in row]
                )
                yield line.getvalue().encode()
            else:
                yield orjson.dumps(dict(zip(_HEADER, row, strict=True))) + b"\n"


@router.get("/export", response_class=StreamingResponse)
async def export_visits(request: Request, viewer: ResidentViewer) -> Response:
    """The whole diary: CSV, or NDJSON when the client accepts application/x-ndjson."""
    ndjson = "application/x-ndjson" in request.headers.get("accept", "")
    shape = "ndjson" if ndjson else "csv"
    return StreamingResponse(
        _export(request, viewer, shape),
        media_type="application/x-ndjson" if ndjson else "text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="lachan-diary.{shape}"'},
    )


@router.get("/{visit_id}")
async def get_visit(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> VisitOut:
    """One visit of the own diary."""
    zone = request.app.state.settings.zone
    return _out(await service.access_visit(connection, viewer, visit_id, zone))


@router.patch("/{visit_id}")
async def correct_visit(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    visit_id: UUID,
    correction: CorrectionIn,
) -> VisitOut:
    """Correct when a visit began or ended. The id changes when the start does."""
    settings = request.app.state.settings
    new_id = await service.correct(
        connection,
        viewer,
        visit_id,
        (correction.started_at, correction.ends_at),
        moment=now(),
        settings=settings,
    )
    return _out(await service.access_visit(connection, viewer, new_id, settings.zone))


@router.delete("/{visit_id}", status_code=204)
async def delete_visit(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """Delete one visit, for good."""
    await service.delete_visit(connection, viewer, visit_id, request.app.state.settings.zone)
    return Response(status_code=204)


@router.post("/{visit_id}/undo", status_code=204)
async def undo_visit(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """Take the last scan of this visit back, within ten minutes."""
    await service.undo(
        connection, viewer, visit_id, moment=now(), zone=request.app.state.settings.zone
    )
    return Response(status_code=204)
