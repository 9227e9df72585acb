"""Routes of client programs, for admins of the whole country."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from lachan.identity.clients import service
from lachan.identity.clients.schemas import ClientIn, ClientList, ClientMade, ClientOut
from lachan.kit.http.access import Transaction, Viewer, officer

router = APIRouter(prefix="/api/v1/clients", tags=["clients"])

Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
ClientId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
async def list_clients(viewer: Admin, connection: Transaction) -> ClientList:
    """Programs that hold a key, and those that held one."""
    return ClientList(
        clients=[
            ClientOut(
                id=one.id,
                name=one.name,
                label=one.label,
                created_at=one.created_at,
                created_by=one.created_by,
                revoked_at=one.revoked_at,
            )
            for one in await service.list_clients(connection, viewer)
        ]
    )


@router.post("", status_code=201)
async def add_client(viewer: Admin, connection: Transaction, asked: ClientIn) -> ClientMade:
    """Give a program a key, shown this once."""
    made = await service.add_client(connection, viewer, name=asked.name, label=asked.label)
    return ClientMade(id=made.id, name=made.name, key=made.key)


@router.delete("/{client_id}", status_code=204)
async def revoke_client(viewer: Admin, connection: Transaction, client_id: ClientId) -> None:
    """Take a key away; with the last of its name its sessions end."""
    await service.revoke_client(connection, viewer, client_id)
