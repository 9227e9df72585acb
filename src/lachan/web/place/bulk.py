"""Pages of registering many places from a list: by those who run many, and by officers."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import (
    Access,
    Transaction,
    Viewer,
    officer,
    open_to,
    resident,
    viewer_of,
)
from lachan.places.bulk import service, store
from lachan.places.bulk.api import FILE_BYTES, check_files, check_list, codes_file, posters_file
from lachan.places.bulk.domain import COLUMNS, MOST_LINES, NEEDED, OFFICERS_ONLY
from lachan.places.operators.api import operator_codes_file
from lachan.places.operators.service import DAYS
from lachan.places.operators.store import unowned
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import page

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@dataclass(frozen=True, slots=True)
class Door:
    """Who comes in here: where the pages lie, and in which frame."""

    base: str
    frame: Literal["resident", "desk"]
    access: Access


OPERATORS: Final = Door("/place/import", "resident", resident)
OFFICERS: Final = Door("/desk/places/import", "desk", officer(service.ROLE))


async def _lists(
    request: Request, connection: Transaction, door: Door, problem: Problem | None = None
) -> Response:
    errors = say_problem(request, problem) if problem else {}
    if problem and "" in errors:
        errors = {"file": errors[""]}
    return page(
        request,
        "place/import.html",
        status=problem.status if problem else 200,
        door=door,
        imports=await store.recent(connection),
        errors=errors,
        most=MOST_LINES,
        columns=[
            (name, name in NEEDED, say(request, f"bulk-column-{name}"), spellings[0])
            for name, spellings in COLUMNS.items()
            if door is OFFICERS or name not in OFFICERS_ONLY
        ],
    )


async def _take(request: Request, door: Door) -> Response:
    viewer = viewer_of(request)
    assert viewer is not None
    check_files(viewer)
    storage = request.app.state.storage
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=FILE_BYTES) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise InvalidInput(fields={"file": "bulk-field-file"})
            name, content = file.filename, await file.read()
        async with storage.transaction(viewer.token) as connection:
            import_id = await check_list(request, connection, viewer, name, content)
    except Problem as problem:
        async with storage.transaction(viewer.token) as connection:
            return await _lists(request, connection, door, problem)
    return RedirectResponse(f"{door.base}/{import_id}", status_code=303)


@open_to(OPERATORS.access)
async def operators_list(request: Request) -> Response:
    """Take a list of somebody who runs many places."""
    return await _take(request, OPERATORS)


@open_to(OFFICERS.access)
async def officers_list(request: Request) -> Response:
    """Take a list of an officer."""
    return await _take(request, OFFICERS)


async def _one(request: Request, connection: Transaction, door: Door, import_id: int) -> Response:
    found = await service.access_import(connection, import_id)
    refused = [
        {
            "line": entry["line"],
            "column": entry["column"] or "–",
            "field": say(request, f"bulk-column-{entry['field']}"),
            "reason": say(request, entry["reason"]),
        }
        for entry in found.report["refused"]
    ]
    made_for_others = door is OFFICERS and found.state in {"done", "failed"}
    return page(
        request,
        "place/import_one.html",
        door=door,
        found=found,
        refused=refused,
        size="a4",
        unowned=len(await unowned(connection, import_id)) if made_for_others else None,
        days=DAYS,
    )


async def _register(
    connection: Transaction, viewer: Viewer, door: Door, import_id: int, size: Literal["a4", "a5"]
) -> Response:
    await service.register(connection, viewer, import_id, size)
    return RedirectResponse(f"{door.base}/{import_id}", status_code=303)


def _pages(door: Door) -> APIRouter:
    """The pages behind one door."""
    pages = APIRouter(include_in_schema=False, prefix=door.base)
    Sender = Annotated[Viewer, Depends(door.access)]  # noqa: N806 - a type

    @pages.get("")
    async def lists(request: Request, _viewer: Sender, connection: Transaction) -> Response:
        """Where a list is sent, and lists sent before."""
        return await _lists(request, connection, door)

    @pages.get("/{import_id}")
    async def one(
        request: Request, _viewer: Sender, connection: Transaction, import_id: RowId
    ) -> Response:
        """What would come of a list, or what has."""
        return await _one(request, connection, door, import_id)

    @pages.post("/{import_id}")
    async def register(
        viewer: Sender,
        connection: Transaction,
        import_id: RowId,
        size: Annotated[Literal["a4", "a5"], Form()] = "a4",
    ) -> Response:
        """Register what is good of it."""
        return await _register(connection, viewer, door, import_id, size)

    @pages.get("/{import_id}/posters.pdf")
    async def pdf(
        request: Request, viewer: Sender, connection: Transaction, import_id: RowId
    ) -> Response:
        """All posters in one file."""
        return posters_file(request, viewer, await service.access_import(connection, import_id))

    @pages.get("/{import_id}/codes.csv")
    async def codes(
        request: Request, viewer: Sender, connection: Transaction, import_id: RowId
    ) -> Response:
        """All codes in one table."""
        return codes_file(request, viewer, await service.access_import(connection, import_id))

    return pages


router = APIRouter(include_in_schema=False)
router.include_router(_pages(OPERATORS))
router.include_router(_pages(OFFICERS))


@router.post(OFFICERS.base + "/{import_id}/operators.csv")
async def operator_codes(
    request: Request,
    viewer: Annotated[Viewer, Depends(OFFICERS.access)],
    connection: Transaction,
    import_id: RowId,
) -> Response:
    """A code for each place of a list that nobody runs; they are in this file and nowhere else."""
    return await operator_codes_file(request, viewer, connection, import_id)
