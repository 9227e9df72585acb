"""Paper lists over HTTP, for a hotel's or a factory's own software: send a file, look, confirm.

The pages do the same step by step, with the columns shown; see `lachan.web.place.paper_files`.
"""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.spreadsheets import read
from lachan.visits.paper import row_store, rules, service

router = APIRouter(prefix="/api/v1", tags=["paper lists"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]

UPLOADS: Final = "/api/v1/paper-files/"
"""Where a body may be as large as a file is."""
# Reading a file takes memory: so many at a time in a process.
_READING: Final = asyncio.Semaphore(2)


class ListOut(BaseModel):
    """Where a list stands.

    `state`: mapping (its columns are unclear: settle them on the page), checking, checked (look at
    `rows`, then confirm), taking, done, failed. `rows`: how many are ready, accepted, doubtful,
    refused.
    """

    id: UUID
    state: str
    lines: int
    handled: int
    rows: dict[str, int]


async def _out(
    connection: Transaction, viewer: ResidentViewer, place_id: int, list_id: UUID
) -> ListOut:
    of = await service.access_list(connection, viewer, place_id, list_id)
    states, _ = await row_store.count(connection, list_id)
    return ListOut(
        id=of.id, state=of.state, lines=of.row_count, handled=of.rows_handled, rows=states
    )


@router.post(
    "/paper-files/{place_id}",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    },
)
async def send_file(request: Request, viewer: ResidentViewer, place_id: RowId) -> ListOut:
    """Send a list of a place that you run, CSV or XLSX; the same file again is the same list."""
    storage = request.app.state.storage
    async with storage.transaction(viewer.token) as connection:
        place = await service.access_place(connection, viewer, place_id)
    # Between the two nothing is open: a slow sender holds no connection.
    content = await request.body()
    if not content:
        raise InvalidInput(fields={"file": "paper-field-file"})
    async with _READING:
        sheet = await asyncio.to_thread(read, content, most_lines=rules.MOST_ROWS + 100)
    state = request.app.state
    async with storage.transaction(viewer.token) as connection:
        list_id, _new = await service.add_file(
            connection, state.keyring, state.settings, viewer, place, content, sheet
        )
        return await _out(connection, viewer, place_id, list_id)


@router.get("/places/{place_id}/paper-lists/{list_id}")
async def read_list(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, list_id: UUID
) -> ListOut:
    """How far a list is, and what became of its rows."""
    return await _out(connection, viewer, place_id, list_id)


@router.post("/places/{place_id}/paper-lists/{list_id}/confirm", status_code=202)
async def confirm_list(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, list_id: UUID
) -> ListOut:
    """Take the rows that are sure; those in doubt wait for a decision on the page."""
    of = await service.access_list(connection, viewer, place_id, list_id)
    await service.confirm(connection, of)
    return await _out(connection, viewer, place_id, list_id)
