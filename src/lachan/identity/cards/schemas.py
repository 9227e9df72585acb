"""What is sent and got as JSON around cards."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lachan.identity.cards.service import CARDS_A_FILE, MOST_CARDS
from lachan.identity.schemas import AreaPath

Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=48)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakeIn(In):
    """The number of a blank card, and whose it becomes: the asker's when nobody is named."""

    number: Number = Field(examples=["7K3M-2P9R-XQ4T"])
    person_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class CardOut(BaseModel):
    """One card; `reference` is what is printed small in its corner."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    reference: str
    state: Literal["held", "withdrawn"]
    person_id: int | None
    attached_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: Literal["lost", "replaced", "spoiled", "erased"] | None


class CardsOut(BaseModel):
    cards: list[CardOut]


class BatchIn(In):
    """Blank cards to print for a unit."""

    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    size: Annotated[int, Field(ge=1, le=MOST_CARDS)]
    area: AreaPath


class BatchOut(BaseModel):
    """Cards printed together, and what became of them; a file of sheets for each thousand."""

    id: int
    area: str
    label: str
    size: int
    made_at: datetime
    printed_at: datetime | None
    blank: int
    held: int
    withdrawn: int
    files: int = Field(description=f"Parts to print, {CARDS_A_FILE} cards each")


class BatchesOut(BaseModel):
    batches: list[BatchOut]
    next_cursor: str | None


class IssueIn(In):
    """Whom a health station gives a card; with `old_number` the holder of that card."""

    number: Number
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    born: Typed = Field("", description="Day of birth, or the year", examples=["09/03/1950"])
    phone: Typed = Field("", description="Where to call: a relative's number; signs nobody in")
    document: Typed = ""
    area: AreaPath | None = None
    old_number: Typed = ""


class WithdrawIn(In):
    """A card by its number, or by the document and birth of its holder."""

    number: Typed = ""
    document: Typed = ""
    born: Typed = ""
