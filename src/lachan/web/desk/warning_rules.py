"""Pages on the versions of the rules: which are in force, a new one, its trial, publishing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.diseases import store as versions
from lachan.diseases.profiles import VENTILATIONS, all_profiles, profile_of
from lachan.diseases.rules import MESSAGE_KINDS, REASONS, Rule, default_rule
from lachan.kit.errors import Problem
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.places.kinds import KINDS
from lachan.warnings import errors
from lachan.warnings.rules import service
from lachan.warnings.rules.api import LONGEST_REASON, Id, trial_file
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False, prefix="/desk/warning-rules")

AnyOfficer = Annotated[Viewer, Depends(officer())]
Admin = Annotated[Viewer, Depends(officer(service.ROLE))]
Disease = Annotated[str, Query(max_length=40)]
ROWS = 8
LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the form asks for it: a range of levels and one reason, "" for any."""

    kind: str = ""
    first: int = 1
    last: int = 1
    minutes: str = "0"
    reason: str = ""


def _rows_of(rule: Rule) -> list[StepRow]:
    rows = [
        StepRow(step.kind, min(step.levels), max(step.levels), str(step.minutes), reason)
        for step in rule.steps
        for reason in (step.reasons or ("",))
    ]
    return (rows + [StepRow()] * ROWS)[: max(ROWS, len(rows))]


def _typed_of(rule: Rule) -> dict[str, Any]:
    place = rule.same_place_minutes
    return {
        "same_room_minutes": str(rule.same_room_minutes),
        "same_place_minutes": "" if place is None else str(place),
        **{f"air_{name}": str(rule.lingering_minutes[name]) for name in VENTILATIONS},
        "mode": rule.mode,
        "kinds": list(rule.kinds),
        "levels": [str(level) for level in rule.levels],
        "usual_levels": [str(level) for level in rule.usual_levels],
        "steps": _rows_of(rule),
        "reason": "",
        "area": rule.area,
    }


def _number(text: str) -> int | None:
    """A typed number; None when nothing was typed, -1 (which no rule takes) for anything else."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) <= 5 else -1  # noqa: PLR2004 - a day has 1440


def _level(text: str) -> int:
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _typed(form: Mapping[str, Any], many: Any) -> dict[str, Any]:  # noqa: ANN401 - FormData.getlist
    steps = [
        StepRow(
            str(form.get(f"step_{n}_kind", "")),
            _level(str(form.get(f"step_{n}_first", "1"))),
            _level(str(form.get(f"step_{n}_last", "1"))),
            str(form.get(f"step_{n}_minutes", "0")),
            str(form.get(f"step_{n}_reason", "")),
        )
        for n in range(1, ROWS + 1)
    ]
    return {
        **{
            name: str(form.get(name, ""))
            for name in (
                "same_room_minutes",
                "same_place_minutes",
                *(f"air_{name}" for name in VENTILATIONS),
                "mode",
                "reason",
                "area",
            )
        },
        "kinds": [str(one) for one in many("kinds") if one in KINDS.by_code],
        "levels": [str(one) for one in many("levels")],
        "usual_levels": [str(one) for one in many("usual_levels")],
        "steps": steps,
    }


def _body(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "same_room_minutes": _number(typed["same_room_minutes"]),
        "same_place_minutes": _number(typed["same_place_minutes"]),
        "lingering_minutes": {name: _number(typed[f"air_{name}"]) for name in VENTILATIONS},
        "mode": typed["mode"],
        "kinds": typed["kinds"],
        "levels": [_level(one) for one in typed["levels"]],
        "usual_levels": [_level(one) for one in typed["usual_levels"]],
        "steps": [
            {
                "kind": row.kind,
                "levels": list(range(row.first, row.last + 1)),
                "minutes": _number(row.minutes or "0"),
                "reasons": [row.reason] if row.reason else [],
            }
            for row in typed["steps"]
            if row.kind
        ],
    }


@router.get("")
async def list_versions(
    request: Request, viewer: AnyOfficer, connection: Transaction, disease: Disease = ""
) -> Response:
    """All versions of a disease's rules, and which is in force where."""
    profile = profile_of(disease) if disease else all_profiles()[0]
    roots = [*dict.fromkeys(["VN", *viewer.roots()])]
    made = await versions.versions(connection, profile.code)
    paths = dict.fromkeys([*roots, *(row.area for row in made)])
    areas_named = {path: await areas.get(connection, path) for path in paths}
    return page(
        request,
        "warnings/rules_list.html",
        disease=profile.code,
        diseases=[(one.code, one.name_key) for one in all_profiles()],
        in_force=[
            (path, await service.rule_in_force(connection, profile.code, path)) for path in roots
        ],
        names={path: found.full_name for path, found in areas_named.items() if found is not None},
        versions=made,
        default=default_rule(profile.code),
        may_write=bool(service.areas_of(viewer)),
    )


@router.get("/default")
async def show_default(
    request: Request, _viewer: AnyOfficer, connection: Transaction, disease: Disease
) -> Response:
    """The version that comes with the program."""
    del connection
    return page(
        request,
        "warnings/rules_one.html",
        rule=default_rule(disease),
        row=None,
        trial=None,
        mine=False,
        in_force=False,
        errors={},
    )


@router.get("/new")
async def ask_version(
    request: Request, viewer: Admin, connection: Transaction, disease: Disease, base: int = 0
) -> Response:
    """Form for a new version, filled with the one in force or with version `base`."""
    profile_of(disease)
    roots = service.areas_of(viewer)
    if base:
        rule = versions.rule_of(await service.access_version(connection, base))
    else:
        rule = await service.rule_in_force(connection, disease, roots[0] if roots else "VN")
    return await _form(request, viewer, connection, disease, _typed_of(rule), {})


async def _form(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    disease: str,
    typed: Mapping[str, Any],
    shown: Mapping[str, str],
) -> Response:
    named = [await areas.get(connection, root) for root in service.areas_of(viewer)]
    return page(
        request,
        "warnings/rules_new.html",
        status=422 if shown else 200,
        errors=shown,
        disease=disease,
        areas=[(one.path, one.full_name) for one in named if one is not None],
        typed=typed,
        ventilations=VENTILATIONS,
        place_kinds=[(kind.code, kind.name_key) for kind in KINDS.by_code.values()],
        message_kinds=MESSAGE_KINDS,
        reasons=REASONS,
        level_numbers=LEVELS,
        longest=LONGEST_REASON,
    )


@router.post("")
async def make_version(request: Request, viewer: Admin, disease: Disease) -> Response:
    """Keep a draft of a version and try it on past cases."""
    form = await request.form()
    typed = _typed(dict(form.items()), form.getlist)
    translate = request.app.state.catalogs.translate
    lang = language_of(request)
    reason = typed["reason"].strip()
    shown = {}
    if not reason or len(reason) > LONGEST_REASON:
        shown["reason"] = translate(lang, "field-too-long" if reason else "field-missing")
    # Opened here, not by the route: a slow sender holds no connection.
    storage = request.app.state.storage
    try:
        async with storage.transaction(viewer.token) as connection:
            made = await service.draft(
                connection,
                viewer,
                disease=disease,
                area=typed["area"],
                body=_body(typed),
                reason=reason or "-",
            )
            if shown:
                raise errors.RuleWrong(fields={})  # noqa: TRY301 - undoes the draft
            await service.start_trial(connection, viewer, made)
    except errors.RuleWrong as wrong:
        shown |= {name: translate(lang, key) for name, key in wrong.fields.items()}
        async with storage.transaction(viewer.token) as connection:
            return await _form(request, viewer, connection, disease, typed, shown)
    return RedirectResponse(f"/desk/warning-rules/{made}", status_code=303)


@router.get("/{rule_id}")
async def show_version(
    request: Request, viewer: AnyOfficer, connection: Transaction, rule_id: Id
) -> Response:
    """One version: what it says, whom it would have warned, and the button that publishes it."""
    return await _one(request, viewer, connection, rule_id)


async def _one(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    rule_id: int,
    *,
    refused: Problem | None = None,
) -> Response:
    row = await service.access_version(connection, rule_id)
    current = await service.rule_in_force(connection, row.disease, row.area)
    shown = {}
    if refused is not None:
        translate = request.app.state.catalogs.translate
        shown[""] = translate(language_of(request), f"error-{refused.code}")
    return page(
        request,
        "warnings/rules_one.html",
        status=refused.status if refused else 200,
        errors=shown,
        rule=versions.rule_of(row),
        row=row,
        trial=await service.newest_trial(connection, rule_id),
        mine=any(
            row.area == root or row.area.startswith(f"{root}.")
            for root in viewer.roots(service.ROLE)
        ),
        in_force=current.id == row.id,
    )


@router.get("/{rule_id}/trial")
async def show_trial(
    request: Request, _viewer: Admin, connection: Transaction, rule_id: Id
) -> Response:
    """The trial as a fragment that its page asks for until it is done."""
    row = await service.access_version(connection, rule_id)
    return page(
        request,
        "warnings/rules_trial.html",
        row=row,
        trial=await service.newest_trial(connection, rule_id),
    )


@router.get("/{rule_id}/trial.csv")
async def save_trial(_viewer: Admin, connection: Transaction, rule_id: Id) -> Response:
    """The trial as a file, a row a case."""
    await service.access_version(connection, rule_id)
    trial = await service.newest_trial(connection, rule_id)
    if trial is None:
        raise errors.RuleUntried
    return trial_file(trial, rule_id, "csv")


@router.post("/{rule_id}/trial")
async def try_again(viewer: Admin, connection: Transaction, rule_id: Id) -> Response:
    """Try the version on past cases again."""
    await service.start_trial(connection, viewer, rule_id)
    return RedirectResponse(f"/desk/warning-rules/{rule_id}#trial", status_code=303)


@router.post("/{rule_id}/publish")
async def publish(
    request: Request, viewer: Admin, connection: Transaction, rule_id: Id
) -> Response:
    """Put a version in force."""
    try:
        async with connection.begin_nested():
            await service.publish(connection, viewer, rule_id)
    except (errors.RuleUntried, errors.RulePublished) as refused:
        return await _one(request, viewer, connection, rule_id, refused=refused)
    return RedirectResponse(f"/desk/warning-rules/{rule_id}", status_code=303)
