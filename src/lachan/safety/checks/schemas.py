"""What programs send and get about daily checks."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from lachan.safety.colours.domain import Colour

ItemCode = Annotated[str, Field(min_length=1, max_length=20)]
Points = Annotated[int, Field(ge=0, le=100, strict=True)]
Note = Annotated[str, Field(max_length=500)]
Moment = Literal["before", "during", "after", "day"]


class NewCheck(BaseModel):
    """A check of one moment of today, or of the whole day.

    `answers`: points by the code of the criterion; 0 is not met. `name`: who commits, when it is
    not the name of the profile. The same `commit_id` again changes nothing.
    """

    model_config = ConfigDict(extra="forbid")

    commit_id: UUID
    moment: Moment
    day: date
    made_at: AwareDatetime
    answers: Annotated[dict[ItemCode, Points], Field(max_length=200)]
    notes: Annotated[dict[ItemCode, Note], Field(max_length=200)] = {}
    photos: Annotated[
        dict[ItemCode, Annotated[list[UUID], Field(max_length=5)]], Field(max_length=200)
    ] = {}
    name: Annotated[str, Field(max_length=80)] | None = None


class ReasonOut(BaseModel):
    """A reason: its stable code and a sentence in the language asked for."""

    code: str
    text: str


class SetName(BaseModel):
    """Which version of which set."""

    code: str
    version: str


class CheckOut(BaseModel):
    """What a check came to, and the colour of the place with it."""

    check_id: int
    outcome: str
    score: int
    maximum: int
    colour: Colour
    reasons: list[ReasonOut]
    replaced: int | None
    late: bool
    set: SetName


class PhotoOut(BaseModel):
    """A photo that was taken; name it in the check it belongs to."""

    id: UUID


class SetOut(SetName):
    """The set by which a place was judged."""

    title: str
    source: str
    verified: bool


class DayOut(BaseModel):
    """How one day ended."""

    day: date
    colour: Colour


class SafetyOut(BaseModel):
    """How a place stands today, and why.

    `since`: the first day of the days on end with this colour. `today`: whether each moment that
    the set asks about is reported. `history`: the last 30 days that were written, oldest first.
    """

    colour: Colour
    as_of: datetime
    since: date | None
    reasons: list[ReasonOut]
    score: int | None
    maximum: int | None
    streak: int
    set: SetOut | None
    today: dict[str, bool]
    history: list[DayOut]


class CriterionOut(BaseModel):
    """One criterion."""

    code: str
    chapter: str
    moment: str
    wording: str
    points: int
    graded: bool
    compulsory: bool
    evidence: str


class AnsweredOut(BaseModel):
    """A moment as it was last committed."""

    check_id: int
    answers: dict[str, int]
    notes: dict[str, str]
    name: str | None
    made_at: datetime
    late: bool


class TodayOut(BaseModel):
    """The day's work of a place, for those who run it: criteria, what is answered, what is due."""

    day: date
    colour: Colour
    reasons: list[ReasonOut]
    set: SetOut
    due: dict[str, datetime]
    items: list[CriterionOut]
    answered: dict[str, AnsweredOut]
    streak: int


class CertificateKeyOut(BaseModel):
    """An Ed25519 public key, base64url without padding."""

    key: str


class CertificateOut(BaseModel):
    """A genuine certificate: what was so on its day, and the colour of the place today."""

    place_id: int
    place: str | None
    day: date
    score: int
    maximum: int
    streak: int
    set: SetName | None
    colour_today: Colour | None
