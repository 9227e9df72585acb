"""The facility's app: the list of one moment, committing it, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from lachan.identity import residents
from lachan.kit.clock import local_day, now
from lachan.kit.errors import BadRequest, InvalidInput, Problem
from lachan.kit.http.access import (
    ResidentViewer,
    Transaction,
    Viewer,
    open_to,
    resident,
    viewer_of,
)
from lachan.kit.ids import uuid7
from lachan.safety.checks import photos
from lachan.safety.checks import service as checks
from lachan.safety.checks.standing import reasons_today
from lachan.safety.criteria.domain import MOMENTS, Item
from lachan.safety.facility import service
from lachan.safety.facility.domain import Task
from lachan.settings import Safety
from lachan.web.rendering import page
from lachan.web.safety.sentences import reader, say_check, say_reasons

router = APIRouter(include_in_schema=False, prefix="/safety")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Moment = Literal["before", "during", "after"]
COMMITS: Final = "/safety/commits/"
"""Where commits with photos are sent: a way of its own, as only here a body may be large."""
COMMIT_BYTES: Final = 33_554_432
_MOST_FILES: Final = 60
_MOST_FIELDS: Final = 600
_LONGEST: Final = {"note": 500, "name": 80}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a list when it opens: answers and notes by item, and who commits."""

    answers: Mapping[str, str]
    notes: Mapping[str, str]
    name: str
    commit_id: str


@router.get("/{place_id}/check/{moment}")
async def show_list(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    moment: Moment,
    like: Annotated[Literal["yesterday"] | None, Query()] = None,
) -> Response:
    """The list of a moment, to be ticked; what was committed today already stands in it."""
    return await _form(request, connection, viewer, place_id, moment, like=like)


async def _form(
    request: Request,
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    moment: str,
    *,
    like: str | None = None,
    typed: Filled | None = None,
    problem: Problem | None = None,
) -> Response:
    state = request.app.state
    today = await service.access_today(connection, state.keyring, state.settings, viewer, place_id)
    task = today.task(moment)
    before = await service.yesterdays(connection, today, moment)
    if typed is None:
        profile = await residents.access_profile(connection, state.keyring, viewer)
        typed = _first(task, before if like else {}, profile.name or "")
    return page(
        request,
        "safety/check.html",
        status=problem.status if problem else 200,
        today=today,
        task=task,
        chapters=_chapters(task.items),
        read=reader(request),
        filled=typed,
        before=before,
        like=like is not None and bool(before),
        done_by=next((one for one in today.entries if one.check is task.done), None),
        errors=say_check(request, problem) if problem else {},
    )


def _chapters(items: tuple[Item, ...]) -> list[tuple[Mapping[str, str], list[Item]]]:
    """Items under their chapters, in order."""
    groups = groupby(items, key=lambda one: dict(one.chapter))
    return [(chapter, list(found)) for chapter, found in groups]


def _first(task: Task, before: Mapping[str, int], name: str) -> Filled:
    answers = before or (task.done.answers if task.done else {})
    notes = task.done.notes if task.done and not before else {}
    return Filled(
        {code: str(points) for code, points in answers.items()}, notes, name, str(uuid7())
    )


def _typed(form: FormData, task_items: tuple[Item, ...]) -> Filled:
    def text(name: str, longest: int) -> str:
        value = form.get(name)
        return value[:longest] if isinstance(value, str) else ""

    answers = {one.code: text(f"answer-{one.code}", 4) for one in task_items}
    notes = {one.code: text(f"note-{one.code}", _LONGEST["note"]) for one in task_items}
    return Filled(
        {code: value for code, value in answers.items() if value},
        {code: value for code, value in notes.items() if value.strip()},
        text("name", _LONGEST["name"]),
        text("commit_id", 40),
    )


@open_to(resident)
async def take_commit(request: Request) -> Response:
    """Take the list of a moment with its photos, as a form without any script sends it."""
    viewer = viewer_of(request)
    assert viewer is not None
    place_id, moment = request.path_params["place_id"], request.path_params["moment"]
    if moment not in MOMENTS:
        raise BadRequest
    state = request.app.state
    begun = now()
    limits = state.settings.safety
    async with request.form(
        max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=limits.photo_bytes
    ) as form:
        async with state.storage.transaction(viewer.token) as connection:
            # Says who may no more, where the page would say that nothing is here.
            await checks.access_staffed(connection, viewer, place_id)
            today = await service.access_today(
                connection, state.keyring, state.settings, viewer, place_id
            )
            items = today.task(moment).items
        typed = _typed(form, items)
        try:
            pictures = await _pictures(form, items, limits)
            async with state.storage.transaction(viewer.token) as connection:
                done = await checks.commit(
                    connection,
                    state.keyring,
                    state.settings,
                    viewer,
                    place_id,
                    checks.Sent(
                        commit_id=_commit_id(typed.commit_id),
                        moment=moment,
                        day=_day(form, today.day),
                        made_at=begun,
                        answers=_points(typed.answers),
                        notes=typed.notes,
                        photos=await _keep(connection, viewer, place_id, pictures),
                        name=typed.name or None,
                    ),
                )
        except Problem as problem:
            async with state.storage.transaction(viewer.token) as connection:
                return await _form(
                    request, connection, viewer, place_id, moment, typed=typed, problem=problem
                )
    return RedirectResponse(f"/safety/{place_id}/checks/{done.check.id}?new=1", status_code=303)


def _commit_id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise BadRequest from None


def _day(form: FormData, today: date) -> date:
    """The day the list was opened for; a page left open overnight is not of today."""
    value = form.get("day")
    try:
        return date.fromisoformat(value) if isinstance(value, str) else today
    except ValueError:
        raise BadRequest from None


def _points(answers: Mapping[str, str]) -> dict[str, int]:
    wrong = [code for code, value in answers.items()
             if not (value.isascii() and value.isdigit())]  # fmt: skip
    if wrong:
        raise InvalidInput(fields={f"answers.{code}": "safety-field-points" for code in wrong})
    return {code: int(value) for code, value in answers.items()}


async def _pictures(
    form: FormData, items: tuple[Item, ...], limits: Safety
) -> dict[str, list[photos.Picture]]:
    """The photos of a form by item. Raises `InvalidInput` that names the item of a broken one."""
    found: dict[str, list[photos.Picture]] = {}
    for item in items:
        for file in form.getlist(f"photo-{item.code}"):
            if not isinstance(file, UploadFile) or not file.filename:
                continue
            try:
                picture = await photos.draw(await file.read(), limits)
            except Problem as problem:
                raise InvalidInput(
                    fields={f"photos.{item.code}": f"error-{problem.code}"}
                ) from None
            found.setdefault(item.code, []).append(picture)
    return found


async def _keep(
    connection: AsyncConnection,
    viewer: Viewer,
    place_id: int,
    pictures: Mapping[str, list[photos.Picture]],
) -> dict[str, list[UUID]]:
    """Keep photos; their ids by item."""
    return {
        code: [await photos.keep(connection, one, place_id, by=viewer.person) for one in of_item]
        for code, of_item in pictures.items()
    }


@router.get("/{place_id}/checks/{check_id}")
async def show_check(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    check_id: RowId,
    new: str | None = None,
) -> Response:
    """One commit: who, when, what, with its photos; to who has just committed, the colour first."""
    state = request.app.state
    found = await service.access_check(connection, state.keyring, viewer, place_id, check_id)
    today: date = local_day(now(), state.settings.zone)
    reasons = reasons_today(found.standing, today)
    waiting = await service.next_moment(connection, found.criteria, place_id, today)
    return page(
        request,
        "safety/committed.html",
        found=found,
        check=found.entry.check,
        name=found.entry.name,
        colour=found.standing.as_of(today),
        reasons=say_reasons(request, found.criteria, reasons),
        is_today=found.entry.check.day == today,
        new=new == "1",
        next_moment=waiting,
        read=reader(request),
        chapters=_chapters(found.criteria.items_of(found.entry.check.moment)),
    )
