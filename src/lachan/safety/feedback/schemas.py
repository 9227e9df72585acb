"""What is sent and answered about answers from the public; no shape has room for a reporter."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from lachan.safety.feedback.domain import Decision, Proof, State


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewFeedback(_Sent):
    item: str | None = Field(None, max_length=20, description="Code of the criterion, if of one")
    # Far over what is taken, so that the refusal is ours and says how long it may be.
    body: str = Field(max_length=8000, examples=["Cổng sau không có nước sát khuẩn."])


class FeedbackTold(BaseModel):
    handle: str = Field(description="Follows the report; shown this once")
    follow_url: str
    due_at: datetime = Field(description="By when the place is to answer")
    held: bool = Field(
        description="Many reports came at once: an inspector looks at this one first"
    )


class FollowedFeedback(BaseModel):
    place_id: int
    place_name: str | None
    item: str | None
    body: str
    state: State
    created_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    reopened_at: datetime | None
    reopened_because: str | None
    decided_at: datetime | None
    remark: str | None
    may_reopen: bool


class Reopen(_Sent):
    why: str = Field(max_length=8000)


class PhotoJoined(BaseModel):
    id: UUID


class PlaceFeedback(BaseModel):
    """A report as the place sees it: the day it came, not who sent it nor with what proof."""

    id: int
    item: str | None
    body: str
    state: State
    day: str
    due_at: datetime
    overdue: bool
    answer: str | None
    answered_at: datetime | None
    reopened_because: str | None
    remark: str | None
    photos: list[UUID]


class PlaceFeedbackList(BaseModel):
    reports: list[PlaceFeedback]


class Answer(_Sent):
    answer: str = Field(max_length=8000)


class DeskFeedback(BaseModel):
    id: int
    place_id: int
    place_name: str
    area: str
    item: str | None
    body: str
    proof: Proof
    weight: int
    state: State
    created_at: datetime
    due_at: datetime
    overdue: bool
    answer: str | None
    reopened_because: str | None
    remark: str | None
    photos: list[UUID]


class HeldPlace(BaseModel):
    place_id: int
    place_name: str
    reports: int
    newest: datetime


class DeskQueue(BaseModel):
    reports: list[DeskFeedback]
    held: list[HeldPlace] = Field(description="What a flood held back: one line a place")


Which = Literal["open", "overdue", "reopened", "answered", "confirmed"]


class Decide(_Sent):
    decision: Decision
    remark: str = Field("", max_length=8000, description="For the place and the reporter")


class Release(_Sent):
    reports: list[int] = Field(min_length=1, max_length=200)


class Released(BaseModel):
    reports: int
