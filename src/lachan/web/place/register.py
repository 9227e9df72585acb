"""Registering a place: one question a page, answers carried along in the form itself.

Nothing is stored before the last step, and no answer ever stands in an address. The whole works
without scripts; a script adds "use my position".
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.areas.domain import Area, Level
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.http.problems import fields_of
from lachan.places import service
from lachan.places.domain import ADDRESS_LENGTH, MOST_ROOMS, ROOM_NAME_LENGTH
from lachan.places.kinds import KINDS
from lachan.places.schemas import NewRoom, RegisterPlace
from lachan.web.place.sentences import kind_options, say_fields
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place/new")

Step = Literal["name", "kind", "where", "rooms", "check"]
STEPS: Final[tuple[Step, ...]] = ("name", "kind", "where", "rooms", "check")
_LONGEST: Final = 30_000  # of the box of rooms: 200 names with their line ends
_HITS: Final = 8


@dataclass(frozen=True, slots=True)
class Answers:
    """All that was said so far, as it was typed."""

    name: str = ""
    kind: str = ""
    q: str = ""
    area: str = ""
    lat: str = ""
    lon: str = ""
    address: str = ""
    rooms: str = ""

    def room_names(self) -> list[str]:
        """One room a line; empty lines do not count."""
        return [line.strip() for line in self.rooms.splitlines() if line.strip()]

    def position(self) -> tuple[float | None, float | None]:
        """Numbers where numbers were sent; a browser's position is all that fills these."""
        try:
            return (float(self.lat), float(self.lon)) if self.lat or self.lon else (None, None)
        except ValueError:
            raise InvalidInput(fields={"area": "places-field-no-position"}) from None

    def asked(self) -> RegisterPlace:
        """What the API would have been sent. Raises `InvalidInput`."""
        lat, lon = self.position()
        try:
            return RegisterPlace(
                name=self.name,
                kind=self.kind,
                area=self.area or None,
                lat=lat,
                lon=lon,
                address=self.address,
                rooms=[NewRoom(name=name) for name in self.room_names()],
            )
        except ValidationError as error:
            raise InvalidInput(fields=fields_of(error.errors())) from None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A step on its way to the screen."""

    step: Step
    answers: Answers
    wards: tuple[tuple[Area, str | None], ...] = ()
    searched: bool = False


def _step_of(field: str) -> Step:
    head = field.split(".", 1)[0]
    found: dict[str, Step] = {
        "name": "name", "kind": "kind", "area": "where", "address": "where", "lat": "where",
        "lon": "where", "rooms": "rooms",
    }  # fmt: skip
    return found.get(head, "check")


def _as_in_form(fields: dict[str, str]) -> dict[str, str]:
    """Problems of single rooms stand at the one box that holds them all."""
    return {
        "area" if name in {"lat", "lon"} else name.split(".", 1)[0]: key
        for name, key in fields.items()
    }


async def _show(
    request: Request,
    connection: AsyncConnection,
    shown: _Shown,
    fields: dict[str, str] | None = None,
) -> Response:
    answers = shown.answers
    ward = await areas.get(connection, answers.area) if answers.area else None
    return page(
        request,
        "place/new.html",
        status=422 if fields else 200,
        step=shown.step,
        number=STEPS.index(shown.step) + 1,
        total=len(STEPS),
        answers=answers,
        ward=ward,
        wards=shown.wards or (((ward, None),) if ward else ()),
        searched=shown.searched,
        rooms=answers.room_names(),
        kinds=kind_options(request),
        errors=say_fields(request, _as_in_form(fields or {})),
    )


@router.get("")
async def begin(request: Request, _viewer: ResidentViewer, connection: Transaction) -> Response:
    """The first question."""
    return await _show(request, connection, _Shown("name", Answers()))


@router.post("")
async def answer(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    step: Annotated[Step, Form()],
    go: Annotated[Literal["next", "search", "here", "name", "kind", "where", "rooms"], Form()],
    name: Annotated[str, Form(max_length=1000)] = "",
    kind: Annotated[str, Form(max_length=100)] = "",
    q: Annotated[str, Form(max_length=200)] = "",
    area: Annotated[str, Form(max_length=40)] = "",
    lat: Annotated[str, Form(max_length=40)] = "",
    lon: Annotated[str, Form(max_length=40)] = "",
    address: Annotated[str, Form(max_length=1000)] = "",
    rooms: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Check the answer of one step and show the next, or go back to another."""
    answers = Answers(name, kind, q, area, lat, lon, address, rooms)
    if go in {"search", "here"}:
        return await _find(request, connection, answers, by_position=go == "here")
    if go != "next":
        back: Step = go  # type: ignore[assignment] # what is left of the literal is a step
        return await _show(request, connection, _Shown(back, answers))
    try:
        if step == "check":
            made = await service.register(connection, viewer, answers.asked())
            return RedirectResponse(f"/place/{made.id}?new=1", status_code=303)
        await _check(connection, step, answers)
    except InvalidInput as problem:
        first = step if step != "check" else _step_of(next(iter(problem.fields)))
        return await _show(request, connection, _Shown(first, answers), problem.fields)
    return await _show(request, connection, _Shown(STEPS[STEPS.index(step) + 1], answers))


async def _check(connection: AsyncConnection, step: Step, answers: Answers) -> None:
    """Raises `InvalidInput` for what is wrong with the answer of this step."""
    fields: dict[str, str] = {}
    if step == "name":
        service.check_name(fields, "name", answers.name)
    elif step == "kind" and answers.kind not in KINDS.by_code:
        fields["kind"] = "places-field-choose-kind"
    elif step == "where":
        service.check_text(fields, "address", answers.address, ADDRESS_LENGTH)
        service.check_position(fields, *answers.position())
        if not fields:
            await service.find_ward(connection, answers.area or None, None, None)
    elif step == "rooms":
        names = answers.room_names()
        if len(names) > MOST_ROOMS or any(len(name) > ROOM_NAME_LENGTH for name in names):
            fields["rooms"] = "places-field-rooms"
        else:
            service.check_rooms([NewRoom(name=name) for name in names])
    if fields:
        raise InvalidInput(fields=fields)


async def _find(
    request: Request, connection: AsyncConnection, answers: Answers, *, by_position: bool
) -> Response:
    """Wards by name (current or former), or the one around the reader."""
    if by_position:
        try:
            ward = await _ward_here(connection, answers)
        except InvalidInput as problem:
            nowhere = replace(answers, lat="", lon="")
            return await _show(request, connection, _Shown("where", nowhere), problem.fields)
        here = replace(answers, area=ward.path)
        return await _show(request, connection, _Shown("where", here, ((ward, None),)))
    hits = await areas.search(connection, answers.q, limit=_HITS, level=Level.WARD)
    wards = tuple((hit.area, hit.formerly.full_name if hit.formerly else None) for hit in hits)
    chosen = wards[0][0].path if len(wards) == 1 else ""
    # A ward chosen by name is not where the position was: the two must not contradict.
    found = replace(answers, area=chosen, lat="", lon="")
    return await _show(request, connection, _Shown("where", found, wards, searched=True))


async def _ward_here(connection: AsyncConnection, answers: Answers) -> Area:
    lat, lon = answers.position()
    fields: dict[str, str] = {}
    service.check_position(fields, lat, lon)
    if fields:
        raise InvalidInput(fields=fields)
    return await service.find_ward(connection, None, lat, lon)
