"""Every route says who may call it; this is how it says so, and where it is enforced.

FastAPI routes take `Annotated[Viewer, Depends(...)]` or list `dependencies=[Depends(anyone)]`;
plain Starlette endpoints wear `@open_to(...)`. A test walks all routes and refuses a silent one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Literal

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from lachan.kit.errors import NotAllowed, SignInNeeded

Kind = Literal["resident", "officer", "device"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area and everything below it."""

    role: str
    area: str


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk, turnstile or terminal: where it stands is all it may speak for."""

    id: int
    place_id: int
    room_id: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking. `token` is the session's secret; only the database's row security needs it."""

    kind: Kind
    token: str
    display_name: str
    client: str = "web"
    person_id: int | None = None
    officer_id: int | None = None
    device: Device | None = None
    grants: tuple[Grant, ...] = ()
    drill_id: int | None = None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def roots(self, *roles: str) -> tuple[str, ...]:
        """The areas in which the viewer holds one of `roles` (any role when none is named)."""
        return tuple(
            dict.fromkeys(grant.area for grant in self.grants if not roles or grant.role in roles)
        )

    @property
    def person(self) -> int:
        """The resident's person id."""
        if self.person_id is None:
            raise NotAllowed
        return self.person_id

    @property
    def officer(self) -> int:
        """The officer's id."""
        if self.officer_id is None:
            raise NotAllowed
        return self.officer_id

    @property
    def at_place(self) -> Device:
        """The device."""
        if self.device is None:
            raise NotAllowed
        return self.device

    @property
    def key(self) -> str:
        """What a limit in memory goes by; nothing that names anybody."""
        subject = self.device.id if self.device else self.officer_id or self.person_id
        return f"{self.kind}:{subject}"

    def __repr__(self) -> str:
        # The token must never reach a log through a traceback.
        return f"Viewer({self.kind})"


class Access:
    """Who may call: a rule with a name for the reference page, callable as a dependency."""

    def __init__(self, name: str, kind: Kind | None = None, roles: tuple[str, ...] = ()) -> None:
        self.name = name
        self.kind = kind
        self.roles = roles

    def check_access(self, viewer: Viewer | None) -> Viewer | None:
        """Raises `SignInNeeded` or `NotAllowed`."""
        if self.kind is None:
            return viewer
        if viewer is None:
            raise SignInNeeded
        if viewer.kind != self.kind or (self.roles and not viewer.roles & set(self.roles)):
            raise NotAllowed
        return viewer

    def __call__(self, request: Request) -> Viewer | None:
        return self.check_access(viewer_of(request))


def viewer_of(request: Request) -> Viewer | None:
    """Who is signed in, if anybody."""
    viewer: Viewer | None = request.scope["state"].get("viewer")
    return viewer


anyone = Access("anyone")
resident = Access("resident", "resident")
device = Access("device", "device")


def officer(*roles: str) -> Access:
    """Officers that hold one of `roles` somewhere; any officer when none is named."""
    return Access("officer" + (f": {', '.join(roles)}" if roles else ""), "officer", roles)


AnyViewer = Annotated[Viewer | None, Depends(anyone)]
ResidentViewer = Annotated[Viewer, Depends(resident)]
DeviceViewer = Annotated[Viewer, Depends(device)]

Endpoint = Callable[[Request], Awaitable[Response]]


def open_to(access: Access) -> Callable[[Endpoint], Endpoint]:
    """Say (and enforce) who may call a plain Starlette endpoint."""

    def declare(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        async def checked(request: Request) -> Response:
            access.check_access(viewer_of(request))
            return await endpoint(request)

        checked.access = access  # type: ignore[attr-defined] # read by the test that walks routes
        return checked

    return declare


class PlainRoute(Route):
    """A route outside FastAPI's machinery, for hot paths and for pages that need none of it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Metrics are labelled by the template of the path, as for FastAPI's routes.
        scope["route"] = self
        await super().handle(scope, receive, send)


async def transaction(request: Request) -> AsyncIterator[AsyncConnection]:
    """The request's one transaction, in the name of whoever asks."""
    viewer = viewer_of(request)
    async with request.app.state.storage.transaction(viewer.token if viewer else "") as connection:
        yield connection


# scope="function": committed before the answer leaves, so a 201 is durable.
Transaction = Annotated[AsyncConnection, Depends(transaction, scope="function")]
