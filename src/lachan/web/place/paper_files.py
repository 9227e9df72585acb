"""Files of paper lists: upload, say which column is which, look at the dry run, confirm."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from lachan.kit.clock import local_day, now
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer, open_to, viewer_of
from lachan.kit.spreadsheets import Line, column_letter, read
from lachan.kit.tables import escape_cell
from lachan.visits.paper import deciding, row_store, rules, service, store
from lachan.visits.paper.columns import FIELDS, Field, Reading, check_columns
from lachan.visits.paper.domain import Reason, Written, field_in_question
from lachan.visits.paper.store import PaperList, PaperPlace
from lachan.visits.paper.tables import column_name
from lachan.visits.paper.times import read_moment
from lachan.web.place.paper import OFFICERS, OPERATORS, Door, RowId, context_of
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import page

MOST_BYTES: Final = 12 * 1024 * 1024
_SAMPLES = 4
_A_PAGE = 100
_LISTS = 50
_PROBLEMS = ("doubtful", "refused")
# Reading a file takes memory: so many at a time in a process.
_READING: Final = asyncio.Semaphore(2)


async def import_page(
    request: Request,
    connection: AsyncConnection,
    viewer: Viewer,
    door: Door,
    place: PaperPlace,
    errors: dict[str, str] | None = None,
    status: int = 422,
) -> Response:
    """Where files are brought, with those that were."""
    return page(
        request,
        "paper/import.html",
        status=status if errors else 200,
        errors=errors or {},
        lists=await store.lists_of_place(
            connection, place.id, service.typist_of(viewer), limit=_LISTS
        ),
        most_rows=rules.MOST_ROWS,
        **context_of(door, place),
    )


async def take_file(request: Request, door: Door) -> Response:
    """Take an uploaded file, and show what becomes of it."""
    viewer = viewer_of(request)
    assert viewer is not None
    place_id = int(request.path_params["place_id"])
    storage = request.app.state.storage
    async with storage.transaction(viewer.token) as connection:
        place = await service.access_place(connection, viewer, place_id)
    try:
        content = await _content(request)
        # Only what is here is read: a slow sender keeps nobody from it.
        async with _READING:
            sheet = await asyncio.to_thread(read, content, most_lines=rules.MOST_ROWS + 100)
            async with storage.transaction(viewer.token) as connection:
                list_id, _new = await service.add_file(
                    connection,
                    request.app.state.keyring,
                    request.app.state.settings,
                    viewer,
                    place,
                    content,
                    sheet,
                )
    except Problem as problem:
        async with storage.transaction(viewer.token) as connection:
            return await import_page(
                request,
                connection,
                viewer,
                door,
                place,
                {"file": next(iter(say_problem(request, problem).values()))},
                problem.status,
            )
    return RedirectResponse(f"{door.of(place_id)}/lists/{list_id}", status_code=303)


async def _content(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) and file.filename else b""
    if not content:
        raise InvalidInput(fields={"file": "paper-field-file"})
    return content


@open_to(OPERATORS.access)
async def operators_file(request: Request) -> Response:
    """Take a file of those who run the place."""
    return await take_file(request, OPERATORS)


@open_to(OFFICERS.access)
async def officers_file(request: Request) -> Response:
    """Take a file that an officer of the area brings."""
    return await take_file(request, OFFICERS)


def _samples(lines: list[Line], reading: Reading) -> list[dict[str, object]]:
    """Each column with its letter, its heading and what stands below it."""
    width = max((len(line.cells) for line in lines), default=0)
    heading = next((line for line in lines if line.number == reading.heading), None)
    below = [line for line in lines if line.number > reading.heading]
    columns: list[dict[str, object]] = []
    for column in range(width):
        values = [line.get(column) for line in below[:200] if line.get(column)]
        name = heading.get(column) if heading else ""
        if name or values:
            columns.append(
                {
                    "number": column,
                    "letter": column_letter(column),
                    "heading": name,
                    "samples": values[:_SAMPLES],
                }
            )
    return columns


async def _mapping_page(
    request: Request,
    connection: AsyncConnection,
    door: Door,
    place: PaperPlace,
    of: PaperList,
    reading: Reading,
    errors: dict[str, str] | None = None,
) -> Response:
    lines = await service.access_table(connection, request.app.state.keyring, of)
    return page(
        request,
        "paper/columns.html",
        status=422 if errors else 200,
        list=of,
        columns=_samples(lines, reading),
        fields=FIELDS,
        chosen={column: field for field, column in reading.columns.items()},
        reading=reading,
        errors=errors or {},
        **context_of(door, place),
    )


async def _list_page(
    request: Request,
    connection: AsyncConnection,
    door: Door,
    place: PaperPlace,
    of: PaperList,
    after: int,
) -> Response:
    states, reasons = await row_store.count(connection, of.id)
    rows = []
    if of.state in {"checked", "taking", "done"}:
        rows = await service.rows_of(
            connection,
            request.app.state.keyring,
            of,
            states=_PROBLEMS,
            after=after,
            limit=_A_PAGE + 1,
        )
    reading = rules.reading_of(of.reading)
    return page(
        request,
        "paper/list.html",
        list=of,
        reading=reading,
        states=states,
        reasons=reasons,
        rows=rows[:_A_PAGE],
        more=rows[_A_PAGE - 1].row.line if len(rows) > _A_PAGE else None,
        first=after == 0,
        column_of=partial(_column_of, reading),
        column_letter=column_letter,
        **context_of(door, place),
    )


def _column_of(reading: Reading, code: str, written: Written) -> str:
    """The letters of the column that a reason is about; empty for a reason of the whole row."""
    return next(
        (column_name(reading, field_in_question(one, written)) for one in Reason if one == code), ""
    )


def files_router(door: Door) -> APIRouter:
    """Pages of files."""
    router = APIRouter(include_in_schema=False, prefix=door.base)
    _add_pages(router, door)
    _add_columns(router, door)
    _add_decisions(router, door)
    return router


def _add_pages(router: APIRouter, door: Door) -> None:
    Bringing = Annotated[Viewer, Depends(door.access)]  # noqa: N806 - a type

    @router.get("/import")
    async def import_form(
        request: Request, viewer: Bringing, connection: Transaction, place_id: RowId
    ) -> Response:
        """Bring a file."""
        place = await service.access_place(connection, viewer, place_id)
        return await import_page(request, connection, viewer, door, place)

    @router.get("/template.{shape}")
    async def template(
        request: Request, viewer: Bringing, connection: Transaction, place_id: RowId, shape: str
    ) -> Response:
        """A file to fill in."""
        place = await service.access_place(connection, viewer, place_id)
        return _template(request, "csv" if shape == "csv" else "xlsx", place.id)

    @router.get("/lists/{list_id}")
    async def one_list(
        request: Request,
        viewer: Bringing,
        connection: Transaction,
        place_id: RowId,
        list_id: UUID,
        after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    ) -> Response:
        """Where a file stands: its columns, its dry run, its progress, what waits."""
        place = await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        if of.state == "mapping":
            reading = rules.reading_of(of.reading)
            return await _mapping_page(request, connection, door, place, of, reading)
        return await _list_page(request, connection, door, place, of, after)


def _add_columns(router: APIRouter, door: Door) -> None:
    Bringing = Annotated[Viewer, Depends(door.access)]  # noqa: N806 - a type

    @router.get("/lists/{list_id}/columns")
    async def columns_form(
        request: Request, viewer: Bringing, connection: Transaction, place_id: RowId, list_id: UUID
    ) -> Response:
        """Say which column holds what."""
        place = await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        reading = rules.reading_of(of.reading)
        return await _mapping_page(request, connection, door, place, of, reading)

    @router.post("/lists/{list_id}/columns")
    async def choose_columns(
        request: Request,
        viewer: Bringing,
        connection: Transaction,
        place_id: RowId,
        list_id: UUID,
        heading: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
        day: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:
        """Read the file by the columns chosen."""
        place = await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        chosen = _chosen(await request.form(max_files=0, max_fields=300))
        errors: dict[str, str] = {}
        columns: dict[Field, int] = {}
        for column, field in chosen:
            if field in columns:
                errors[f"column-{column}"] = say(request, "paper-columns-twice")
            columns[field] = column
        read_day = _day(request, day, errors)
        reading = Reading(heading, columns, read_day)
        if not errors:
            reading = await service.read_another_way(
                connection, of, columns, heading=heading, day=read_day
            )
            for missing in reading.unclear:
                errors["columns"] = say(request, f"paper-columns-missing-{missing}")
        if errors:
            return await _mapping_page(request, connection, door, place, of, reading, errors)
        return RedirectResponse(f"{door.of(place_id)}/lists/{list_id}", status_code=303)


def _add_decisions(router: APIRouter, door: Door) -> None:
    Bringing = Annotated[Viewer, Depends(door.access)]  # noqa: N806 - a type

    @router.post("/lists/{list_id}/confirm")
    async def confirm(
        viewer: Bringing, connection: Transaction, place_id: RowId, list_id: UUID
    ) -> Response:
        """Take the rows that are sure."""
        await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        await service.confirm(connection, of)
        return RedirectResponse(f"{door.of(place_id)}/lists/{list_id}", status_code=303)

    @router.post("/lists/{list_id}/discard")
    async def discard(
        viewer: Bringing, connection: Transaction, place_id: RowId, list_id: UUID
    ) -> Response:
        """Throw a file away that was not confirmed."""
        await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        await service.discard(connection, of)
        return RedirectResponse(f"{door.of(place_id)}/import", status_code=303)

    @router.post("/lists/{list_id}/settle")
    async def settle_together(
        viewer: Bringing,
        connection: Transaction,
        place_id: RowId,
        list_id: UUID,
        reason: Annotated[str, Form(max_length=60)],
    ) -> Response:
        """Accept all rows that wait for one reason."""
        await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        await deciding.settle_together(connection, viewer, reason, list_id=of.id)
        return RedirectResponse(f"{door.of(place_id)}/lists/{list_id}", status_code=303)

    @router.get("/lists/{list_id}/report.csv")
    async def report(
        request: Request, viewer: Bringing, connection: Transaction, place_id: RowId, list_id: UUID
    ) -> Response:
        """Every row that was not taken: line, column, reason, what to do, and what stands on it."""
        await service.access_place(connection, viewer, place_id)
        of = await service.access_list(connection, viewer, place_id, list_id)
        return StreamingResponse(
            _report(request, viewer, of),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="la-chan-paper-list.csv"'},
        )


def _chosen(form: object) -> list[tuple[int, Field]]:
    """The fields chosen for columns, in the order of the columns."""
    chosen: list[tuple[int, Field]] = []
    for name, value in form.multi_items():  # type: ignore[attr-defined] # Starlette's FormData
        number = name.removeprefix("column-")
        if name.startswith("column-") and number.isdigit() and isinstance(value, str):
            field = next(iter(check_columns({value: int(number)})), None)
            if field is not None:
                chosen.append((int(number), field))
    return sorted(chosen)


def _day(request: Request, typed: str, errors: dict[str, str]) -> date | None:
    if not typed.strip():
        return None
    read_day = read_moment(typed, local_day(now(), request.app.state.settings.zone))
    if read_day is None or read_day.day is None:
        errors["day"] = say(request, "paper-reason-day-unreadable")
        return None
    return read_day.day


_REPORT = ("line", "column", "state", "reason", "todo")


async def _report(request: Request, viewer: Viewer, of: PaperList) -> AsyncIterator[bytes]:
    head = [say(request, f"paper-report-{name}") for name in _REPORT]
    head += [say(request, f"paper-field-{field}") for field in FIELDS]
    yield b"\xef\xbb\xbf" + _csv_line(head)
    reading = rules.reading_of(of.reading)
    after = 0
    async with request.app.state.storage.export(viewer.token) as connection:
        while True:
            rows = await service.rows_of(
                connection,
                request.app.state.keyring,
                of,
                states=_PROBLEMS,
                after=after,
                limit=1_000,
            )
            for one in rows:
                codes = deciding.reasons_of(one.row.reasons)
                yield _csv_line(
                    [
                        one.row.line,
                        " ".join(_column_of(reading, code, one.written) for code in codes).strip(),
                        say(request, f"paper-state-{one.state}"),
                        " ".join(say(request, f"paper-reason-{code}") for code in codes),
                        " ".join(say(request, f"paper-todo-{code}") for code in codes),
                        *(getattr(one.written, field) for field in FIELDS),
                    ]
                )
            if not rows:
                return
            after = rows[-1].row.line or 0


def _csv_line(cells: list[object] | list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([escape_cell(cell) for cell in cells])
    return line.getvalue().encode()


def _template(request: Request, shape: str, place_id: int) -> Response:
    head = [say(request, f"paper-field-{field}") for field in FIELDS]
    day = local_day(now(), request.app.state.settings.zone)
    example = [
        say(request, "paper-template-name"),
        # No number: an example that somebody forgets to delete must name nobody.
        "09xx xxx xxx",
        "",
        "",
        f"{day:%d/%m/%Y}",
        "7:30",
        "8:15",
        "",
        say(request, "paper-template-note"),
    ]
    name = f'attachment; filename="la-chan-{place_id}.{shape}"'
    if shape == "csv":
        body = b"\xef\xbb\xbf" + _csv_line(head) + _csv_line(example)
        return Response(
            body,
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": name},
        )
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - no types; slow to load

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        # As text, so that no spreadsheet takes the zero from a number or turns a day round.
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(head) - 1, 22, text)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for column, cell in enumerate(example):
            sheet.write_string(1, column, cell, text)
    return Response(
        out.getvalue(),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"content-disposition": name},
    )


router = files_router(OPERATORS)
officers_router = files_router(OFFICERS)
