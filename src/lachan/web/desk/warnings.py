"""The officer's warnings: the list, the dry run with its one button, and what became of each."""

from contextlib import suppress
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy import Row
from starlette.responses import RedirectResponse, Response

from lachan.diseases.profiles import all_profiles
from lachan.diseases.rules import MESSAGE_KINDS
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.warnings import errors, outbreak, replies, service, store
from lachan.warnings.advice import advice_for
from lachan.warnings.api import (
    Cursor,
    Id,
    before_of,
    counts_of,
    next_cursor,
    texts_of,
    wording_of,
)
from lachan.warnings.schemas import LONGEST_ANSWER, LONGEST_NOTE, LONGEST_REASON, Level
from lachan.warnings.service import DryRun, Plan
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/warnings")

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
_A_PAGE = 30
_PREFIX = "kind_"


def _shares(request: Request, run: DryRun, disease: str) -> list[dict[str, Any]]:
    """Each class of a dry run: how many, what they get, their text, and what the text follows."""
    return [
        {
            "by_rule": share.by_rule,
            "kind": share.kind,
            "recipients": share.recipients,
            "texts": texts_of(request, share.sample),
            "advice": advice_for(
                disease, share.kind, share.sample.level, share.sample.advice_version
            ),
        }
        for share in run.kinds
    ]


def _sentence(request: Request, problem: Problem) -> str:
    sentence: str = request.app.state.catalogs.translate(
        language_of(request), f"error-{problem.code}", **problem.params
    )
    return sentence


def _changes(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """What a form made of the classes: fields `kind_<by the rule>`."""
    return {
        name[len(_PREFIX) :]: value
        for name, value in pairs
        if name.startswith(_PREFIX) and value in MESSAGE_KINDS
    }


@router.get("")
async def desk_warnings(
    request: Request, viewer: Tracer, connection: Transaction, cursor: Cursor = None
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
        pauses=await store.open_pauses(connection),
        may_pause="admin" in viewer.roles,
        reports_waiting=await store.count_new_reports(connection),
        next_url=f"/desk/warnings?cursor={following}" if following else None,
        first_url="/desk/warnings" if cursor else None,
    )


@router.get("/new")
async def new_warning(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    case: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    report: UUID | None = None,
    disease: Annotated[str | None, Query(max_length=40)] = None,
    level: Annotated[tuple[Level, ...], Query(max_length=5)] = (),
) -> Response:
    """The dry run: whom a warning would reach, where, and what they would read. Writes nothing."""
    if report is not None and disease is None:
        disease = all_profiles()[0].code
    plan = Plan(
        case_id=case,
        report_id=report,
        disease=disease,
        levels=level or None,
        changes=_changes(list(request.query_params.multi_items())),
    )
    return await _new(request, viewer, connection, plan)


async def _new(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    plan: Plan,
    *,
    refused: Problem | None = None,
) -> Response:
    breaker = service.breaker_of(request.app.state.settings)
    subject, run = await service.preview(connection, viewer, plan, breaker)
    case = None if subject.case_id is None else await store.case(connection, subject.case_id)
    report = (
        None if subject.report_id is None else await store.report(connection, subject.report_id)
    )
    return page(
        request,
        "warnings/desk_new.html",
        status=refused.status if refused else 200,
        errors={"": _sentence(request, refused)} if refused else {},
        case=case,
        report=report,
        disease=subject.disease,
        diseases=[(one.code, one.name_key) for one in all_profiles()],
        levels=list(subject.levels),
        rule=subject.rule,
        newer=await service.newer_rule(connection, subject.rule, subject.area),
        run=run,
        shares=_shares(request, run, subject.disease),
        kinds=MESSAGE_KINDS,
        note=plan.note,
        longest=LONGEST_NOTE,
    )


@router.post("")
async def make_warning(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    recipients: Annotated[int, Form(ge=1, le=2**31 - 1)],
    case: Annotated[int | None, Form(ge=1, le=2**63 - 1)] = None,
    report: Annotated[UUID | None, Form()] = None,
    disease: Annotated[str | None, Form(max_length=40)] = None,
    level: Annotated[tuple[Level, ...], Form(max_length=5)] = (),
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
    act: Annotated[Literal["approve", "draft"], Form()] = "approve",
) -> Response:
    """Approve what the dry run showed, or keep it as a draft for a second officer."""
    typed = await request.form()
    plan = Plan(
        case_id=case,
        report_id=report,
        disease=disease,
        levels=level or None,
        note=note.strip(),
        changes=_changes([(name, str(value)) for name, value in typed.multi_items()]),
    )
    try:
        # A refusal leaves no draft behind, yet the page that explains it still reads.
        async with connection.begin_nested():
            if act == "draft":
                row = await service.draft(connection, viewer, plan)
            else:
                breaker = service.breaker_of(request.app.state.settings)
                row = await service.draft_and_approve(
                    connection, viewer, breaker, plan, recipients_seen=recipients
                )
    except (
        errors.RecipientsChanged,
        errors.SecondOfficerNeeded,
        errors.NoRecipients,
        errors.WarningRush,
        errors.WarningsPaused,
    ) as refused:
        return await _new(request, viewer, connection, plan, refused=refused)
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
    chosen = run
    if row.state == "draft":
        # The messages know what they are, not what the rule would have made of them.
        plan = Plan(row.case_id, row.place_report_id, row.disease, row.levels, changes=row.kinds)
        with suppress(Problem):
            _, chosen = await service.preview(connection, viewer, plan, breaker)
    counts = await store.counts(connection, [row.id])
    words = wording_of(request)
    disputes = await replies.open_disputes(connection, viewer, request.app.state.keyring, row)
    zone = request.app.state.settings.zone
    return page(
        request,
        "warnings/desk_one.html",
        status=status,
        errors=errors_shown or {},
        warning=row,
        report=None
        if row.place_report_id is None
        else await store.report(connection, row.place_report_id),
        disease=words.disease(row.disease),
        run=run,
        rule=run.rule,
        shares=_shares(request, run, row.disease),
        shares_by_rule=_shares(request, chosen, row.disease),
        kinds=MESSAGE_KINDS,
        counts=counts_of(counts.get(row.id)),
        by_kind=await store.counts_by_kind(connection, row.id),
        calls=await replies.calls(connection, row),
        own=row.created_by == viewer.officer,
        approved_by_me=row.approved_by == viewer.officer,
        pause=await store.covering_pause(connection, row.area),
        disputes=[(one, words.place(one.told), words.window(one.told)) for one in disputes],
        listed=await outbreak.listed(connection, row.id),
        candidates=await outbreak.candidates(connection, row, zone),
        public_days=request.app.state.settings.warnings.public_days,
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
        by_kind=await store.counts_by_kind(connection, row.id),
    )


@router.post("/{warning_id}/kinds")
async def change_kinds(request: Request, viewer: Tracer, warning_id: Id) -> Response:
    """Give the people of a draft another class of message than the rule chose."""
    typed = await request.form()
    changes = _changes([(name, str(value)) for name, value in typed.multi_items()])
    # Opened here, not by the route: a slow sender holds no connection.
    async with request.app.state.storage.transaction(viewer.token) as connection:
        await service.change_kinds(connection, viewer, warning_id, changes)
    return RedirectResponse(f"/desk/warnings/{warning_id}", status_code=303)


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
    except (
        errors.RecipientsChanged,
        errors.SecondOfficerNeeded,
        errors.WarningRush,
        errors.WarningsPaused,
    ) as refused:
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


@router.post("/{warning_id}/resume")
async def resume(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    warning_id: Id,
    why: Annotated[str, Form()] = "",
) -> Response:
    """Let a warning go on that stopped itself."""
    row = await service.access_warning(connection, warning_id)
    wrong = _wrong(request, why.strip(), LONGEST_REASON)
    if wrong:
        return await _one(request, viewer, connection, row, errors_shown={"why": wrong}, status=422)
    await service.resume(connection, viewer, warning_id, why.strip())
    return RedirectResponse(f"/desk/warnings/{warning_id}", status_code=303)


@router.post("/{warning_id}/messages/{message_id}/answer")
async def answer(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    warning_id: Id,
    message_id: Id,
    text: Annotated[str, Form()] = "",
    decision: Annotated[replies.Decision, Form()] = "kept",
    minutes: Annotated[str, Form(max_length=6)] = "",
) -> Response:
    """Settle what somebody says is wrong: keep, correct the minutes, or withdraw for them."""
    row = await service.access_warning(connection, warning_id)
    shown = {}
    wrong = _wrong(request, text.strip(), LONGEST_ANSWER)
    if wrong:
        shown[f"text-{message_id}"] = wrong
    typed = int(minutes) if minutes.strip().isdecimal() else None
    if decision == "corrected" and (typed is None or typed > outbreak.MINUTES_A_DAY):
        shown[f"minutes-{message_id}"] = request.app.state.catalogs.translate(
            language_of(request), "warnings-desk-minutes-wrong"
        )
    if shown:
        return await _one(request, viewer, connection, row, errors_shown=shown, status=422)
    await replies.decide(
        connection,
        viewer,
        warning_id,
        message_id,
        decision=decision,
        minutes=typed,
        text=text.strip(),
    )
    return RedirectResponse(f"/desk/warnings/{warning_id}#disputes", status_code=303)


@router.post("/{warning_id}/messages/{message_id}/called")
async def called(
    viewer: Tracer, connection: Transaction, warning_id: Id, message_id: Id
) -> Response:
    """Note that somebody who asked for it was called."""
    await replies.note_called(connection, viewer, warning_id, message_id)
    return RedirectResponse(f"/desk/warnings/{warning_id}#calls", status_code=303)


@router.post("/{warning_id}/outbreak")
async def list_places(
    viewer: Tracer,
    connection: Transaction,
    request: Request,
    warning_id: Id,
    place: Annotated[tuple[str, ...], Form(max_length=200)] = (),
    days: Annotated[int, Form(ge=1, le=90)] = 14,
) -> Response:
    """Put places of a warning on the public list for some days."""
    settings = request.app.state.settings
    await outbreak.publish_windows(
        connection, viewer, warning_id, windows=place, days=days, zone=settings.zone
    )
    return RedirectResponse(f"/desk/warnings/{warning_id}#public", status_code=303)


@router.post("/{warning_id}/outbreak/{listing_id}/withdraw")
async def unlist_place(
    viewer: Tracer, connection: Transaction, warning_id: Id, listing_id: Id
) -> Response:
    """Take one place off the public list, at once."""
    await outbreak.withdraw(connection, viewer, warning_id, listing_id)
    return RedirectResponse(f"/desk/warnings/{warning_id}#public", status_code=303)
