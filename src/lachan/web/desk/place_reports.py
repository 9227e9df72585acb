"""Pages on reports of places: an officer checks, decides, opens a case or warns the visitors."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from lachan.cases.domain import Classification
from lachan.cases.schemas import NewCase, PersonIn
from lachan.diseases.profiles import all_profiles
from lachan.identity.domain import normalise_phone
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.problems import fields_of
from lachan.warnings import errors, reports, service, store
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/place-reports")

Tracer = Annotated[Viewer, Depends(officer(service.ROLE))]
LONGEST_REASON = 500


@router.get("")
async def list_reports(request: Request, _viewer: Tracer, connection: Transaction) -> Response:
    """Reports of the officer's areas, those that wait first."""
    return page(
        request,
        "warnings/reports_list.html",
        reports=await store.reports(connection, reports.SHOWN),
    )


@router.get("/{report_id}")
async def show_report(
    request: Request, viewer: Tracer, connection: Transaction, report_id: UUID
) -> Response:
    """One report, with how to reach the person; that it was read is written down."""
    return await _one(request, viewer, connection, report_id)


async def _one(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    report_id: UUID,
    *,
    shown: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    opened = await reports.open_report(connection, viewer, request.app.state.keyring, report_id)
    return page(
        request,
        "warnings/reports_one.html",
        status=status,
        errors=shown or {},
        report=opened.row,
        contact=opened.contact,
        note=opened.note,
        warnings=await store.warnings_of_report(connection, report_id),
        diseases=[(one.code, one.name_key) for one in all_profiles()],
        typed={
            "phone": normalise_phone(opened.contact or "") or "",
            "disease": all_profiles()[0].code,
            "onset_on": "",
            **(typed or {}),
        },
        longest=LONGEST_REASON,
    )


@router.post("/{report_id}/decide")
async def decide(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    report_id: UUID,
    act: Annotated[str, Form(pattern="^(accept|refuse)$")],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Accept or refuse a report; a refusal says why."""
    said = reason.strip()
    translate = request.app.state.catalogs.translate
    lang = language_of(request)
    if len(said) > LONGEST_REASON or (act == "refuse" and not said):
        key = "field-too-long" if said else "field-missing"
        shown = {"reason": translate(lang, key)}
        return await _one(request, viewer, connection, report_id, shown=shown, status=422)
    try:
        async with connection.begin_nested():
            state = "accepted" if act == "accept" else "refused"
            await reports.decide(connection, viewer, report_id, state, said)  # type: ignore[arg-type]
    except errors.ReportDecided as refused:
        shown = {"": translate(lang, f"error-{refused.code}")}
        return await _one(
            request, viewer, connection, report_id, shown=shown, status=refused.status
        )
    return RedirectResponse(f"/desk/place-reports/{report_id}", status_code=303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise InvalidInput(fields={"onset_on": "desk-field-day"}) from None


@router.post("/{report_id}/case")
async def open_case(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    report_id: UUID,
    phone: Annotated[str, Form(max_length=40)] = "",
    disease: Annotated[str, Form(max_length=40)] = "",
    onset_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Open a case of the person whom the report is about."""
    row = await store.report(connection, report_id)
    state = request.app.state
    typed = {"phone": phone, "disease": disease, "onset_on": onset_on}
    try:
        async with connection.begin_nested():
            if row is None:
                raise errors.ReportNotAccepted
            new = NewCase(
                person=PersonIn(phone=phone),
                disease=disease,
                classification=Classification.CONFIRMED,
                onset_on=_day(onset_on),
                sampled_on=row.tested_on,
                area=row.area,
            )
            case = await reports.open_case(
                connection,
                viewer,
                state.keyring,
                report_id,
                new,
                moment=now(),
                zone=state.settings.zone,
            )
    except ValidationError as error:
        refused: Problem = InvalidInput(fields=fields_of(error.errors()))
        return await _refused(request, viewer, connection, report_id, refused, typed)
    except Problem as problem:
        return await _refused(request, viewer, connection, report_id, problem, typed)
    return RedirectResponse(f"/desk/cases/{case}", status_code=303)


async def _refused(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    report_id: UUID,
    refused: Problem,
    typed: dict[str, str],
) -> Response:
    shown = {
        name.replace("person.", ""): text for name, text in say_problem(request, refused).items()
    }
    return await _one(
        request,
        viewer,
        connection,
        report_id,
        shown=shown,
        typed=typed,
        status=refused.status,
    )
