"""Being told at once, over HTTP: a browser subscribes, and asks to be reminded of leaving."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from lachan.identity.push import service, store
from lachan.identity.push.domain import LONGEST_ENDPOINT, Subscription, public_key
from lachan.kit.http.access import AnyViewer, ResidentViewer, Transaction

router = APIRouter(prefix="/api/v1", tags=["push"])


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


Key = Annotated[str, Field(min_length=1, max_length=200)]


class Keys(Incoming):
    """The browser's public key and its secret, base64url (RFC 8291)."""

    p256dh: Key
    auth: Key


class NewSubscription(Incoming):
    """What `PushSubscription.toJSON()` gives; the time of expiry is taken and not used."""

    endpoint: Annotated[str, Field(min_length=1, max_length=LONGEST_ENDPOINT)]
    keys: Keys
    expiration_time: Annotated[float | None, Field(alias="expirationTime")] = None


class OldSubscription(Incoming):
    """Which browser to forget; none named: all of mine."""

    endpoint: Annotated[str | None, Field(max_length=LONGEST_ENDPOINT)] = None


class PushKey(BaseModel):
    """Our public key (VAPID, RFC 8292), base64url: the browser's `applicationServerKey`."""

    key: str


class PushState(BaseModel):
    """How many browsers of mine are told at once."""

    browsers: int


@router.get("/push/key")
async def read_key(request: Request, _viewer: AnyViewer) -> PushKey:
    """The key that a browser subscribes with."""
    return PushKey(key=public_key(request.app.state.keyring))


@router.get("/me/push")
async def read_push(viewer: ResidentViewer, connection: Transaction) -> PushState:
    """Whether I am told at once anywhere."""
    return PushState(browsers=await store.count_mine(connection, viewer.person))


@router.post("/me/push", status_code=201)
async def subscribe(
    request: Request, body: NewSubscription, viewer: ResidentViewer, connection: Transaction
) -> PushState:
    """Tell me at once by this browser, until I sign out of it."""
    state = request.app.state
    await service.subscribe(
        connection,
        state.keyring,
        state.settings.push,
        viewer,
        Subscription(body.endpoint, body.keys.p256dh, body.keys.auth),
        request.scope["state"]["lang"],
    )
    return PushState(browsers=await store.count_mine(connection, viewer.person))


@router.delete("/me/push", status_code=204)
async def unsubscribe(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    body: OldSubscription | None = None,
) -> None:
    """Stop telling me by this browser, or by any when none is named."""
    await service.unsubscribe(
        connection, request.app.state.keyring, viewer, body.endpoint if body else None
    )
