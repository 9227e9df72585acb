"""Routes of criteria: the sets in force for everybody, their versions for officials."""

import asyncio
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from lachan.kit.http.access import Transaction, Viewer, anyone, officer
from lachan.safety import wording
from lachan.safety.criteria import service, sheets, store
from lachan.safety.criteria.rules import rules_to

router = APIRouter(prefix="/api/v1/criteria", tags=["safety"])

FILES: Final = "/api/v1/criteria/files"
FILE_BYTES: Final = 1_048_576
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Admin = Annotated[Viewer, Depends(officer("admin"))]
SetId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class CriteriaListed(BaseModel):
    """One version of a set."""

    id: int
    code: str
    version: str
    title: dict[str, str]
    kinds: list[str]
    area: str
    source: str
    verified: bool
    valid_from: date
    state: store.State


class CriteriaList(BaseModel):
    criteria: list[CriteriaListed]


class ItemOut(BaseModel):
    """One criterion, in all its languages."""

    code: str
    chapter: dict[str, str]
    moment: str
    wording: dict[str, str]
    points: int
    graded: bool
    compulsory: bool
    evidence: str


class CriteriaOut(CriteriaListed):
    """A version with its criteria and rules."""

    items: list[ItemOut]
    rules: dict[str, Any]
    repair_hours: int | None


class ContradictionOut(BaseModel):
    code: str
    where: str
    text: str


class RowErrorOut(BaseModel):
    sheet: str
    line: int
    column: str
    text: str


class CriteriaChecked(BaseModel):
    """What a file holds; `id` of the draft that was kept, when it was to be and could be read."""

    id: int | None
    errors: list[RowErrorOut]
    contradictions: list[ContradictionOut]


def _listed(kept: store.Kept) -> dict[str, Any]:
    one = kept.criteria
    return {
        "id": one.id,
        "code": one.code,
        "version": one.version,
        "title": dict(one.title),
        "kinds": list(one.kinds),
        "area": one.area,
        "source": one.source,
        "verified": one.verified,
        "valid_from": one.valid_from,
        "state": kept.state,
    }


@router.get("", dependencies=[Depends(anyone)])
async def list_criteria(connection: Transaction) -> CriteriaList:
    """Every published version, and to admins the drafts of their areas."""
    return CriteriaList(
        criteria=[CriteriaListed(**_listed(one)) for one in await store.listed(connection)]
    )


@router.get("/{set_id}", dependencies=[Depends(anyone)])
async def read_criteria(set_id: SetId, connection: Transaction) -> CriteriaOut:
    """One version with its criteria and rules."""
    kept = await service.access_set(connection, set_id)
    return CriteriaOut(
        **_listed(kept),
        items=[
            ItemOut(
                code=one.code,
                chapter=dict(one.chapter),
                moment=one.moment,
                wording=dict(one.wording),
                points=one.points,
                graded=one.graded,
                compulsory=one.compulsory,
                evidence=one.evidence,
            )
            for one in kept.criteria.items
        ],
        rules=rules_to(kept.criteria.rules),
        repair_hours=kept.criteria.repair_hours,
    )


@router.get(
    "/{set_id}/file.xlsx",
    dependencies=[Depends(anyone)],
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
)
async def criteria_file(set_id: SetId, connection: Transaction) -> Response:
    """One version as Excel, to be edited and uploaded as another."""
    return await file_of(connection, set_id)


async def file_of(connection: Transaction, set_id: int) -> Response:
    """The file of a version. Raises `NotFound`."""
    kept = await service.access_set(connection, set_id)
    name = f"{kept.criteria.code}-{kept.criteria.id}.xlsx"
    return Response(
        await asyncio.to_thread(sheets.write, kept.criteria),
        media_type=XLSX,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.post("/files")
async def check_criteria(
    request: Request,
    viewer: Admin,
    *,
    dry_run: Annotated[bool, Query(description="Only look; keep nothing")] = True,
) -> CriteriaChecked:
    """Check an Excel file (the body as it is); without `dry_run` keep it as a draft."""
    raw = await request.body()
    # Opened here, not by the route: a slow sender holds no connection.
    async with request.app.state.storage.transaction(viewer.token) as connection:
        found = await service.read_file(connection, viewer, raw, keep=not dry_run)
    lang = wording.language_of(request)
    say = request.app.state.catalogs.translate
    return CriteriaChecked(
        id=found.id,
        errors=[
            RowErrorOut(
                sheet=one.sheet,
                line=one.line,
                column=one.column,
                text=say(lang, f"safety-row-{one.code}"),
            )
            for one in found.errors
        ],
        contradictions=[
            ContradictionOut(
                code=one.code,
                where=one.where,
                text=say(lang, f"safety-contradiction-{one.code}"),
            )
            for one in found.contradictions
        ],
    )


@router.post("/{set_id}/publish")
async def publish_criteria(set_id: SetId, viewer: Admin, connection: Transaction) -> CriteriaListed:
    """Put a draft of an area that you administer in force."""
    await service.publish(connection, viewer, set_id)
    return CriteriaListed(**_listed(await service.access_set(connection, set_id)))


@router.post("/{set_id}/withdraw")
async def withdraw_criteria(
    set_id: SetId, viewer: Admin, connection: Transaction
) -> CriteriaListed:
    """Take a version out of force."""
    await service.withdraw(connection, viewer, set_id)
    return CriteriaListed(**_listed(await service.access_set(connection, set_id)))
