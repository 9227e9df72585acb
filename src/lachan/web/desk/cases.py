"""Pages of cases: the list, opening one, and everything about one on one page."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from lachan.cases import service, store
from lachan.cases.api import Cursor, Id, Wanted, before_of, next_cursor
from lachan.cases.domain import Classification
from lachan.cases.openings import openings_of, timeline_reason
from lachan.cases.schemas import CaseChange
from lachan.cases.store import Case
from lachan.diseases.profiles import all_profiles, profile_of
from lachan.identity.service import Opened
from lachan.kit.clock import local_day, now
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.paging import encode_cursor
from lachan.tracing import service as tracing
from lachan.tracing import store as traces
from lachan.tracing.api import after_of, evidence_of, facts_of
from lachan.tracing.late.store import late_of
from lachan.tracing.store import ContactFilters
from lachan.visits.doubts import telling
from lachan.web.desk.case_form import CaseForm, show_form, take_form
from lachan.web.desk.window import days_of
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/cases")

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
_CASES_A_PAGE = 30
_CONTACTS_A_PAGE = 50
_RUNS = 5


@router.get("")
async def case_list(
    request: Request,
    _viewer: Tracer,
    connection: Transaction,
    wanted: Wanted,
    cursor: Cursor = None,
) -> Response:
    """Cases of the officer's areas, newest first."""
    rows = await store.page(connection, wanted, before=before_of(cursor), limit=_CASES_A_PAGE)
    following = next_cursor(rows, _CASES_A_PAGE)
    asked = {
        key: value
        for key in ("disease", "classification", "state", "code", "area")
        if (value := request.query_params.get(key))
    }
    return page(
        request,
        "desk/cases.html",
        cases=rows,
        asked=asked,
        profiles=all_profiles(),
        classifications=list(Classification),
        next_cursor=following,
        further=cursor is not None,
    )


@router.get("/new")
async def new_case(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    contact: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """The form; with `contact`, of somebody on the list of contacts who fell ill."""
    return await show_form(request, viewer, connection, CaseForm(contact=str(contact or "")))


@router.post("")
async def open_case(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    form: Annotated[CaseForm, Form()],
) -> Response:
    """Open the case, search for the ward, or say what is wrong."""
    return await take_form(request, viewer, connection, form)


async def _trace_facts(
    request: Request, connection: Transaction, case: Case, cursor: str | None
) -> dict[str, Any]:
    wanted = ContactFilters(case_id=case.id)
    contacts = await traces.contacts_of_case(
        connection, wanted, after=after_of(cursor), limit=_CONTACTS_A_PAGE
    )
    last = contacts[-1] if len(contacts) == _CONTACTS_A_PAGE else None
    evidence = evidence_of(request)
    levels: dict[int, list[tuple[traces.ContactRow, str]]] = {}
    for contact in contacts:
        said = evidence.sentence(facts_of(contact))
        levels.setdefault(contact.level, []).append((contact, said))
    runs = await traces.runs(connection, case.id, limit=_RUNS)
    return {
        "case": case,
        "profile": profile_of(case.disease),
        "runs": runs,
        "run": runs[0] if runs else None,
        "written": next((run for run in runs if run.state == "done" and not run.dry_run), None),
        "late": await late_of(connection, case.id),
        "levels": levels,
        "contacts_cursor": encode_cursor([last.level, last.minutes, last.id]) if last else None,
        "further": cursor is not None,
    }


async def _show(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    case: Case,
    *,
    cursor: str | None = None,
    refused: Problem | None = None,
    identity: Opened | None = None,
) -> Response:
    settings, moment = request.app.state.settings, now()
    timeline = await service.open_timeline(
        connection,
        viewer,
        case,
        moment=moment,
        zone=settings.zone,
        reason=timeline_reason(request, viewer, case),
    )
    return page(
        request,
        "desk/case.html",
        status=refused.status if refused else 200,
        headers={"cache-control": "no-store"},
        **await _trace_facts(request, connection, case, cursor),
        errors=say_problem(request, refused) if refused else {},
        identity=identity,
        timeline=timeline,
        doubts={
            visit: [
                telling.sentence(request.app.state.catalogs, language_of(request), doubt)
                for doubt in doubts
            ]
            for visit, doubts in timeline.doubts.items()
        },
        days=days_of(case, timeline, local_day(moment, settings.zone), settings.zone),
        moment=moment,
        classifications=list(Classification),
    )


@router.get("/{case_id}")
async def case_page(
    request: Request,
    case_id: Id,
    viewer: Tracer,
    connection: Transaction,
    cursor: Cursor = None,
) -> Response:
    """Everything about one case."""
    case = await service.access_case(connection, case_id)
    return await _show(request, viewer, connection, case, cursor=cursor)


@router.get("/{case_id}/trace")
async def trace_part(
    request: Request, case_id: Id, _viewer: Tracer, connection: Transaction, cursor: Cursor = None
) -> Response:
    """The part of the page that a trace changes, for the script that listens."""
    case = await service.access_case(connection, case_id)
    facts = await _trace_facts(request, connection, case, cursor)
    return page(
        request, "desk/case_trace.html", headers={"cache-control": "no-store"}, errors={}, **facts
    )


@router.post("/{case_id}/traces")
async def trace_case(
    request: Request,
    case_id: Id,
    viewer: Tracer,
    connection: Transaction,
    max_level: Annotated[int, Form(ge=1, le=5)] = 2,
    act: Annotated[Literal["trace", "dry"], Form()] = "trace",
) -> Response:
    """Press Trace, or ask what pressing it would find."""
    case = await service.access_case(connection, case_id)
    try:
        await tracing.start_trace(
            connection, viewer, case, max_level=max_level, dry_run=act == "dry"
        )
    except Problem as refused:
        return await _show(request, viewer, connection, case, refused=refused)
    return RedirectResponse(f"/desk/cases/{case_id}#trace", status_code=303)


@router.post("/{case_id}/classification")
async def reclassify(
    request: Request,
    case_id: Id,
    viewer: Tracer,
    connection: Transaction,
    classification: Annotated[Classification, Form()],
) -> Response:
    """Say how sure it is now."""
    case = await service.access_case(connection, case_id)
    try:
        await service.change(
            connection,
            viewer,
            case,
            CaseChange(classification=classification),
            moment=now(),
            zone=request.app.state.settings.zone,
        )
    except Problem as refused:
        return await _show(request, viewer, connection, case, refused=refused)
    return RedirectResponse(f"/desk/cases/{case_id}", status_code=303)


@router.post("/{case_id}/close")
async def close_case(case_id: Id, viewer: Tracer, connection: Transaction) -> Response:
    """Close the record."""
    case = await service.access_case(connection, case_id)
    await service.close(connection, viewer, case, moment=now())
    return RedirectResponse(f"/desk/cases/{case_id}", status_code=303)


@router.post("/{case_id}/identity")
async def open_identity(
    request: Request,
    case_id: Id,
    viewer: Tracer,
    connection: Transaction,
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Show who the case is, in this answer and nowhere else."""
    case = await service.access_case(connection, case_id)
    openings_of(request).identities.check(str(viewer.officer))
    try:
        identity = await service.open_identity(
            connection, request.app.state.keyring, viewer, case, reason
        )
    except Problem as refused:
        return await _show(request, viewer, connection, case, refused=refused)
    return await _show(request, viewer, connection, case, identity=identity)
