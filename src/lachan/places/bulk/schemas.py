"""What programs get about a list of places."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field


class RefusedLine(BaseModel):
    """Why a line is not registered; a line may be refused for several reasons."""

    line: int
    column: str = Field(description="Letter of the column, empty where the list has none")
    field: str = Field(examples=["ward"])
    reason: str = Field(description="A stable word", examples=["bulk-reason-ward"])
    detail: str = Field(description="The same as a sentence, in the language asked for")


class ImportReport(BaseModel):
    """A list and what comes of it.

    `state`: checked (nothing is registered yet), queued, running, done, failed.
    """

    id: int
    file_name: str
    state: Literal["checked", "queued", "running", "done", "failed"]
    lines: int
    good: int = Field(description="Lines that can be, or were, registered")
    refused_lines: int
    doubles: int = Field(description="Of these, those that are registered already or listed twice")
    reviews: int = Field(description="Names that the desk will look at")
    operators: int = Field(description="People named in an officer's list, invited by text")
    made: int
    posters: int
    printed: int
    refused: list[RefusedLine] = Field(description="The first 2,000")
    posters_url: str | None = Field(description="One PDF with all posters, once it is done")
    codes_url: str | None = Field(description="All codes as CSV, once it is done")
    created_at: AwareDatetime
    finished_at: AwareDatetime | None


class RegisterList(BaseModel):
    size: Literal["a4", "a5"] = Field("a4", description="Paper size of the posters")
