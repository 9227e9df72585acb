"""Moving to a new phone: what only the old one knows goes over as a QR picture, screen to camera.

The server sees none of it. It lends both phones a key that only their common owner gets, and only
for a while, so that a photograph of the picture is of no use to anybody else or later.
"""

import base64
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import ResidentViewer

router = APIRouter(prefix="/api/v1/me", tags=["visits"])

KEY_SECONDS = 600


class MoveKeys(BaseModel):
    """Base 64. The old phone locks with the first; the new one tries all."""

    keys: list[str] = Field(min_length=2)
    seconds: int = Field(description="How long a key is the first")


def move_keys(keyring: Keyring, person_id: int, moment: datetime) -> list[bytes]:
    """The key of these ten minutes and of those before."""
    window = int(moment.timestamp()) // KEY_SECONDS
    return [keyring.derive(f"move:{person_id}:{one}") for one in (window, window - 1)]


@router.get("/move-keys")
def read_move_keys(request: Request, response: Response, viewer: ResidentViewer) -> MoveKeys:
    """Keys by which two phones of one person understand each other, for at most twenty minutes."""
    response.headers["cache-control"] = "no-store"
    keys = move_keys(request.app.state.keyring, viewer.person, now())
    return MoveKeys(keys=[base64.b64encode(key).decode() for key in keys], seconds=KEY_SECONDS)
