"""What the visit routes take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lachan.visits.domain import Direction, EndSource, Outcome

Code = Annotated[str, Field(min_length=1, max_length=40)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanIn(Strict):
    """A scan: `scan_id` is made by the client, so that sending it again changes nothing."""

    scan_id: UUID
    code: Code
    direction: Direction = Direction.AUTO
    at: AwareDatetime | None = Field(None, description="When it was scanned; default: now")
    people: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(
        default_factory=list,
        max_length=20,
        description="Household members besides oneself who come along",
    )
    until: AwareDatetime | None = Field(
        None,
        description="When the event ends that one comes for; default: after the place's usual stay",
    )
    proof: Annotated[str, Field(max_length=40)] | None = Field(
        None,
        description="What the display at the door shows: `d` of its address, or its three digits",
    )


class PlaceOut(BaseModel):
    code: str | None
    name: str
    kind: str


class VisitOut(BaseModel):
    id: UUID
    place: PlaceOut
    room: str | None
    started_at: datetime
    ends_at: datetime
    end_source: EndSource
    open: bool = Field(description="Whether the person is, as far as is known, still there")


class ScanOut(BaseModel):
    """`visit` is None when a departure met no visit to end."""

    outcome: Outcome
    visit: VisitOut | None


class DiaryOut(BaseModel):
    visits: list[VisitOut]
    next_cursor: str | None


class ForgottenVisitIn(Strict):
    """A visit that was not scanned, added by hand."""

    code: Code
    started_at: AwareDatetime
    ends_at: AwareDatetime


class CorrectionIn(Strict):
    started_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
