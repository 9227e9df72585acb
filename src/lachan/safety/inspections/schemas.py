"""What is sent and answered about inspections."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lachan.safety.colours.domain import Colour

ItemCode = Annotated[str, Field(min_length=1, max_length=20)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewInspection(_Sent):
    answers: dict[ItemCode, int] = Field(max_length=300, description="Points of every item")
    notes: dict[ItemCode, Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=dict, max_length=300
    )
    remark: str = Field("", max_length=8000)
    orders: dict[ItemCode, Annotated[str, Field(max_length=2000)]] = Field(
        default_factory=dict, max_length=300, description="What is to be repaired, by item"
    )
    due_at: datetime | None = Field(
        None, description="Deadline of the orders; none: the set's own, else 48 hours"
    )
    recheck_of: int | None = Field(None, ge=1, description="The open inspection that this closes")
    closes_reports: bool = Field(
        default=False, description="Whether this settles the confirmed reports on the place"
    )


class Inspected(BaseModel):
    id: int
    state: Literal["open", "closed"]
    outcome: str
    score: int
    maximum: int
    colour: Colour
    deviation: dict[str, tuple[int, int]] = Field(
        description="Where they differ: item -> [the place's points, the inspector's]"
    )
    due_at: datetime | None


class RepairOrder(BaseModel):
    item: str
    wording: str
    state: Literal["open", "repaired", "accepted"]


class InspectionSheet(BaseModel):
    """An inspection; who inspected stands in the trail and not here."""

    id: int
    day: date
    set_id: int
    recheck_of: int | None
    state: Literal["open", "closed"]
    outcome: str
    score: int
    maximum: int
    answers: dict[str, int]
    deviation: dict[str, tuple[int, int]]
    remark: str
    orders: list[RepairOrder]
    due_at: datetime | None
    repaired_at: datetime | None
    closed_at: datetime | None
    overdue: bool


class Inspections(BaseModel):
    inspections: list[InspectionSheet]


class Close(_Sent):
    remark: str = Field("", max_length=8000)
