"""Paper lists: the quick typing screen, files, their dry run, and rows that wait.

The same pages serve those who run a place and officers of its area; a router each, as who may
call, where the pages stand and what surrounds them differ.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.errors import ReasonMissing
from lachan.kit.clock import local_day, now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Access, Transaction, Viewer, officer, resident
from lachan.kit.ids import uuid7
from lachan.visits.paper import deciding, service, store
from lachan.visits.paper.domain import SETTLED_TOGETHER, Reason, Written, sort_out
from lachan.visits.paper.errors import PaperRowNeedsCorrection
from lachan.visits.paper.service import TypedRow
from lachan.visits.paper.store import PaperPlace
from lachan.visits.paper.times import read_moment
from lachan.web.place.sentences import say_fields, say_problem
from lachan.web.rendering import page

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Cell = Annotated[str, Form(max_length=1000)]
_SHOWN_TYPED = 30
_SHOWN_WAITING = 200


@dataclass(frozen=True, slots=True)
class Door:
    """For whom these pages stand where."""

    access: Access
    base: str
    upload: str
    frame: str

    def of(self, place_id: int) -> str:
        """The address of a place's paper lists."""
        return self.base.format(place_id=place_id)


OPERATORS = Door(resident, "/place/{place_id}/paper", "/place/paper-files/{place_id}", "resident")
OFFICERS = Door(
    officer("tracer", "admin"),
    "/desk/paper/places/{place_id}",
    "/desk/paper-files/{place_id}",
    "desk",
)


def context_of(door: Door, place: PaperPlace) -> dict[str, Any]:
    """What every one of these pages shows."""
    return {
        "place": place,
        "base": door.of(place.id),
        "upload_url": door.upload.format(place_id=place.id),
        "page_frame": door.frame,
        "back": f"/place/{place.id}" if door is OPERATORS else "/desk/places",
        "settled_together": {reason.value for reason in SETTLED_TOGETHER},
    }


async def _typing_page(
    request: Request,
    connection: AsyncConnection,
    viewer: Viewer,
    door: Door,
    place: PaperPlace,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    saved: TypedRow | None = None,
) -> Response:
    settings = request.app.state.settings
    rows = await service.typed_today(
        connection, request.app.state.keyring, settings, viewer, place, limit=_SHOWN_TYPED
    )
    local = now().astimezone(settings.zone)
    last = rows[0].written if rows else Written()
    # A book is typed in its order: the next visitor came soon after the last one.
    defaults = {
        "who": "",
        "name": "",
        "day": last.day or f"{local:%d/%m/%Y}",
        "arrival": last.arrival or f"{local.hour}:{local.minute:02}",
        "departure": "",
        "room": last.room,
    }
    return page(
        request,
        "paper/type.html",
        status=422 if errors else 200,
        rows=rows,
        rooms=[name for _, name in await store.rooms(connection, place.id)],
        values=values or defaults,
        errors=errors or {},
        row_key=str(uuid7()),
        saved=saved,
        **context_of(door, place),
    )


class RowForm:
    """The cells of a row as a form sends them, and what is to be done."""

    def __init__(
        self,
        go: Annotated[str, Form(max_length=20)] = "save",
        reason: Annotated[str, Form(max_length=1000)] = "",
        name: Cell = "",
        phone: Cell = "",
        document: Cell = "",
        card: Cell = "",
        day: Cell = "",
        arrival: Cell = "",
        departure: Cell = "",
        room: Cell = "",
        note: Cell = "",
    ) -> None:
        self.go = go
        self.reason = reason
        self._written = Written(
            name=name,
            phone=phone,
            document=document,
            card=card,
            day=day,
            arrival=arrival,
            departure=departure,
            room=room,
            note=note,
        )

    def written(self) -> Written:
        """The cells."""
        return self._written


def typing_router(door: Door) -> APIRouter:
    """The typing screen, and what becomes of rows that wait for whoever typed them."""
    router = APIRouter(include_in_schema=False, prefix=door.base)
    Typing = Annotated[Viewer, Depends(door.access)]  # noqa: N806 - a type

    @router.get("")
    async def typing_screen(
        request: Request,
        viewer: Typing,
        connection: Transaction,
        place_id: RowId,
        saved: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """Type visitors from paper, one a line."""
        place = await service.access_place(connection, viewer, place_id)
        row = None
        if saved is not None:
            kept = await deciding.access_own_row(connection, viewer, place_id, saved)
            row = service.opened(request.app.state.keyring, kept)
        return await _typing_page(request, connection, viewer, door, place, saved=row)

    @router.post("")
    async def type_row(
        request: Request,
        viewer: Typing,
        connection: Transaction,
        place_id: RowId,
        row_key: Annotated[str, Form(max_length=60)],
        who: Cell = "",
        name: Cell = "",
        day: Cell = "",
        arrival: Cell = "",
        departure: Cell = "",
        room: Cell = "",
    ) -> Response:
        """Keep one row."""
        place = await service.access_place(connection, viewer, place_id)
        values = {
            "who": who,
            "name": name,
            "day": day,
            "arrival": arrival,
            "departure": departure,
            "room": room,
        }
        settings = request.app.state.settings
        errors = _unreadable(values, local_day(now(), settings.zone))
        if errors:
            return await _typing_page(
                request, connection, viewer, door, place, values, say_fields(request, errors)
            )
        sorted_ = sort_out(who)
        written = Written(
            name=sorted_.name or name,
            phone=sorted_.phone,
            document=sorted_.document,
            card=sorted_.card,
            day=day,
            arrival=arrival,
            departure=departure,
            room=room,
        )
        row = await service.type_row(
            connection, request.app.state.keyring, settings, viewer, place, written, row_key
        )
        return RedirectResponse(f"{door.of(place_id)}?saved={row.row.id}", status_code=303)

    @router.get("/waiting")
    async def waiting(
        request: Request,
        viewer: Typing,
        connection: Transaction,
        place_id: RowId,
        did: Annotated[str | None, Query(max_length=20)] = None,
    ) -> Response:
        """Own rows that wait for a decision."""
        place = await service.access_place(connection, viewer, place_id)
        rows = await deciding.own_waiting(connection, viewer, place_id, limit=_SHOWN_WAITING)
        keyring = request.app.state.keyring
        return page(
            request,
            "paper/waiting.html",
            rows=[service.opened(keyring, row) for row in rows],
            did=did if did in {"settled", "refused"} else None,
            **context_of(door, place),
        )

    @router.get("/rows/{row_id}")
    async def one_row(
        request: Request, viewer: Typing, connection: Transaction, place_id: RowId, row_id: UUID
    ) -> Response:
        """One row, to be corrected, accepted or refused."""
        place = await service.access_place(connection, viewer, place_id)
        row = await deciding.access_own_row(connection, viewer, place_id, row_id)
        settings, keyring = request.app.state.settings, request.app.state.keyring
        cells = deciding.cells_to_show(
            settings,
            row,
            await deciding.own_written(keyring, row),
            await deciding.day_of(connection, settings, row),
        )
        return page(
            request,
            "paper/row.html",
            row=row,
            cells=cells,
            errors={},
            action=f"{door.of(place_id)}/rows/{row_id}",
            list_url=f"{door.of(place_id)}/waiting",
            overlap=False,
            **context_of(door, place),
        )

    @router.post("/rows/{row_id}")
    async def settle_row(
        request: Request,
        viewer: Typing,
        connection: Transaction,
        place_id: RowId,
        row_id: UUID,
        cells: Annotated[RowForm, Depends()],
    ) -> Response:
        """Take the row as it is written now, or refuse it."""
        place = await service.access_place(connection, viewer, place_id)
        row = await deciding.access_own_row(connection, viewer, place_id, row_id)
        settings, keyring = request.app.state.settings, request.app.state.keyring
        try:
            if cells.go == "refuse":
                await deciding.refuse(connection, keyring, viewer, row, cells.reason)
            else:
                await deciding.settle(connection, keyring, settings, viewer, row, cells.written())
        except (InvalidInput, PaperRowNeedsCorrection, ReasonMissing) as problem:
            return page(
                request,
                "paper/row.html",
                status=422,
                row=row,
                cells=cells.written(),
                errors=say_problem(request, problem),
                action=f"{door.of(place_id)}/rows/{row_id}",
                list_url=f"{door.of(place_id)}/waiting",
                overlap=False,
                **context_of(door, place),
            )
        did = "refused" if cells.go == "refuse" else "settled"
        return RedirectResponse(f"{door.of(place_id)}/waiting?did={did}", status_code=303)

    return router


def _unreadable(values: dict[str, str], today: date) -> dict[str, str]:
    """What the typist still sees on paper and types again at once; all else is kept and decided."""
    errors: dict[str, str] = {}
    if not values["who"].strip() and not values["name"].strip():
        errors["who"] = "paper-reason-nobody"
    if values["day"].strip():
        read = read_moment(values["day"], today)
        if read is None or read.day is None:
            errors["day"] = f"paper-reason-{Reason.DAY_UNREADABLE}"
    for field, reason in (
        ("arrival", Reason.ARRIVAL_UNREADABLE),
        ("departure", Reason.DEPARTURE_UNREADABLE),
    ):
        typed = values[field].strip()
        read = read_moment(typed, today) if typed else None
        if typed and (read is None or read.hour is None):
            errors[field] = f"paper-reason-{reason}"
    if not values["arrival"].strip():
        errors["arrival"] = f"paper-reason-{Reason.ARRIVAL_MISSING}"
    return errors


router = typing_router(OPERATORS)
officers_router = typing_router(OFFICERS)
