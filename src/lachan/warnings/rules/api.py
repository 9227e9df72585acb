"""Versions of the rules over HTTP: officers read, admins draft, try and publish."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Row
from starlette.responses import Response

from lachan.diseases import store as versions
from lachan.diseases.rules import MessageKind, Mode, Reason, Rule, default_rule
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export, shape_of
from lachan.warnings.rules import service
from lachan.warnings.rules.service import Trial

router = APIRouter(prefix="/api/v1/warning-rules", tags=["warnings"])

Officer = Annotated[Viewer, Depends(officer())]
Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Minutes = Annotated[int, Field(ge=1, le=1440)]
Level = Annotated[int, Field(ge=1, le=5)]
LONGEST_REASON = 500


class Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StepIn(Incoming):
    """Whoever is of one of `levels`, met for `minutes` and for one of `reasons` (none: any)."""

    kind: MessageKind
    levels: list[Level] = Field(min_length=1, max_length=5)
    minutes: int = Field(0, ge=0, le=1440)
    reasons: list[Reason] = Field(default=[], max_length=4)


class AirIn(Incoming):
    """Minutes for which the air of a room stays infectious, by ventilation."""

    outdoor: int = Field(ge=0, le=1440)
    good: int = Field(ge=0, le=1440)
    normal: int = Field(ge=0, le=1440)
    poor: int = Field(ge=0, le=1440)
    unknown: int = Field(ge=0, le=1440)


class RuleBody(Incoming):
    """What a version says; `same_place_minutes` null: only the same room counts."""

    same_room_minutes: Minutes
    same_place_minutes: Minutes | None
    lingering_minutes: AirIn
    mode: Mode = "all"
    kinds: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=100)
    levels: list[Level] = Field(min_length=1, max_length=5)
    usual_levels: list[Level] = Field(min_length=1, max_length=5)
    steps: list[StepIn] = Field(max_length=12)


class NewRule(Incoming):
    """A draft of a version for a disease and an area (the country or a province), and why."""

    disease: Annotated[str, Field(max_length=40)]
    area: Annotated[str, Field(max_length=20)]
    body: RuleBody
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON)
    ]


class RuleOut(BaseModel):
    """A version. `id` is null for the one that comes with the program."""

    id: int | None
    version: str
    disease: str
    area: str
    state: Literal["default", "draft", "published"]
    in_force: bool
    reason: str | None
    body: dict[str, Any]


class RuleList(BaseModel):
    items: list[RuleOut]


class TrialCaseOut(BaseModel):
    """One past case: people the version would warn, the one in force does, and who differs."""

    case_code: str
    would: int
    present: int
    gained: int
    lost: int
    kinds: dict[str, int]


class TrialOut(BaseModel):
    """A version tried on past cases beside the one in force (`present`)."""

    state: Literal["queued", "running", "done", "failed"]
    present_version: str
    would: int
    present: int
    gained: int
    lost: int
    cases: list[TrialCaseOut]


def _default_out(rule: Rule, *, in_force: bool) -> RuleOut:
    return RuleOut(
        id=None,
        version=rule.version,
        disease=rule.disease,
        area=rule.area,
        state="default",
        in_force=in_force,
        reason=None,
        body=rule.body(),
    )


def rule_out(row: Row[Any], current: Rule) -> RuleOut:
    """A kept version as JSON."""
    return RuleOut(
        id=row.id,
        version=str(row.id),
        disease=row.disease,
        area=row.area,
        state="draft" if row.published_at is None else "published",
        in_force=current.id == row.id,
        reason=row.reason,
        body=row.body,
    )


def trial_out(trial: Trial) -> TrialOut:
    """A trial as JSON."""
    return TrialOut(
        state=trial.row.state,
        present_version=trial.row.present,
        would=trial.would,
        present=trial.present,
        gained=trial.gained,
        lost=trial.lost,
        cases=[
            TrialCaseOut(
                case_code=case.case_code,
                would=case.would,
                present=case.present,
                gained=case.gained,
                lost=case.lost,
                kinds=case.kinds,
            )
            for case in trial.cases
        ],
    )


@router.get("")
async def list_rules(
    _viewer: Officer,
    connection: Transaction,
    disease: Annotated[str, Query(max_length=40)],
    area: Annotated[str, Query(max_length=20)] = "VN",
) -> RuleList:
    """All versions of a disease, the newest first; `in_force` is said for `area`."""
    current = await service.rule_in_force(connection, disease, area)
    rows = await versions.versions(connection, disease)
    items = [rule_out(row, current) for row in rows]
    items.append(_default_out(default_rule(disease), in_force=current.id is None))
    return RuleList(items=items)


@router.post("", status_code=201)
async def draft_rule(body: NewRule, viewer: Admin, connection: Transaction) -> RuleOut:
    """Draft a version; it is in force only when it was tried and published."""
    made = await service.draft(
        connection,
        viewer,
        disease=body.disease,
        area=body.area,
        body=body.body.model_dump(),
        reason=body.reason,
    )
    return await _read(connection, made)


async def _read(connection: Transaction, rule_id: int) -> RuleOut:
    row = await service.access_version(connection, rule_id)
    return rule_out(row, await service.rule_in_force(connection, row.disease, row.area))


@router.get("/{rule_id}")
async def read_rule(rule_id: Id, _viewer: Officer, connection: Transaction) -> RuleOut:
    """One version, in force or not: warnings that it made can always be explained."""
    return await _read(connection, rule_id)


@router.post("/{rule_id}/trials", status_code=202)
async def try_rule(rule_id: Id, viewer: Admin, connection: Transaction) -> dict[str, str]:
    """Try a version on past cases; ask for the trial until it is done."""
    await service.start_trial(connection, viewer, rule_id)
    return {"state": "queued"}


@router.get("/{rule_id}/trial", response_model=None)
async def read_trial(
    request: Request, rule_id: Id, _viewer: Admin, connection: Transaction
) -> TrialOut | Response:
    """The newest trial of a version: whom it would have warned, case by case (JSON or CSV)."""
    await service.access_version(connection, rule_id)
    trial = await service.newest_trial(connection, rule_id)
    if trial is None:
        raise NotFound
    shape = shape_of(request)
    if shape == "json":
        return trial_out(trial)
    return trial_file(trial, rule_id, shape)


def trial_file(trial: Trial, rule_id: int, shape: Literal["csv", "ndjson"]) -> Response:
    """A trial as a file, a row a case."""

    async def rows() -> Any:  # noqa: ANN401 - an async generator of rows
        for case in trial.cases:
            yield (
                case.case_code,
                case.would,
                case.present,
                case.gained,
                case.lost,
                *(case.kinds.get(kind, 0) for kind in ("watch", "test", "stay_home", "call_me")),
            )

    header = (
        "case",
        "would_warn",
        "warns_now",
        "gained",
        "lost",
        "watch",
        "test",
        "stay_home",
        "call_me",
    )
    return export(shape, f"rule-{rule_id}", header, rows())


@router.post("/{rule_id}/publish")
async def publish_rule(rule_id: Id, viewer: Admin, connection: Transaction) -> RuleOut:
    """Put a version in force: traces asked for from now on, and their warnings, go by it."""
    await service.publish(connection, viewer, rule_id)
    return await _read(connection, rule_id)
