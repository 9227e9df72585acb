"""The resident's diary: days and visits, correcting, adding, undoing, deleting."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import local_day, now
from lachan.kit.errors import Problem
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.paging import encode_cursor
from lachan.visits import service, store
from lachan.visits.api import cursor_of
from lachan.visits.domain import UNDO_WINDOW, Outcome
from lachan.visits.errors import ImpossibleTimes
from lachan.visits.store import DiaryEntry
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/me")
_A_PAGE = 40


def _days(entries: Sequence[DiaryEntry], zone: ZoneInfo) -> list[tuple[date, list[DiaryEntry]]]:
    return [
        (day, list(visits))
        for day, visits in groupby(entries, lambda entry: local_day(entry.started_at, zone))
    ]


@router.get("/diary")
async def diary(
    request: Request, viewer: ResidentViewer, connection: Transaction, cursor: str | None = None
) -> Response:
    """Visits by day, newest first; the one under way on top."""
    zone = request.app.state.settings.zone
    entries = await store.diary(
        connection, viewer.person, before=cursor_of(cursor), limit=_A_PAGE + 1
    )
    shown = entries[:_A_PAGE]
    current = shown[0] if shown and cursor is None and shown[0].is_open(now()) else None
    next_cursor = (
        encode_cursor([shown[-1].started_at.isoformat(), str(shown[-1].id)])
        if len(entries) > _A_PAGE
        else None
    )
    return page(
        request,
        "visits/diary.html",
        current=current,
        days=_days(shown[1:] if current else shown, zone),
        next_url=f"/me/diary?cursor={next_cursor}" if next_cursor else None,
        first_url="/me/diary" if cursor else None,
        kept_days=request.app.state.settings.retention.visit_days,
    )


@router.get("/visits/{visit_id}")
async def show_visit(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    visit_id: UUID,
    did: str | None = None,
) -> Response:
    """One visit; just after a scan, a big answer that a shopkeeper can see too."""
    entry = await service.access_visit(
        connection, viewer, visit_id, request.app.state.settings.zone
    )
    done = did if did in set(Outcome) else None
    last_scan = await store.last_scan_of(connection, entry) if done else None
    undoable = last_scan is not None and now() - last_scan.received_at < UNDO_WINDOW
    return page(
        request,
        "visits/visit.html",
        visit=entry,
        open=entry.is_open(now()),
        did=done,
        undoable=undoable,
        minutes=(entry.ends_at - entry.started_at) / timedelta(minutes=1),
        scan_id=service.new_scan_id(),
    )


@router.post("/visits/{visit_id}/undo")
async def undo(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """Take the last scan back."""
    zone = request.app.state.settings.zone
    await service.undo(connection, viewer, visit_id, moment=now(), zone=zone)
    return RedirectResponse("/me/diary", status_code=303)


def _moment(day: str, clock: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), tzinfo=zone)
    except ValueError:
        return None


def _times(
    day: str, arrived: str, left: str, zone: ZoneInfo
) -> tuple[datetime, datetime] | dict[str, str]:
    """The two moments of a form, a leaving before the arriving meaning the next day."""
    started, ended = _moment(day, arrived, zone), _moment(day, left, zone)
    errors = {}
    try:
        date.fromisoformat(day)
    except ValueError:
        errors["day"] = "visits-field-date"
    if not errors and started is None:
        errors["arrived"] = "visits-field-time"
    if not errors and ended is None:
        errors["left"] = "visits-field-time"
    if errors or started is None or ended is None:
        return errors
    try:
        return started, ended if ended > started else ended + timedelta(days=1)
    except OverflowError:
        return {"day": "visits-field-date"}


_FORM_FIELDS = {"started_at": "arrived", "ends_at": "left", "code": "code"}


def _sentences(request: Request, problem: Problem) -> dict[str, str]:
    catalogs, lang = request.app.state.catalogs, language_of(request)
    if not problem.fields:
        return {"code": catalogs.translate(lang, f"error-{problem.code}", **problem.params)}
    return {
        _FORM_FIELDS.get(name, name): catalogs.translate(lang, key)
        for name, key in problem.fields.items()
    }


def _form(
    request: Request,
    entry: DiaryEntry | None,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    return page(
        request,
        "visits/edit.html",
        status=422 if errors else 200,
        visit=entry,
        values=values,
        errors=errors,
        today=local_day(now(), request.app.state.settings.zone).isoformat(),
    )


@router.get("/visits/{visit_id}/edit")
async def edit_form(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """The times of one visit, to be corrected."""
    zone = request.app.state.settings.zone
    entry = await service.access_visit(connection, viewer, visit_id, zone)
    started, ended = entry.started_at.astimezone(zone), entry.ends_at.astimezone(zone)
    values = {
        "day": started.date().isoformat(),
        "arrived": f"{started:%H:%M}",
        "left": f"{ended:%H:%M}",
    }
    return _form(request, entry, values, {})


@router.post("/visits/{visit_id}/edit")
async def edit(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    visit_id: UUID,
    day: Annotated[str, Form(max_length=20)] = "",
    arrived: Annotated[str, Form(max_length=20)] = "",
    left: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Correct the times of one visit."""
    settings = request.app.state.settings
    entry = await service.access_visit(connection, viewer, visit_id, settings.zone)
    values = {"day": day, "arrived": arrived, "left": left}
    times = _times(day, arrived, left, settings.zone)
    if isinstance(times, dict):
        return _form(request, entry, values, _sentences(request, ImpossibleTimes(fields=times)))
    try:
        new_id = await service.correct(
            connection, viewer, visit_id, times, moment=now(), settings=settings
        )
    except ImpossibleTimes as problem:
        return _form(request, entry, values, _sentences(request, problem))
    return RedirectResponse(f"/me/visits/{new_id}", status_code=303)


@router.get("/diary/add")
async def add_form(request: Request, _viewer: ResidentViewer) -> Response:
    """A visit that was not scanned."""
    zone = request.app.state.settings.zone
    values = {"code": "", "day": local_day(now(), zone).isoformat(), "arrived": "", "left": ""}
    return _form(request, None, values, {})


@router.post("/diary/add")
async def add(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    code: Annotated[str, Form(max_length=60)] = "",
    day: Annotated[str, Form(max_length=20)] = "",
    arrived: Annotated[str, Form(max_length=20)] = "",
    left: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Add a visit that was not scanned."""
    settings = request.app.state.settings
    values = {"code": code, "day": day, "arrived": arrived, "left": left}
    times = _times(day, arrived, left, settings.zone)
    try:
        if isinstance(times, dict):
            raise ImpossibleTimes(fields=times)
        posted = await request.app.state.intake.codes.find(code)
        visit_id = await service.add_forgotten(
            connection, viewer, posted, times, moment=now(), settings=settings
        )
    except Problem as problem:
        return _form(request, None, values, _sentences(request, problem))
    return RedirectResponse(f"/me/visits/{visit_id}", status_code=303)


@router.get("/visits/{visit_id}/delete")
async def delete_form(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """Ask before a visit is deleted."""
    zone = request.app.state.settings.zone
    entry = await service.access_visit(connection, viewer, visit_id, zone)
    return page(request, "visits/delete.html", visit=entry)


@router.post("/visits/{visit_id}/delete")
async def delete(
    request: Request, viewer: ResidentViewer, connection: Transaction, visit_id: UUID
) -> Response:
    """Delete one visit for good."""
    await service.delete_visit(connection, viewer, visit_id, request.app.state.settings.zone)
    return RedirectResponse("/me/diary", status_code=303)


@router.get("/diary/delete")
async def delete_all_form(request: Request, _viewer: ResidentViewer) -> Response:
    """Ask before the whole diary is deleted."""
    return page(request, "visits/delete.html", visit=None)


@router.post("/diary/delete")
async def delete_all(viewer: ResidentViewer, connection: Transaction) -> Response:
    """Delete the whole diary for good."""
    await service.delete_diary(connection, viewer)
    return RedirectResponse("/me/diary", status_code=303)
