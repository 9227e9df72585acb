"""What programs send and get about who is to run a place."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class InviteOperator(BaseModel):
    """By a phone number, to which a text is sent; without one, by a code to hand over."""

    model_config = ConfigDict(extra="forbid")

    phone: Annotated[str, Field(min_length=1, max_length=40, examples=["0912 345 678"])] | None = (
        None
    )


class OperatorInvited(BaseModel):
    """`code` and `join_url` only for an invitation by code, this once."""

    id: int
    expires_at: AwareDatetime
    code: str | None = None
    join_url: str | None = None


class OperatorInvitation(BaseModel):
    id: int
    by: Literal["code", "phone"]
    phone_end: str = Field(description="The last digits of the number, empty for a code")
    state: Literal["open", "declined", "expired"]
    expires_at: AwareDatetime


class PlaceOperator(BaseModel):
    """Whether somebody runs the place, never who."""

    has_operator: bool
    by_authority: bool = Field(description="The authority gave the place and may take it back")
    invitations: list[OperatorInvitation]


class TakePlaceBack(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=300)]


class OfferedPlace(BaseModel):
    """A place that the asker is invited to run."""

    id: int = Field(description="Of the invitation")
    place_id: int
    name: str
    kind: str
    area: str
    address: str
    expires_at: AwareDatetime


class OfferedPlaces(BaseModel):
    invitations: list[OfferedPlace]


class TakeByCode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=60)]


class PlaceTaken(BaseModel):
    place_id: int
