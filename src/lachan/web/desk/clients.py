"""Programs of others that may sign people in, for admins of the whole country."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity.clients import service
from lachan.identity.clients.domain import LABEL_LENGTH
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(prefix="/desk/clients", include_in_schema=False)

Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
ClientId = Annotated[int, Path(ge=1, le=2**63 - 1)]


async def _list(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    *,
    typed: dict[str, str] | None = None,
    refused: Problem | None = None,
) -> Response:
    return page(
        request,
        "identity/clients.html",
        status=refused.status if refused else 200,
        clients=await service.list_clients(connection, viewer),
        longest=LABEL_LENGTH,
        typed=typed or {},
        errors=say_problem(request, refused) if refused else {},
    )


@router.get("")
async def clients(request: Request, viewer: Admin, connection: Transaction) -> Response:
    """Who holds a key, who held one, and the form for another."""
    return await _list(request, viewer, connection)


@router.post("")
async def add(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    name: Annotated[str, Form(max_length=100)] = "",
    label: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Make a key and show it, this once."""
    service.check_admin(viewer)
    try:
        made = await service.add_client(connection, viewer, name=name, label=label)
    except Problem as refused:
        typed = {"name": name, "label": label}
        return await _list(request, viewer, connection, typed=typed, refused=refused)
    return page(
        request,
        "identity/client_key.html",
        headers={"cache-control": "no-store"},
        name=made.name,
        key=made.key,
    )


@router.get("/{client_id}/revoke")
async def ask_revoke(
    request: Request, viewer: Admin, connection: Transaction, client_id: ClientId
) -> Response:
    """What taking a key away means, before it is done."""
    client = await service.access_client(connection, viewer, client_id)
    every = await service.list_clients(connection, viewer)
    last = not any(
        one.name == client.name and one.id != client.id and one.revoked_at is None for one in every
    )
    return page(request, "identity/client_ask.html", client=client, last=last)


@router.post("/{client_id}/revoke")
async def revoke(viewer: Admin, connection: Transaction, client_id: ClientId) -> Response:
    """Take a key away."""
    await service.revoke_client(connection, viewer, client_id)
    return RedirectResponse("/desk/clients", status_code=303)
