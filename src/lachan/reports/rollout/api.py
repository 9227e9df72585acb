"""GET /api/v1/rollout: how far the roll-out is, by group and by part of an area."""

from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from lachan.kit.clock import now
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.reports.rollout.domain import Count
from lachan.reports.rollout.service import ROLES, Rollout, access_rollout

router = APIRouter(prefix="/api/v1", tags=["rollout"])

COLUMNS: Final = (
    "area", "name", "group", "before", "now", "increase", "growth", "joined", "reported",
    "share_reported", "green", "share_green",
)  # fmt: skip


class GroupOut(BaseModel):
    group: str
    before: int = Field(description="Open places before the first day")
    now: int = Field(description="Open places at the end of the last day")
    increase: int
    growth: float | None = Field(description="The increase as a share of before")
    joined: int = Field(description="Of now, those that take part in the safety map")
    reported: int = Field(description="Of these, those that have checked themselves today")
    share_reported: float | None
    green: int = Field(description="Of these, those that are green today")
    share_green: float | None


class PartOut(BaseModel):
    area: str
    name: str
    groups: list[GroupOut]


class RolloutOut(BaseModel):
    area: str
    name: str
    first: date
    last: date
    today: date
    groups: list[GroupOut]
    parts: list[PartOut]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def cells(count: Count) -> tuple[int | float | None, ...]:
    """A count as the cells of a table, from `before` on."""
    return (
        count.before, count.now, count.increase, _rounded(count.growth), count.joined,
        count.reported, _rounded(count.share_reported), count.green, _rounded(count.share_green),
    )  # fmt: skip


def lines(found: Rollout) -> Iterator[tuple[object, ...]]:
    """Every part by every group of which it has any place."""
    for part in found.parts:
        for group, count in part.groups.items():
            if count != Count():
                yield part.area, part.name, group, *cells(count)


def _group(group: str, count: Count) -> GroupOut:
    return GroupOut(group=group, **dict(zip(COLUMNS[3:], cells(count), strict=True)))


@router.get(
    "/rollout",
    response_model=RolloutOut,
    responses={200: {"content": {"text/csv": {}, "application/x-ndjson": {}}}},
)
async def rollout(
    request: Request,
    viewer: Annotated[Viewer, Depends(officer(*ROLES))],
    connection: Transaction,
    area: Annotated[str | None, Query(max_length=20)] = None,
    group: Annotated[str | None, Query(max_length=40)] = None,
    last: Annotated[date | None, Query(description="Last of the 30 days; default: today")] = None,
) -> Response | RolloutOut:
    """Places of each group before and now, and who checked themselves today."""
    found = await access_rollout(
        connection,
        viewer,
        area=area,
        group=group,
        last=last,
        moment=now(),
        zone=request.app.state.settings.zone,
    )
    shape = shape_of(request)
    if shape == "json":
        return RolloutOut(
            area=found.area.path,
            name=found.area.full_name,
            first=found.first,
            last=found.last,
            today=found.today,
            groups=[_group(group, count) for group, count in found.groups.items()],
            parts=[
                PartOut(
                    area=part.area,
                    name=part.name,
                    groups=[_group(group, count) for group, count in part.groups.items()],
                )
                for part in found.parts
            ],
        )

    async def rows() -> AsyncIterator[tuple[object, ...]]:
        for line in lines(found):
            yield line

    return export(shape, f"rollout-{found.area.path}-{found.last}", COLUMNS, rows())
