"""What a form of several screens remembers, sealed in a short-lived cookie of its own path."""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

from lachan.kit.crypto import SealBroken


@dataclass(frozen=True, slots=True)
class Draft:
    """A cookie: its name, the path that gets it, and how long it is good."""

    name: str
    path: str
    minutes: int


def write_draft(
    response: Response, request: Request, draft: Draft, values: Mapping[str, str]
) -> None:
    """Seal `values` into the cookie."""
    body = orjson.dumps({**values, "until": str(int(time.time()) + draft.minutes * 60)})
    sealed = request.app.state.keyring.seal(body, about=f"cookie:{draft.name}")
    response.set_cookie(
        draft.name,
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=draft.minutes * 60,
        path=draft.path,
        secure=request.app.state.settings.secure,
        httponly=True,
        samesite="lax",
    )


def read_draft(request: Request, draft: Draft) -> dict[str, str] | None:
    """What was sealed; None when there is nothing, or it is too old or not ours."""
    given = request.cookies.get(draft.name)
    if not given:
        return None
    try:
        sealed = base64.urlsafe_b64decode(given)
        body = request.app.state.keyring.unseal(sealed, about=f"cookie:{draft.name}")
    except (SealBroken, binascii.Error, ValueError):
        return None
    values: dict[str, str] = orjson.loads(body)
    return values if int(values.pop("until")) > time.time() else None
