"""What comes in and goes out about warnings."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lachan.diseases.rules import MessageKind

LONGEST_NOTE = 500
LONGEST_REASON = 300
LONGEST_DISPUTE = 2000
LONGEST_ANSWER = 1000

Level = Annotated[int, Field(ge=1, le=5)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewWarning(Incoming):
    """Whom to warn: contacts of a traced case, or those who were at a place.

    `levels`: the rule's usual ones when none is named. A place is one whose operator's report was
    accepted; there the officer names the disease. `kinds` changes the classes that the rule chose:
    `{"watch": "test"}`.
    """

    case_id: int | None = Field(None, ge=1, le=2**63 - 1)
    place_report_id: UUID | None = None
    disease: Annotated[str, Field(max_length=40)] | None = None
    levels: list[Level] | None = Field(None, min_length=1, max_length=5)
    kinds: dict[MessageKind, MessageKind] = {}
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE)] = ""

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        if (self.case_id is None) == (self.place_report_id is None):
            raise ValueError("either case_id or place_report_id")
        if self.place_report_id is not None and self.disease is None:
            raise ValueError("a place's report needs the disease")
        return self


class Kinds(Incoming):
    """Classes of a draft that the officer changes, from the rule's to the one sent."""

    kinds: dict[MessageKind, MessageKind]


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
    """What the tracer decides and says to it; the text is shown to the resident.

    `kept`: the warning stands. `corrected`: it stands, with these `minutes`. `withdrawn`: not for
    this person.
    """

    text: Annotated[Text, Field(max_length=LONGEST_ANSWER)]
    decision: Literal["kept", "corrected", "withdrawn"] = "kept"
    minutes: int | None = Field(None, ge=0, le=1440)


class Reply(Incoming):
    """What the resident says back: tested, please call me, I am well."""

    answer: Literal["tested", "call_me", "well"]


class Listing(Incoming):
    """Which places and days of a warning anybody may see (keys of its candidates), for how long.

    `days`: the deployment's usual ones when none are named.
    """

    places: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=200)
    days: int | None = Field(None, ge=1, le=90)


class Pause(Incoming):
    """Hold back all warnings of an area and below."""

    area: Annotated[str, Field(max_length=20)]
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)]


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
    """How far a warning has come; `answered` counts disputes that an officer settled.

    `pushed` and `texted` went out by these ways besides the inbox. `tested`, `call_asked` and
    `well` are what people answered; `called` those that were called since.
    """

    recipients: int
    sent: int
    pushed: int = 0
    texted: int = 0
    seen: int
    disputed: int
    answered: int
    tested: int = 0
    call_asked: int = 0
    called: int = 0
    well: int = 0


class KindOut(BaseModel):
    """The recipients that the rule gave one class: what they get, how many, and a text."""

    by_rule: MessageKind
    kind: MessageKind
    recipients: int
    samples: dict[str, str]


class KindCounts(BaseModel):
    """How far the messages of one class have come; `replied` counts people, the rest answers."""

    kind: MessageKind
    recipients: int
    sent: int
    pushed: int
    texted: int
    seen: int
    replied: int
    tested: int
    call_asked: int
    well: int


class CallOut(BaseModel):
    """Somebody who asked to be called; who it is stands behind the contact's page."""

    message_id: int
    contact_id: int | None
    kind: MessageKind
    level: int
    asked_at: datetime
    called_at: datetime | None


class CallList(BaseModel):
    items: list[CallOut]


class WarningOut(BaseModel):
    """A warning as its officer sees it."""

    id: int
    case_id: int | None
    case_code: str | None
    place_report_id: UUID | None
    rule_version: str
    advice_version: str
    disease: str
    levels: list[int]
    note: str
    state: Literal["draft", "approved", "withdrawn"]
    area: str
    recipients: int
    outside_area: int
    already_warned: int
    second_officer_needed: bool
    rush: bool
    stopped_at: datetime | None
    held_until: datetime | None
    places: list[WarnedPlace]
    kinds: list[KindOut]
    samples: dict[str, str]
    counts: Counts
    counts_by_kind: list[KindCounts]
    created_at: datetime
    approved_at: datetime | None
    first_sent_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class WarningItem(BaseModel):
    """A warning in a list."""

    id: int
    case_id: int | None
    case_code: str | None
    disease: str
    levels: list[int]
    state: Literal["draft", "approved", "withdrawn"]
    stopped: bool
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
    decision: Literal["kept", "corrected", "withdrawn"] | None


class DisputeList(BaseModel):
    items: list[DisputeOut]


class CandidateOut(BaseModel):
    """A place on a day that may be put on the public list.

    `points_at_case`: so few people were there that the place may tell who the case is.
    """

    key: str
    place: str
    room: str | None
    window_from: datetime
    window_to: datetime
    people: int
    points_at_case: bool


class ListingOut(BaseModel):
    """A place on the public list; `people` is null below five, and never known then."""

    id: int
    place: str
    room: str | None
    kind_of_place: str
    address: str
    area: str
    area_name: str
    disease: str
    kind: MessageKind
    window_from: datetime
    window_to: datetime
    people: int | None
    shown_until: datetime


class PublicList(BaseModel):
    """Places where people may have met a case."""

    items: list[ListingOut]


class WarningListings(BaseModel):
    """What of a warning is public, and what may be."""

    listed: list[ListingOut]
    candidates: list[CandidateOut]


class PauseOut(BaseModel):
    """While this is on, no warning of the area and below is sent."""

    id: int
    area: str
    area_name: str
    reason: str
    paused_at: datetime


class PauseList(BaseModel):
    items: list[PauseOut]


class WarnedPlaceOfMine(BaseModel):
    """Where it was; `name` is null for a household, and for a place that is gone."""

    name: str | None
    room: str | None
    address: str


class WarnedMember(BaseModel):
    """A member of my household without a phone, by the name I gave; it may be empty."""

    person_id: int
    name: str


class MyWarning(BaseModel):
    """A warning as the person it concerns reads it; sentences in the language asked for.

    `about` is null when it concerns me; otherwise somebody without a phone for whom I answer.
    """

    id: int
    about: WarnedMember | None
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
    kind: MessageKind
    rule_version: str
    advice_version: str
    note: str
    sent_at: datetime
    seen_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    disputed_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    decision: Literal["kept", "corrected", "withdrawn"] | None
    tested_at: datetime | None
    call_asked_at: datetime | None
    called_at: datetime | None
    well_at: datetime | None


class MyWarnings(BaseModel):
    items: list[MyWarning]
    unread: int
    next_cursor: str | None
