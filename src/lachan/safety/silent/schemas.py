"""What is answered about places that have not reported."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class SilentPlace(BaseModel):
    place_id: int
    name: str
    kind: str
    area_name: str
    last_day: date | None
    reminded_at: datetime | None


class SilentPart(BaseModel):
    area: str
    name: str
    places: int = Field(description="Places that take part")
    silent: int = Field(description="Of these, not reported today though they are open")
    reminded: int


class SilentList(BaseModel):
    day: date
    parts: list[SilentPart]
    places: list[SilentPlace]
    next_after: int | None


class Remind(BaseModel):
    model_config = ConfigDict(extra="forbid")

    area: str = Field(max_length=40, pattern=r"^VN(\.\d{2}(\.\d{5})?)?$")


class Reminded(BaseModel):
    places: int
