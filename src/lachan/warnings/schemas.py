"""What comes in and goes out about warnings."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LONGEST_NOTE = 500
LONGEST_REASON = 300
LONGEST_DISPUTE = 2000
LONGEST_ANSWER = 1000

Level = Annotated[int, Field(ge=1, le=5)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewWarning(Incoming):
    """Whom to warn: contacts of these levels of a traced case."""

    case_id: int = Field(ge=1, le=2**63 - 1)
    levels: list[Level] = Field(default=[1], min_length=1, max_length=5)
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE)] = ""


class Approval(Incoming):
    """`recipients` is the number that the officer saw in the dry run."""

    recipients: int = Field(ge=1, le=2**31 - 1)


class Withdrawal(Incoming):
    """The reason is shown to everybody who was warned."""

    reason: Annotated[Text, Field(max_length=LONGEST_REASON)]


class Dispute(Incoming):
    """What the resident says is wrong."""

    text: Annotated[Text, Field(max_length=LONGEST_DISPUTE)]


class Answer(Incoming):
    """What the tracer says to it; shown to the resident."""

    text: Annotated[Text, Field(max_length=LONGEST_ANSWER)]


class WarnedPlace(BaseModel):
    """One place (and room) of a dry run, with the hours it is about.

    `name` is null for people who are warned because they live with somebody.
    """

    name: str | None
    room: str | None
    area: str | None
    household: bool
    window_from: datetime
    window_to: datetime
    recipients: int


class Counts(BaseModel):
    """How far a warning has come."""

    recipients: int
    sent: int
    seen: int
    disputed: int
    answered: int


class WarningOut(BaseModel):
    """A warning as its officer sees it."""

    id: int
    case_id: int
    case_code: str
    disease: str
    levels: list[int]
    note: str
    state: Literal["draft", "approved", "withdrawn"]
    area: str
    recipients: int
    outside_area: int
    already_warned: int
    second_officer_needed: bool
    places: list[WarnedPlace]
    samples: dict[str, str]
    counts: Counts
    created_at: datetime
    approved_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class WarningItem(BaseModel):
    """A warning in a list."""

    id: int
    case_id: int
    case_code: str
    disease: str
    levels: list[int]
    state: Literal["draft", "approved", "withdrawn"]
    area: str
    counts: Counts
    created_at: datetime
    approved_at: datetime | None


class WarningList(BaseModel):
    items: list[WarningItem]
    next_cursor: str | None


class DisputeOut(BaseModel):
    """What one person says is wrong; `text` is null when its seal is broken."""

    message_id: int
    text: str | None
    disputed_at: datetime
    answered_at: datetime | None
    answer: str | None


class DisputeList(BaseModel):
    items: list[DisputeOut]


class WarnedPlaceOfMine(BaseModel):
    """Where it was; `name` is null for a household, and for a place that is gone."""

    name: str | None
    room: str | None
    address: str


class MyWarning(BaseModel):
    """A warning as the person it concerns reads it; sentences in the language asked for."""

    id: int
    disease: str
    level: int
    place: WarnedPlaceOfMine
    window_from: datetime
    window_to: datetime
    minutes: int
    reason: str
    text: str
    advice: list[str]
    advice_source: str
    note: str
    sent_at: datetime
    seen_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    disputed_at: datetime | None
    answered_at: datetime | None
    answer: str | None


class MyWarnings(BaseModel):
    items: list[MyWarning]
    unread: int
    next_cursor: str | None
