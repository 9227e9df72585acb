"""What comes in and goes out about traces and contacts."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lachan.tracing.domain import ExposureKind
from lachan.visits.doubts.domain import Kind as DoubtKind


class ContactStatus(StrEnum):
    """How far the tracer has come with a contact."""

    NEW = "new"
    CALLED = "called"
    UNREACHABLE = "unreachable"
    FOLLOWED = "followed"
    DONE = "done"


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewTrace(Incoming):
    """How many levels to trace; a dry run counts and writes no contact."""

    max_level: int = Field(2, ge=1, le=5)
    dry_run: bool = False


class StatusChange(Incoming):
    status: ContactStatus


class OpeningReason(Incoming):
    """Why somebody's identity is opened; the person reads it."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


class LateOut(BaseModel):
    """Visits recorded since the newest trace that it has not seen; zeros when there are none.

    `people` of them would become F1. `traced_as_of` is the moment that the trace saw.
    """

    visits: int
    people: int
    traced_as_of: datetime | None
    counted_at: datetime | None


class RunOut(BaseModel):
    """A trace run.

    `counts` has contacts by level (F1, F2 ...) and, but for a dry run, how many were added, kept
    and removed; `stopped_at` among them is a level that was too large to be written. `error` is a
    stable code, `error_text` its sentence.
    """

    run_id: int
    case_id: int
    max_level: int
    dry_run: bool
    state: str
    progress: int
    counts: dict[str, int]
    error: str | None
    error_text: str | None
    profile_version: str
    as_of: datetime | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class PlaceMet(BaseModel):
    id: int
    name: str
    room: str | None


class ContactOut(BaseModel):
    """A contact without a name; `sentence` says why, by the longest exposure."""

    id: int
    case_id: int
    case_code: str | None
    person_id: int
    level: int
    area: str
    area_name: str | None
    first_exposure: datetime
    last_exposure: datetime
    minutes: int
    household: bool
    is_case: bool
    place: PlaceMet | None
    sentence: str
    exposures: int
    status: ContactStatus
    updated_at: datetime


class ContactList(BaseModel):
    items: list[ContactOut]
    next_cursor: str | None


class DoubtOut(BaseModel):
    """What speaks against one of the two visits; nothing was deleted for it."""

    visit_id: str
    kind: DoubtKind
    sentence: str


class ExposureOut(BaseModel):
    """One piece of evidence, with the two visits that met."""

    kind: ExposureKind
    source_person_id: int
    source_visit_id: str
    visit_id: str
    place: PlaceMet
    started_at: datetime
    ended_at: datetime
    minutes: int
    lingering_minutes: int
    sentence: str
    doubts: list[DoubtOut]


class ContactDetails(ContactOut):
    evidence: list[ExposureOut]
