"""Disease profiles over HTTP: the numbers everybody is traced by are nobody's secret."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from lachan.diseases.profiles import DiseaseUnknown, Profile, all_profiles, profile_of
from lachan.kit.errors import NotFound
from lachan.kit.http.access import AnyViewer

router = APIRouter(prefix="/api/v1/diseases", tags=["diseases"])


class SpanOut(BaseModel):
    """Local days around a reference day (day 0), both ends included."""

    first: int
    last: int


class BasisOut(BaseModel):
    """Where a group of numbers comes from."""

    source: str
    verified: bool
    note: str


class DiseaseOut(BaseModel):
    """A profile; minutes of lingering air by ventilation, minimum minutes a local day and place."""

    code: str
    version: str
    infectious_days: SpanOut
    infectious_days_without_symptoms: SpanOut
    same_room_minutes: int
    same_place_minutes: int
    lingering_minutes: dict[str, int]
    follow_up_days: int
    max_level: int
    retention_days: int
    basis: dict[str, BasisOut]


class DiseaseList(BaseModel):
    items: list[DiseaseOut]


def _out(profile: Profile) -> DiseaseOut:
    spans = profile.infectious_days, profile.infectious_days_without_symptoms
    with_symptoms, without = (SpanOut(first=span.first, last=span.last) for span in spans)
    return DiseaseOut(
        code=profile.code,
        version=profile.version,
        infectious_days=with_symptoms,
        infectious_days_without_symptoms=without,
        same_room_minutes=profile.same_room_minutes,
        same_place_minutes=profile.same_place_minutes,
        lingering_minutes={str(name): value for name, value in profile.lingering_minutes.items()},
        follow_up_days=profile.follow_up_days,
        max_level=profile.max_level,
        retention_days=profile.retention_days,
        basis={
            name: BasisOut(source=basis.source, verified=basis.verified, note=basis.note)
            for name, basis in profile.basis.items()
        },
    )


@router.get("")
async def list_diseases(_viewer: AnyViewer) -> DiseaseList:
    """All diseases that cases can be opened for."""
    return DiseaseList(items=[_out(profile) for profile in all_profiles()])


@router.get("/{code}")
async def read_disease(code: Annotated[str, Path(max_length=40)], _viewer: AnyViewer) -> DiseaseOut:
    """One disease's numbers, each group with its source."""
    try:
        return _out(profile_of(code))
    except DiseaseUnknown:
        raise NotFound from None
