"""Pages on which officers bring facilities in from lists: send, look, decide, take over."""

from collections.abc import AsyncIterator
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer, officer, open_to, viewer_of
from lachan.kit.http.exports import export
from lachan.kit.http.rate import RateLimit
from lachan.places.kinds import KINDS
from lachan.safety.importing import files, service, store
from lachan.safety.importing.domain import VERDICTS, Verdict
from lachan.safety.importing.report import COLUMNS, cells
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import page

BASE: Final = "/desk/safety/import"
UPLOADS: Final = "/desk/safety/import-files"
ADMIN: Final = officer(service.ROLE)
_FILES: Final = RateLimit(6, burst=12)
_A_PAGE: Final = 50
_MEGABYTE: Final = 1024 * 1024

router = APIRouter(include_in_schema=False, prefix=BASE)
Admin = Annotated[Viewer, Depends(ADMIN)]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _lists(
    request: Request, connection: Transaction, problem: Problem | None = None, source: str = ""
) -> Response:
    errors = say_problem(request, problem) if problem else {}
    if "" in errors:
        errors = {"file": errors[""]}
    return page(
        request,
        "desk/safety_imports.html",
        status=problem.status if problem else 200,
        imports=await store.recent(connection),
        errors=errors,
        source=source,
        base=BASE,
        uploads=UPLOADS,
        megabytes=service.PAGE_BYTES // _MEGABYTE,
        columns=[
            (name, name in files.NEEDED, say(request, f"safety-import-column-{name}"), words[0])
            for name, words in files.COLUMNS.items()
        ],
    )


@router.get("")
async def lists(request: Request, _viewer: Admin, connection: Transaction) -> Response:
    """Where a file is sent, and files sent before."""
    return await _lists(request, connection)


@open_to(ADMIN)
async def take_file(request: Request) -> Response:
    """Take a file to be read by the worker."""
    viewer = viewer_of(request)
    assert viewer is not None
    _FILES.check(viewer.key)
    storage, source = request.app.state.storage, ""
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=_MEGABYTE) as form:
            source = str(form.get("source") or "")
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise InvalidInput(fields={"file": "safety-import-field-file"})
            name, content = file.filename, await file.read()
        async with storage.transaction(viewer.token) as connection:
            import_id = await service.send(connection, viewer, name, content, source=source)
    except Problem as problem:
        async with storage.transaction(viewer.token) as connection:
            return await _lists(request, connection, problem, source)
    return RedirectResponse(f"{BASE}/{import_id}", status_code=303)


def _totals(counts: dict[tuple[str, str], int]) -> dict[str, int]:
    return {
        verdict: sum(lines for (one, _), lines in counts.items() if one == verdict)
        for verdict in VERDICTS
    }


def _first_shown(totals: dict[str, int]) -> Verdict:
    """What the reader has to look at first."""
    order: tuple[Verdict, ...] = ("doubtful", "refused", "new", "matched", "known")
    return next((verdict for verdict in order if totals[verdict]), "new")


@router.get("/{import_id}")
async def one(
    request: Request,
    _viewer: Admin,
    connection: Transaction,
    import_id: RowId,
    show: Annotated[Verdict | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """What would come of a list, or what has, by verdict."""
    found = await service.access_import(connection, import_id)
    counts = await store.counts(connection, import_id)
    totals = _totals(counts)
    shown = show or _first_shown(totals)
    lines = await store.page(connection, import_id, shown, after=after, limit=_A_PAGE + 1)
    here = f"{BASE}/{import_id}?show={shown}"
    problem = found.problem
    return page(
        request,
        "desk/safety_import_one.html",
        found=found,
        base=BASE,
        here=f"{BASE}/{import_id}",
        totals=totals,
        reasons=sorted(
            (lines, reason) for (one, reason), lines in counts.items() if one == shown and reason
        )[::-1],
        waiting=await store.undecided(connection, import_id),
        shown=shown,
        kinds=KINDS.by_code,
        lines=lines[:_A_PAGE],
        next_url=f"{here}&after={lines[_A_PAGE - 1].line}" if len(lines) > _A_PAGE else None,
        first_url=here if after else None,
        problem=say(request, f"error-{problem['code']}", **problem["params"]) if problem else "",
    )


@router.post("/{import_id}")
async def take_over(viewer: Admin, connection: Transaction, import_id: RowId) -> Response:
    """Take over what is new, matched or decided."""
    await service.take_over(connection, viewer, import_id)
    return RedirectResponse(f"{BASE}/{import_id}", status_code=303)


@router.post("/{import_id}/lines/{line}")
async def decide(
    viewer: Admin,
    connection: Transaction,
    import_id: RowId,
    line: Annotated[int, Path(ge=1, le=2**31 - 1)],
    decision: Annotated[Literal["same", "new", "leave"], Form()],
) -> Response:
    """Say what a doubtful line is."""
    await service.decide(connection, viewer, import_id, line, decision)
    return RedirectResponse(
        f"{BASE}/{import_id}?show=doubtful&after={line - 1}#line-{line}", status_code=303
    )


@router.get("/{import_id}/report.csv")
async def report(
    request: Request, viewer: Admin, connection: Transaction, import_id: RowId
) -> Response:
    """Every line with what becomes of it."""
    found = await service.access_import(connection, import_id)
    token, storage = viewer.token, request.app.state.storage

    async def rows() -> AsyncIterator[list[object]]:
        async with storage.export(token) as reading:
            async for line in store.every(reading, found.id):
                number, verdict, reason, *rest = cells(line)
                yield [
                    number,
                    say(request, f"safety-import-verdict-{verdict}"),
                    say(request, f"safety-import-reason-{reason}") if reason else "",
                    *rest,
                ]

    header = [say(request, f"safety-import-csv-{name}") for name in COLUMNS]
    return export("csv", f"facilities-{found.id}", header, rows())
