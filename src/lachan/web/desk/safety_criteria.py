"""Pages of criteria sets: download, edit in Excel, upload, look, publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.safety.criteria import service, sheets, store
from lachan.safety.criteria.api import FILE_BYTES, file_of
from lachan.safety.criteria.contradictions import check_set
from lachan.safety.criteria.domain import CriteriaSet, Outcome
from lachan.safety.wording import in_language
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/safety/criteria")

UPLOADS: Final = "/desk/safety/criteria"
Reader = Annotated[Viewer, Depends(officer("admin", "safety_inspector"))]
Admin = Annotated[Viewer, Depends(officer("admin"))]
SetId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
async def list_sets(request: Request, viewer: Reader, connection: Transaction) -> Response:
    """Every version that the officer may see, and the form to upload one."""
    return await _listed(request, viewer, connection)


async def _listed(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    *,
    problem: Problem | None = None,
    rows: Sequence[sheets.RowError] = (),
    contradictions: Sequence[tuple[str, str]] = (),
) -> Response:
    kept = await store.listed(connection)
    lang = language_of(request)
    errors = say_problem(request, problem) if problem else {}
    if rows or contradictions:
        errors = {"file": say(request, "error-criteria-contradict" if contradictions else
                              "error-criteria-unreadable")}  # fmt: skip
    if "" in errors:
        errors = {"file": errors[""]}
    return page(
        request,
        "desk/safety_criteria.html",
        status=problem.status if problem else 422 if errors else 200,
        errors=errors,
        sets=[(one, in_language(one.criteria.title, lang)) for one in kept],
        names=await _area_names(connection, [one.criteria.area for one in kept]),
        may_write="admin" in viewer.roles,
        rows=[
            (one.sheet, one.line or "–", one.column or "–", say(request, f"safety-row-{one.code}"))
            for one in rows
        ],
        contradictions=contradictions,
    )


async def _area_names(connection: Transaction, paths: Sequence[str]) -> dict[str, str]:
    found = {path: await areas.get(connection, path) for path in set(paths) if path != "VN"}
    return {path: area.full_name for path, area in found.items() if area is not None}


@router.post("")
async def upload(request: Request, viewer: Admin) -> Response:
    """Check a file; when it can be read, keep it as a draft and show it."""
    storage = request.app.state.storage
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=FILE_BYTES) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise InvalidInput(fields={"file": "safety-criteria-file-missing"})
            raw = await file.read()
        # Opened here, not by the route: a slow sender holds no connection.
        async with storage.transaction(viewer.token) as connection:
            found = await service.read_file(connection, viewer, raw, keep=True)
    except Problem as problem:
        async with storage.transaction(viewer.token) as connection:
            return await _listed(request, viewer, connection, problem=problem)
    if found.id is None:
        told = [(one.where, say(request, f"safety-contradiction-{one.code}"))
                for one in found.contradictions]  # fmt: skip
        async with storage.transaction(viewer.token) as connection:
            return await _listed(
                request, viewer, connection, rows=found.errors, contradictions=told
            )
    return RedirectResponse(f"{UPLOADS}/{found.id}", status_code=303)


@dataclass(frozen=True, slots=True)
class _Class:
    """A class as the page shows it."""

    code: str
    colour: str
    title: str
    why: str
    needs: list[str]
    opens: bool


def _needs(request: Request, criteria: CriteriaSet, one: Outcome) -> list[str]:
    key = "safety-criteria-need-"
    needs = []
    if one.at_least is not None and criteria.rules.measure == "share":
        needs.append(say(request, f"{key}share", percent=float(one.at_least * 100)))
    elif one.at_least is not None:
        needs.append(say(request, f"{key}count", count=int(one.at_least)))
    if one.no_zero:
        needs.append(say(request, f"{key}no-zero"))
    if one.compulsory:
        needs.append(say(request, f"{key}compulsory"))
    if one.all_met:
        needs.append(say(request, f"{key}met", items=", ".join(one.all_met)))
    if one.all_at_least:
        needs.append(say(request, f"{key}least", items=", ".join(one.all_at_least)))
    return needs or [say(request, f"{key}none")]


@router.get("/{set_id}")
async def show_set(
    request: Request, viewer: Reader, connection: Transaction, set_id: SetId
) -> Response:
    """One version: its criteria, classes and contradictions; publish or withdraw it."""
    return await _shown(request, viewer, connection, set_id)


async def _shown(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    set_id: int,
    problem: Problem | None = None,
) -> Response:
    kept = await service.access_set(connection, set_id)
    criteria = kept.criteria
    lang = language_of(request)
    return page(
        request,
        "desk/safety_criteria_one.html",
        status=problem.status if problem else 200,
        errors=say_problem(request, problem) if problem else {},
        kept=kept,
        criteria=criteria,
        title=in_language(criteria.title, lang),
        area=(await _area_names(connection, [criteria.area])).get(criteria.area),
        items=[
            (item, in_language(item.chapter, lang), in_language(item.wording, lang))
            for item in criteria.items
        ],
        classes=[
            _Class(
                one.code,
                one.colour,
                in_language(one.title, lang),
                in_language(one.why, lang),
                _needs(request, criteria, one),
                one.code in criteria.rules.may_open,
            )
            for one in criteria.rules.classes
        ],
        contradictions=[
            (one.where, say(request, f"safety-contradiction-{one.code}"))
            for one in check_set(criteria)
        ],
        places=await store.places_judged(connection, criteria.kinds, criteria.area),
        mine=any(
            criteria.area == root or criteria.area.startswith(f"{root}.")
            for root in viewer.roots("admin")
        ),
    )


@router.get("/{set_id}/file.xlsx")
async def save_file(_viewer: Reader, connection: Transaction, set_id: SetId) -> Response:
    """The version as Excel."""
    return await file_of(connection, set_id)


@router.post("/{set_id}/publish")
async def publish(
    request: Request, viewer: Admin, connection: Transaction, set_id: SetId
) -> Response:
    """Put a draft in force."""
    try:
        await service.publish(connection, viewer, set_id)
    except Problem as problem:
        return await _shown(request, viewer, connection, set_id, problem)
    return RedirectResponse(f"{UPLOADS}/{set_id}", status_code=303)


@router.post("/{set_id}/withdraw")
async def withdraw(
    request: Request, viewer: Admin, connection: Transaction, set_id: SetId
) -> Response:
    """Take a version out of force."""
    try:
        await service.withdraw(connection, viewer, set_id)
    except Problem as problem:
        return await _shown(request, viewer, connection, set_id, problem)
    return RedirectResponse(f"{UPLOADS}/{set_id}", status_code=303)
