"""Who has not reported today, by area, with one press to remind them all."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.kit.clock import local_day, now
from lachan.kit.errors import NotAllowed
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export
from lachan.safety.silent import service, store
from lachan.web.place.sentences import say
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/safety/silent")

Watcher = Annotated[Viewer, Depends(officer(*service.ROLES))]
AreaPath = Annotated[str | None, Query(max_length=40, pattern=r"^VN(\.\d{2}(\.\d{5})?)?$")]
_COLUMNS: Final = ("place", "kind", "area", "address", "last", "reminded")


def _area(viewer: Viewer, asked: str | None) -> str:
    """The area asked for, else the officer's first. Raises `NotAllowed`."""
    area = asked or viewer.roots(*service.ROLES)[0]
    service.check_area(viewer, area)
    return area


@router.get("")
async def silent(
    request: Request,
    viewer: Watcher,
    connection: Transaction,
    area: AreaPath = None,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    did: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """The parts of an area with how many are silent, and which."""
    wanted = _area(viewer, area)
    today = local_day(now(), request.app.state.settings.zone)
    unit = await areas.get(connection, wanted)
    if unit is None:
        raise NotAllowed
    parts = await store.parts(connection, wanted, today)
    found = await store.silent(connection, wanted, today, after=after)
    upper = wanted.rpartition(".")[0]
    is_mine = any(
        upper == one or upper.startswith(f"{one}.") for one in viewer.roots(*service.ROLES)
    )
    more = len(found) == store.SHOWN
    return page(
        request,
        "desk/safety_silent.html",
        area=unit,
        upper=upper if is_mine else None,
        today=today,
        parts=parts,
        places=sum(one.places for one in parts),
        silent=sum(one.silent for one in parts),
        reminded=sum(one.reminded for one in parts),
        found=found,
        next_url=f"/desk/safety/silent?area={wanted}&after={found[-1].place_id}" if more else None,
        first_url=f"/desk/safety/silent?area={wanted}" if after else None,
        did=did,
    )


@router.post("/remind")
async def remind(
    request: Request,
    viewer: Watcher,
    connection: Transaction,
    area: Annotated[str, Form(max_length=40, pattern=r"^VN(\.\d{2}(\.\d{5})?)?$")],
) -> Response:
    """Remind them all, each once a day."""
    count = await service.remind(connection, viewer, request.app.state.settings, area, moment=now())
    return RedirectResponse(f"/desk/safety/silent?area={area}&did={count}", status_code=303)


@router.get("/export.csv")
async def file(request: Request, viewer: Watcher, area: AreaPath = None) -> Response:
    """All of them as a table for a spreadsheet."""
    wanted = _area(viewer, area)
    storage, token = request.app.state.storage, viewer.token
    today = local_day(now(), request.app.state.settings.zone)

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        async with storage.transaction(token) as connection:
            async for one in store.every_silent(connection, wanted, today):
                yield (
                    one.name,
                    say(request, f"places-kind-{one.kind}"),
                    one.area_name,
                    one.address,
                    one.last_day or "",
                    one.reminded_at or "",
                )

    header = [say(request, f"silent-column-{name}") for name in _COLUMNS]
    return export("csv", f"not-reported-{today.isoformat()}-{wanted}", header, rows())
