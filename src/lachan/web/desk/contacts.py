"""Pages of contacts: whom to call, and why each one is on the list."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from lachan.cases.api import Cursor, Id, before_of
from lachan.cases.openings import openings_of
from lachan.cases.service import ROLE
from lachan.identity.service import Opened
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.paging import encode_cursor
from lachan.tracing import service, store
from lachan.tracing.api import (
    Level,
    doubts_about,
    evidence_of,
    facts_of,
    facts_of_exposure,
    reading_reason,
)
from lachan.tracing.schemas import ContactStatus
from lachan.tracing.store import ContactFilters, ContactRow
from lachan.visits.doubts import telling
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/contacts")

Tracer = Annotated[Viewer, Depends(officer(ROLE))]
_A_PAGE = 50


@router.get("")
async def contact_list(
    request: Request,
    viewer: Tracer,
    connection: Transaction,
    level: Level = None,
    status: Annotated[ContactStatus | None, Query()] = None,
    cursor: Cursor = None,
) -> Response:
    """Contacts who live in the officer's areas, newest first."""
    wanted = ContactFilters(
        level=level, status=None if status is None else status.value, roots=viewer.roots(ROLE)
    )
    rows = await store.contacts(connection, wanted, before=before_of(cursor), limit=_A_PAGE)
    evidence = evidence_of(request)
    return page(
        request,
        "desk/contacts.html",
        contacts=[(row, evidence.sentence(facts_of(row))) for row in rows],
        level=level,
        status_asked=status,
        statuses=list(ContactStatus),
        next_cursor=encode_cursor([rows[-1].id]) if len(rows) == _A_PAGE else None,
        further=cursor is not None,
    )


async def _show(
    request: Request,
    connection: Transaction,
    contact: ContactRow,
    *,
    refused: Problem | None = None,
    identity: Opened | None = None,
) -> Response:
    evidence = evidence_of(request)
    exposures = await store.exposures_of(connection, contact.id)
    doubts = await doubts_about(connection, exposures)
    return page(
        request,
        "desk/contact.html",
        status=refused.status if refused else 200,
        headers={"cache-control": "no-store"},
        contact=contact,
        sentence=evidence.sentence(facts_of(contact)),
        evidence=[
            (
                one,
                evidence.sentence(facts_of_exposure(contact, one)),
                {
                    whose: [
                        telling.sentence(evidence.catalogs, evidence.lang, doubt)
                        for doubt in doubts.get(visit, ())
                    ]
                    for whose, visit in (
                        ("contact", one.visit_id),
                        ("source", one.source_visit_id),
                    )
                },
            )
            for one in exposures
        ],
        statuses=list(ContactStatus),
        identity=identity,
        errors=say_problem(request, refused) if refused else {},
    )


@router.get("/{contact_id}")
async def contact_page(
    request: Request, contact_id: Id, viewer: Tracer, connection: Transaction
) -> Response:
    """One contact with all the evidence; that it was read is written down for the contact."""
    contact = await service.access_contact(connection, contact_id)
    answer = await _show(request, connection, contact)
    await service.note_reading(
        connection, viewer, contact, reading_reason(request, viewer, contact)
    )
    return answer


@router.post("/{contact_id}/status")
async def change_status(
    contact_id: Id,
    viewer: Tracer,
    connection: Transaction,
    status: Annotated[ContactStatus, Form()],
) -> Response:
    """Note how far the tracer has come."""
    contact = await service.access_contact(connection, contact_id)
    await service.set_status(connection, viewer, contact, status)
    return RedirectResponse(f"/desk/contacts/{contact_id}", status_code=303)


@router.post("/{contact_id}/identity")
async def open_identity(
    request: Request,
    contact_id: Id,
    viewer: Tracer,
    connection: Transaction,
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Show who the contact is, in this answer and nowhere else."""
    contact = await service.access_contact(connection, contact_id)
    openings_of(request).identities.check(str(viewer.officer))
    try:
        identity = await service.open_identity(
            connection, request.app.state.keyring, viewer, contact, reason
        )
    except Problem as refused:
        return await _show(request, connection, contact, refused=refused)
    return await _show(request, connection, contact, identity=identity)
