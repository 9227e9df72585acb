"""What phones get as JSON to make codes of their own."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class PhoneMemberOut(BaseModel):
    """Somebody without a phone who can come along: set this bit of the mask."""

    person_id: int
    name: str
    bit: int = Field(ge=0, le=23)


class PhoneCodeOut(BaseModel):
    """What a phone signs codes with; see docs/protocol/phone-code.md for how."""

    handle: str = Field(description="10 bytes, base 64")
    key: str = Field(description="32 bytes for HMAC-SHA256, base 64; keep it on the phone only")
    members: list[PhoneMemberOut]
    step_seconds: Literal[30] = 30
    now: datetime = Field(description="The server's clock, to put a phone's clock right")
    ends_at: datetime = Field(description="Codes stop counting then; asking again gives a new key")
