"""Pages of who runs a place: inviting by a code that is shown once, joining, removing."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.limits import address_of
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import AnyViewer, ResidentViewer, Transaction, Viewer, anyone
from lachan.places.operators.api import LOOK_UPS
from lachan.places.service import access_open_place
from lachan.places.team import service, store
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/place")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/join", dependencies=[Depends(anyone)])
async def ask_code(request: Request, code: str = "") -> Response:
    """Where the code of an invitation is typed."""
    return page(request, "place/join.html", typed=code[:40], errors={}, invited=None)


@router.get("/join/{code}")
async def show_invitation(
    request: Request, viewer: AnyViewer, connection: Transaction, code: str
) -> Response:
    """What an invitation is for, before it is taken."""
    LOOK_UPS.check(address_of(request))
    normal, place_id, role = await service.access_invitation(connection, code)
    return page(
        request,
        "place/join.html",
        typed=normal,
        errors={},
        invited=(await store.name_of(connection, place_id), role),
        may_take=viewer is not None and viewer.kind == "resident",
    )


@router.post("/join")
async def join(
    viewer: ResidentViewer,
    connection: Transaction,
    code: Annotated[str, Form(max_length=60)] = "",
    go: Annotated[Literal["look", "take"], Form()] = "look",
) -> Response:
    """Take an invitation, or look at it first."""
    LOOK_UPS.check(viewer.key)
    if go == "look":
        normal, _, _ = await service.access_invitation(connection, code)
        return RedirectResponse(f"/place/join/{normal}", status_code=303)
    place_id = await service.join(connection, viewer, code)
    return RedirectResponse(f"/place/{place_id}?did=joined", status_code=303)


async def _team_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    place_id: int,
    *,
    fresh: str | None = None,
    errors: dict[str, str] | None = None,
    label: str = "",
    did: str | None = None,
) -> Response:
    place = await access_open_place(connection, viewer, place_id)
    base = request.app.state.settings.web.base_url.rstrip("/")
    return page(
        request,
        "place/team.html",
        status=422 if errors else 200,
        place=place,
        members=await store.members(connection, place_id, viewer.person),
        invitations=await store.invitations(connection, place_id),
        fresh=fresh,
        link=f"{base}/place/join/{fresh}" if fresh else None,
        errors=errors or {},
        label=label,
        did=did if did in {"removed", "withdrawn"} else None,
    )


@router.get("/{place_id}/team")
async def team(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    did: str | None = None,
) -> Response:
    """Who runs the place."""
    return await _team_page(request, viewer, connection, place_id, did=did)


@router.post("/{place_id}/team")
async def invite(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    role: Annotated[Literal["owner", "staff"], Form()] = "staff",
    label: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Invite somebody. The code is in this answer and nowhere else, so there is no redirect."""
    try:
        code, _ = await service.invite(connection, viewer, place_id, role=role, label=label)
    except InvalidInput as problem:
        said = say_problem(request, problem)
        return await _team_page(request, viewer, connection, place_id, errors=said, label=label)
    return await _team_page(request, viewer, connection, place_id, fresh=code)


@router.post("/{place_id}/team/{member_id}/remove")
async def remove(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, member_id: RowId
) -> Response:
    """Let somebody run the place no more, or leave."""
    me = next(
        (one for one in await store.members(connection, place_id, viewer.person) if one.is_me), None
    )
    await service.remove(connection, viewer, place_id, member_id)
    gone = me is not None and me.id == member_id
    target = "/place" if gone else f"/place/{place_id}/team?did=removed"
    return RedirectResponse(target, status_code=303)


@router.post("/{place_id}/invitations/{invitation_id}/withdraw")
async def withdraw(
    viewer: ResidentViewer, connection: Transaction, place_id: RowId, invitation_id: RowId
) -> Response:
    """Take an invitation back."""
    await service.withdraw(connection, viewer, place_id, invitation_id)
    return RedirectResponse(f"/place/{place_id}/team?did=withdrawn", status_code=303)
