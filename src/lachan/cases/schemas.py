"""What comes in and goes out about cases."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lachan.cases.domain import Classification
from lachan.visits.doubts.domain import Kind as DoubtKind

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Area = Annotated[str, StringConstraints(pattern=r"^VN(\.\d{2}(\.\d{5})?)?$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonIn(Incoming):
    """Who: by phone (enrolled when unknown, `name` helps then), or by id."""

    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    person_id: Id | None = None
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "PersonIn":
        if (self.phone is None) == (self.person_id is None):
            raise ValueError("name the person by phone or by person_id")
        return self


class NewCase(Incoming):
    """A case to open; at least one of the two days, the area when the home is not known."""

    person: PersonIn
    disease: Annotated[str, StringConstraints(max_length=40)]
    classification: Classification = Classification.CONFIRMED
    onset_on: date | None = None
    sampled_on: date | None = None
    area: Area | None = None
    reason: Reason = ""


class CaseChange(Incoming):
    """What is known better now. A day that is left out stays as it was."""

    classification: Classification | None = None
    onset_on: date | None = None
    sampled_on: date | None = None


class OpeningReason(Incoming):
    """Why somebody's identity is opened; the person reads it."""

    reason: Reason


class CaseOut(BaseModel):
    """A case as an officer of its area sees it: no name, no phone."""

    id: int
    code: str
    person_id: int
    disease: str
    classification: Classification
    onset_on: date | None
    sampled_on: date | None
    infectious_from: datetime
    infectious_until: datetime
    profile_version: str
    area: str
    area_name: str
    opened_at: datetime
    closed_at: datetime | None
    drill: bool


class CaseList(BaseModel):
    items: list[CaseOut]
    next_cursor: str | None


class PlaceSeen(BaseModel):
    id: int
    name: str
    room: str | None
    area: str


class TimelineDoubt(BaseModel):
    """What speaks against a visit; nothing was deleted for it."""

    kind: DoubtKind
    sentence: str


class TimelineVisit(BaseModel):
    """A visit of the case. `open`: it has not ended; `ends_at` is then when it is expected to."""

    kind: Literal["visit"] = "visit"
    id: str
    place: PlaceSeen
    started_at: datetime
    ends_at: datetime
    open: bool
    doubts: list[TimelineDoubt]


class TimelineGap(BaseModel):
    """Hours about which nothing is known."""

    kind: Literal["gap"] = "gap"
    started_at: datetime
    ends_at: datetime


class TimelineOut(BaseModel):
    infectious_from: datetime
    infectious_until: datetime
    items: list[TimelineVisit | TimelineGap]


class KeeperOut(BaseModel):
    """Who answers for somebody of the household without a phone."""

    name: str | None
    phone: str | None


class IdentityOut(BaseModel):
    """Who a person is; those it is `kept_by` can be called when the person has no phone."""

    name: str | None
    phone: str | None
    birth_year: int | None
    kept_by: list[KeeperOut]
