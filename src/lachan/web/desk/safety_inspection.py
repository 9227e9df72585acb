"""The inspection form, made for a phone in a kitchen, and what an inspection found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import local_day, now
from lachan.kit.errors import InvalidInput, NotFound, Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.safety.criteria import service as criteria_service
from lachan.safety.criteria.domain import CriteriaSet
from lachan.safety.feedback import store as feedback
from lachan.safety.inspections import service, store
from lachan.safety.inspections.api import is_overdue
from lachan.safety.inspections.domain import (
    LONGEST_NOTE,
    LONGEST_ORDER,
    LONGEST_REMARK,
    due_of,
    overstated,
)
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader

router = APIRouter(include_in_schema=False, prefix="/desk/safety")

Inspector = Annotated[Viewer, Depends(officer(service.ROLE))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_MOST_FIELDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form."""

    answers: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    due: str = ""
    closes_reports: bool = False


async def _form(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    recheck: int | None,
    filled: Filled | None = None,
    problem: Problem | None = None,
) -> Response:
    zone = request.app.state.settings.zone
    moment = now()
    site = await service.access_site(connection, viewer, place_id, local_day(moment, zone))
    before = await _before(connection, place_id, recheck)
    reporters, _ = await feedback.confirmed(connection, place_id)
    chapters = [
        (chapter, list(items))
        for chapter, items in groupby(site.criteria.items, key=lambda one: dict(one.chapter))
    ]
    usual = due_of(site.criteria, moment).astimezone(zone)
    return page(
        request,
        "desk/safety_inspect.html",
        status=problem.status if problem else 200,
        site=site,
        place=site.place,
        said=site.said.answers if site.said else {},
        chapters=chapters,
        filled=filled or Filled(due=usual.strftime("%Y-%m-%dT%H:%M")),
        before=before,
        ordered={one.item_code: one for one in before.orders} if before else {},
        confirmed=reporters,
        read=reader(request),
        errors=_errors(request, problem) if problem else {},
        longest={"note": LONGEST_NOTE, "order": LONGEST_ORDER, "remark": LONGEST_REMARK},
    )


def _errors(request: Request, problem: Problem) -> dict[str, str]:
    """Name of the input to sentence: `answers.4` is the input `answer-4`."""
    found = {}
    for name, sentence in say_problem(request, problem).items():
        kind, dot, code = name.partition(".")
        found[f"{kind.removesuffix('s')}-{code}" if dot else name] = sentence
    return found


async def _before(
    connection: AsyncConnection, place_id: int, recheck: int | None
) -> store.Inspection | None:
    if recheck is None:
        return None
    found = await store.find(connection, recheck)
    if found is None or found.place_id != place_id or found.state != "open":
        raise NotFound
    return found


@router.get("/places/{place_id}/inspect")
async def ask(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    place_id: RowId,
    recheck: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """The criteria of the place, each beside what the place says of itself."""
    return await _form(request, viewer, connection, place_id, recheck=recheck)


def _typed(form: FormData, criteria: CriteriaSet) -> Filled:
    def text(name: str) -> str:
        value = form.get(name)
        return value[:2000] if isinstance(value, str) else ""

    def each(kind: str) -> dict[str, str]:
        found = {one.code: text(f"{kind}-{one.code}") for one in criteria.items}
        return {code: value for code, value in found.items() if value.strip()}

    return Filled(
        answers=each("answer"),
        notes=each("note"),
        orders=each("order"),
        remark=text("remark"),
        due=text("due_at"),
        closes_reports=text("closes_reports") == "1",
    )


def _found(filled: Filled, recheck: int | None, zone: ZoneInfo) -> service.Found:
    """What was typed as the service takes it. Raises `InvalidInput`."""
    fields = {
        f"answers.{code}": "safety-field-points"
        for code, value in filled.answers.items()
        if not (value.isascii() and value.isdigit() and int(value) < 1000)  # noqa: PLR2004 - points
    }
    due_at = None
    if filled.due.strip():
        try:
            due_at = datetime.fromisoformat(filled.due.strip())
        except ValueError:
            fields["due_at"] = "inspections-field-due"
        else:
            due_at = due_at if due_at.tzinfo else due_at.replace(tzinfo=zone)
    if fields:
        raise InvalidInput(fields=fields)
    return service.Found(
        answers={code: int(value) for code, value in filled.answers.items()},
        notes=filled.notes,
        remark=filled.remark,
        orders=filled.orders,
        # The deadline is of the orders; without any it says nothing.
        due_at=due_at if filled.orders else None,
        recheck_of=recheck,
        closes_reports=filled.closes_reports,
    )


@router.post("/places/{place_id}/inspect")
async def inspect(
    request: Request,
    viewer: Inspector,
    place_id: RowId,
    recheck: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """Take the inspection."""
    settings = request.app.state.settings
    # Read before a transaction is opened: a slow sender holds no connection.
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    moment = now()
    async with request.app.state.storage.transaction(viewer.token) as connection:
        site = await service.access_site(
            connection, viewer, place_id, local_day(moment, settings.zone)
        )
        filled = _typed(form, site.criteria)
        try:
            done = await service.inspect(
                connection,
                viewer,
                settings,
                place_id,
                _found(filled, recheck, settings.zone),
                moment=moment,
            )
        except InvalidInput as problem:
            return await _form(
                request,
                viewer,
                connection,
                place_id,
                recheck=recheck,
                filled=filled,
                problem=problem,
            )
    return RedirectResponse(f"/desk/safety/inspections/{done.id}?did=inspected", status_code=303)


async def _inspection(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    inspection_id: int,
    *,
    did: str | None = None,
    remark: str = "",
    problem: Problem | None = None,
) -> Response:
    found = await store.find(connection, inspection_id)
    if found is None:
        raise NotFound
    service.check_inspector(viewer, found.area)
    criteria = await criteria_service.set_by_id(connection, found.set_id)
    pairs = {code: (pair[0], pair[1]) for code, pair in found.deviation.items()}
    return page(
        request,
        "desk/safety_inspection.html",
        status=problem.status if problem else 200,
        found=found,
        criteria=criteria,
        outcome=criteria.outcome(found.outcome),
        items={one.code: one for one in criteria.items},
        differing=[one for one in criteria.items if one.code in pairs],
        pairs=pairs,
        overstated=len(overstated(criteria, pairs)),
        overdue=is_overdue(found, now()),
        read=reader(request),
        did=did,
        remark=remark,
        errors=say_problem(request, problem) if problem else {},
        longest=LONGEST_REMARK,
    )


@router.get("/inspections/{inspection_id}")
async def inspection(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    inspection_id: RowId,
    did: str | None = None,
) -> Response:
    """What an inspection found, where the place said otherwise, and how its orders stand."""
    known = did if did in {"inspected", "closed"} else None
    return await _inspection(request, viewer, connection, inspection_id, did=known)


@router.post("/inspections/{inspection_id}/close")
async def close(
    request: Request,
    viewer: Inspector,
    connection: Transaction,
    inspection_id: RowId,
    remark: Annotated[str, Form(max_length=8000)] = "",
) -> Response:
    """Accept what was repaired, without looking again."""
    try:
        await service.close(
            connection,
            viewer,
            request.app.state.settings,
            inspection_id,
            remark,
            moment=now(),
        )
    except InvalidInput as problem:
        return await _inspection(
            request, viewer, connection, inspection_id, remark=remark[:4000], problem=problem
        )
    return RedirectResponse(f"/desk/safety/inspections/{inspection_id}?did=closed", status_code=303)
