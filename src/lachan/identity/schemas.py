"""What residents send and get as JSON."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from lachan.identity.domain import LONGEST_NAME

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=32)]
AreaPath = Annotated[str, StringConstraints(pattern=r"^VN(\.[0-9]{2}(\.[0-9]{5})?)?$")]
ClientName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
BirthYear = Annotated[int, Field(ge=1880, le=2100)]
assert LONGEST_NAME == 120  # noqa: PLR2004 - pydantic wants the figure itself above


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CodeIn(In):
    """A number that wants a code."""

    phone: Phone = Field(examples=["0912 345 678"])


class SessionIn(In):
    """A number and the code it got."""

    phone: Phone = Field(examples=["0912 345 678"])
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    client: ClientName | None = Field(
        None, description="The program that signs in; any but `web` needs its key", examples=["web"]
    )


class SessionOut(BaseModel):
    """A bearer token; `new` when this sign-in made the person."""

    token: str
    expires_at: AwareDatetime
    new: bool


class AreaOut(BaseModel):
    path: str
    name: str | None


class MemberOut(BaseModel):
    """Somebody of the household who has no phone."""

    person_id: int
    name: str
    birth_year: int | None
    relation: str | None


class ProfileOut(BaseModel):
    """What is kept about the asker, but for the diary."""

    person_id: int
    phone: str | None
    name: str | None
    birth_year: int | None
    home_area: AreaOut | None
    household: list[MemberOut]
    created_at: datetime


class ProfileIn(In):
    """What to change; null removes, what is not named stays."""

    name: Name | None = None
    birth_year: BirthYear | None = None
    home_area: AreaPath | None = None


class MemberIn(In):
    name: Name
    birth_year: BirthYear | None = None
    relation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None


class OpeningOut(BaseModel):
    """One opening of the asker's sealed data."""

    id: int
    at: datetime
    officer: str | None
    unit: str | None
    reason: str | None
    action: str


class OpeningsOut(BaseModel):
    openings: list[OpeningOut]
    next_cursor: str | None
