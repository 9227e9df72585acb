"""What starting a drill takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_PEOPLE = 50_000


class NewDrill(BaseModel):
    """How many synthetic people, and where: `area` defaults to the officer's own."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[str, Field(min_length=1, max_length=100)]
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    area: Annotated[str, Field(max_length=20)] | None = None


class DrillPerson(BaseModel):
    """One synthetic person with a session; people of one `household` live together.

    `card` is the number of a blank printed card that the person may take.
    """

    person_id: int
    token: str
    area: str
    household: int | None
    card: str | None = None


class DrillStarted(BaseModel):
    id: int
    area: str
    people: list[DrillPerson]


class DrillState(BaseModel):
    """`closed_at` is set when nothing of the drill is left."""

    id: int
    label: str
    created_at: datetime
    closed_at: datetime | None
    people: int
