"""Rules of client programs: who may sign people in besides our own pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.identity.clients import store
from lachan.identity.clients.domain import LABEL_LENGTH, WEB, is_name
from lachan.identity.clients.errors import ClientKeyWrong, ClientNameInvalid
from lachan.identity.clients.store import ClientRow
from lachan.jobs.queue import enqueue
from lachan.kit.crypto import new_token, token_hash
from lachan.kit.errors import InvalidInput, NotAllowed, NotFound
from lachan.kit.http.access import Viewer

ROLE = "admin"
COUNTRY = "VN"
END_SESSIONS = "clients.end_sessions"
_TOKEN_LENGTH = 43


@dataclass(frozen=True, slots=True)
class NewClient:
    """A key just made: shown once and not kept."""

    id: int
    name: str
    key: str


async def check_client(connection: AsyncConnection, named: str | None, key: str | None) -> str:
    """The program that signs somebody in, by its key.

    `named` is what it calls itself, None when it does not say. Without a key it is our own pages,
    and may say nothing else. Raises `ClientKeyWrong`.
    """
    if key is None:
        if named in {None, WEB}:
            return WEB
        raise ClientKeyWrong(fields={"client": "clients-field-key"})
    known = None
    if len(key) == _TOKEN_LENGTH:
        known = await store.name_of_key(connection, token_hash(key))
    if known is None or named not in {None, known}:
        raise ClientKeyWrong(fields={"client": "clients-field-key"})
    return known


def check_admin(viewer: Viewer) -> None:
    """Raises `NotAllowed` but for admins of the whole country: a program reaches everybody."""
    if COUNTRY not in viewer.roots(ROLE):
        raise NotAllowed


async def list_clients(connection: AsyncConnection, viewer: Viewer) -> Sequence[ClientRow]:
    """All keys, those in use first. Raises `NotAllowed`."""
    check_admin(viewer)
    return await store.clients(connection)


async def add_client(
    connection: AsyncConnection, viewer: Viewer, *, name: str, label: str
) -> NewClient:
    """Give a program a key; a second one of the same name lets it change keys without a gap.

    Raises `NotAllowed`, `ClientNameInvalid`, `InvalidInput`.
    """
    check_admin(viewer)
    tidy = name.strip().lower()
    said = " ".join(label.split())
    if not is_name(tidy):
        raise ClientNameInvalid(fields={"name": "clients-field-name"})
    if not said or not said.isprintable():
        raise InvalidInput(fields={"label": "field-missing" if not said else "field-invalid"})
    if len(said) > LABEL_LENGTH:
        raise InvalidInput(fields={"label": "field-too-long"})
    key = new_token()
    made = await store.add(
        connection, name=tidy, label=said, key_hash=token_hash(key), officer=viewer.officer
    )
    await audit.record(
        connection, viewer, "client.added", area=COUNTRY, object=f"client:{made}",
        details={"name": tidy},
    )  # fmt: skip
    return NewClient(made, tidy, key)


async def access_client(connection: AsyncConnection, viewer: Viewer, client_id: int) -> ClientRow:
    """One key. Raises `NotAllowed`, `NotFound`."""
    check_admin(viewer)
    found = await store.clients(connection, client_id)
    if not found:
        raise NotFound
    return found[0]


async def revoke_client(connection: AsyncConnection, viewer: Viewer, client_id: int) -> None:
    """Take a key away. With the last of its name, everybody who signed in through it is signed out.

    Taking it away again changes nothing. Raises `NotAllowed`, `NotFound`.
    """
    client = await access_client(connection, viewer, client_id)
    if not await store.revoke(connection, client_id):
        return
    if not await store.has_live_key(connection, client.name):
        await enqueue(
            connection,
            END_SESSIONS,
            {"name": client.name},
            priority=5,
            once=f"{END_SESSIONS}:{client.name}",
        )
    await audit.record(
        connection, viewer, "client.revoked", area=COUNTRY, object=f"client:{client_id}",
        details={"name": client.name},
    )  # fmt: skip
