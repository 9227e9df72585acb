"""The officer's warnings: the list, the dry run with its one button, and what became of each."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.i18n import LANGUAGES
from lachan.warnings import errors, service, store
from lachan.warnings.advice import advice_for
from lachan.warnings.api import Cursor, Id, before_of, counts_of, next_cursor, wording_of
from lachan.warnings.schemas import LONGEST_ANSWER, LONGEST_NOTE, LONGEST_REASON, Level
from lachan.warnings.service import DryRun
from lachan.warnings.wording import Wording
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/warnings")

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
_A_PAGE = 30


def _samples(request: Request, run: DryRun, note: str = "") -> dict[str, str]:
    if run.sample is None:
        return {}
    state = request.app.state
    return {
        lang: "\n".join(
            part
            for part in (Wording(state.catalogs, lang, state.settings.zone).whole(run.sample), note)
            if part
        )
        for lang in LANGUAGES
    }


def _sentence(request: Request, problem: Problem) -> str:
    sentence: str = request.app.state.catalogs.translate(
        language_of(request), f"error-{problem.code}", **problem.params
    )
    return sentence


@router.get("")
async def desk_warnings(
    request: Request, _viewer: Tracer, connection: Transaction, cursor: Cursor = None
) -> Response:
    """Warnings of the officer's area, newest first."""
    rows = await store.warnings(connection, before=before_of(cursor), limit=_A_PAGE)
    counts = await store.counts(connection, [row.id for row in rows])
    words = wording_of(request)
    following = next_cursor(rows, _A_PAGE)
    return page(
        request,
        "warnings/desk_list.html",
        warnings=[(row, counts_of(counts.get(row.id)), words.disease(row.disease)) for row in rows],
        next_url=f"/desk/warnings?cursor={following}" if following else None,
        first_url="/desk/warnings" if cursor else None,
    )


@router.get("/new")
async def new_warning(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    case: Annotated[int, Query(ge=1, le=2**63 - 1)],
    level: Annotated[tuple[Level, ...], Query(max_length=5)] = (1,),
) -> Response:
    """The dry run: whom a warning would reach, where, and what they would read. Writes nothing."""
    return await _new(request, viewer, connection, case, level)


async def _new(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    case_id: int,
    levels: Sequence[int],
    *,
    note: str = "",
    refused: Problem | None = None,
) -> Response:
    case = await service.access_case(connection, case_id)
    breaker = service.breaker_of(request.app.state.settings)
    run = await service.preview(connection, viewer, case, levels, breaker)
    return page(
        request,
        "warnings/desk_new.html",
        status=refused.status if refused else 200,
        errors={"": _sentence(request, refused)} if refused else {},
        case=case,
        levels=list(levels),
        run=run,
        samples=_samples(request, run),
        advice=advice_for(case.disease, min(levels)),
        note=note,
        longest=LONGEST_NOTE,
    )


@router.post("")
async def make_warning(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    case: Annotated[int, Form(ge=1, le=2**63 - 1)],
    level: Annotated[tuple[Level, ...], Form(min_length=1, max_length=5)],
    recipients: Annotated[int, Form(ge=1, le=2**31 - 1)],
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    act: Annotated[Literal["approve", "draft"], Form()] = "approve",
) -> Response:
    """Approve what the dry run showed, or keep it as a draft for a second officer."""
    said = note.strip()
    try:
        # A refusal leaves no draft behind, yet the page that explains it still reads.
        async with connection.begin_nested():
            if act == "draft":
                row = await service.draft(connection, viewer, case, level, said)
            else:
                row = await service.draft_and_approve(
                    connection,
                    viewer,
                    service.breaker_of(request.app.state.settings),
                    case_id=case,
                    levels=level,
                    note=said,
                    recipients_seen=recipients,
                )
    except (errors.RecipientsChanged, errors.SecondOfficerNeeded, errors.NoRecipients) as refused:
        return await _new(request, viewer, connection, case, level, note=said, refused=refused)
    return RedirectResponse(f"/desk/warnings/{row.id}", status_code=303)


@router.get("/{warning_id}")
async def desk_warning(
    request: Request, viewer: Tracer, connection: Transaction, warning_id: Id
) -> Response:
    """A draft to be approved, or how far a warning has come and what people say to it."""
    row = await service.refresh(connection, await service.access_warning(connection, warning_id))
    return await _one(request, viewer, connection, row)


async def _one(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    row: Row[Any],
    *,
    errors_shown: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    breaker = service.breaker_of(request.app.state.settings)
    run = await service.dry_run(connection, viewer, row, breaker)
    counts = await store.counts(connection, [row.id])
    words = wording_of(request)
    disputes = await service.open_disputes(connection, viewer, request.app.state.keyring, row)
    return page(
        request,
        "warnings/desk_one.html",
        status=status,
        errors=errors_shown or {},
        warning=row,
        disease=words.disease(row.disease),
        run=run,
        samples=_samples(request, run),
        advice=advice_for(row.disease, min(row.levels)),
        counts=counts_of(counts.get(row.id)),
        own=row.created_by == viewer.officer,
        disputes=[(one, words.place(one.told), words.window(one.told)) for one in disputes],
        longest_answer=LONGEST_ANSWER,
        longest_reason=LONGEST_REASON,
    )


@router.get("/{warning_id}/counts")
async def desk_counts(
    request: Request, _viewer: Tracer, connection: Transaction, warning_id: Id
) -> Response:
    """How far a warning has come, as a fragment that its page asks for again and again."""
    row = await service.access_warning(connection, warning_id)
    counts = await store.counts(connection, [row.id])
    return page(
        request,
        "warnings/desk_counts.html",
        warning=row,
        counts=counts_of(counts.get(row.id)),
    )


@router.post("/{warning_id}/approve")
async def approve(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    warning_id: Id,
    recipients: Annotated[int, Form(ge=1, le=2**31 - 1)],
) -> Response:
    """Approve a draft, one's own or another officer's."""
    breaker = service.breaker_of(request.app.state.settings)
    try:
        async with connection.begin_nested():
            await service.approve(connection, viewer, warning_id, recipients, breaker)
    except (errors.RecipientsChanged, errors.SecondOfficerNeeded) as refused:
        row = await service.access_warning(connection, warning_id)
        row = await service.refresh(connection, row)
        return await _one(
            request,
            viewer,
            connection,
            row,
            errors_shown={"": _sentence(request, refused)},
            status=refused.status,
        )
    return RedirectResponse(f"/desk/warnings/{warning_id}", status_code=303)


def _wrong(request: Request, text: str, longest: int) -> str | None:
    if text and len(text) <= longest:
        return None
    key = "field-too-long" if text else "field-missing"
    sentence: str = request.app.state.catalogs.translate(language_of(request), key)
    return sentence


@router.post("/{warning_id}/withdraw")
async def withdraw(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    warning_id: Id,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Take a warning back; the reason is shown to everybody who got it."""
    row = await service.access_warning(connection, warning_id)
    wrong = _wrong(request, reason.strip(), LONGEST_REASON)
    if wrong:
        return await _one(
            request, viewer, connection, row, errors_shown={"reason": wrong}, status=422
        )
    await service.withdraw(connection, viewer, warning_id, reason.strip())
    return RedirectResponse(f"/desk/warnings/{warning_id}", status_code=303)


@router.post("/{warning_id}/messages/{message_id}/answer")
async def answer(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    warning_id: Id,
    message_id: Id,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Answer somebody who says that a warning is wrong."""
    row = await service.access_warning(connection, warning_id)
    wrong = _wrong(request, text.strip(), LONGEST_ANSWER)
    if wrong:
        shown = {f"text-{message_id}": wrong}
        return await _one(request, viewer, connection, row, errors_shown=shown, status=422)
    await service.answer(connection, viewer, warning_id, message_id, text.strip())
    return RedirectResponse(f"/desk/warnings/{warning_id}#disputes", status_code=303)
