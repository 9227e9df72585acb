"""My data: what is kept, who opened it and why, take it away, delete it."""

from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.areas.domain import Level
from lachan.identity import residents, trail
from lachan.identity.domain import shown_phone
from lachan.identity.errors import AreaUnknown, HouseholdFull, NameMissing
from lachan.kit.clock import now
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.web.actions import say_action
from lachan.web.rendering import language_of, page
from lachan.web.session_cookie import drop_session

router = APIRouter(prefix="/me", include_in_schema=False)

_OPENINGS_A_PAGE = 20
_FIRST_YEAR = 1900
RELATIONS = ("child", "parent", "spouse", "grandparent", "other")
PersonId = Annotated[int, Path(ge=1, lt=2**63)]


def _said(request: Request, fields: dict[str, str]) -> dict[str, str]:
    lang = language_of(request)
    translate = request.app.state.catalogs.translate
    return {name: translate(lang, key) for name, key in fields.items()}


def _year(typed: str) -> int | None:
    """The year of birth; 0 stands for something that is none."""
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not _FIRST_YEAR <= int(text[:6]) <= now().year:
        return 0
    return int(text)


@router.get("")
async def me(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """Everything kept about the reader, and what can be done with it."""
    profile = await residents.access_profile(connection, request.app.state.keyring, viewer)
    return page(
        request,
        "identity/me.html",
        profile=profile,
        phone=shown_phone(profile.phone) if profile.phone else None,
        openings=await trail.openings(connection, viewer.person, limit=1),
        kept_days=request.app.state.settings.retention.visit_days,
    )


@router.get("/name")
async def ask_name(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """Form for name and year of birth."""
    profile = await residents.access_profile(connection, request.app.state.keyring, viewer)
    return page(
        request,
        "identity/me_name.html",
        name=profile.name or "",
        birth_year=profile.birth_year or "",
        errors={},
    )


@router.post("/name")
async def take_name(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    name: Annotated[str, Form(max_length=300)] = "",
    birth_year: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep them; empty removes."""
    year = _year(birth_year)
    if year == 0:
        return page(
            request,
            "identity/me_name.html",
            status=422,
            name=name,
            birth_year=birth_year,
            errors=_said(request, {"birth_year": "identity-field-year"}),
        )
    await residents.change_profile(
        connection,
        request.app.state.keyring,
        viewer,
        {"name": name.strip() or None, "birth_year": year},
    )
    return RedirectResponse("/me", status_code=303)


@router.get("/home")
async def ask_home(
    request: Request,
    viewer: ResidentViewer,  # noqa: ARG001 - says who may ask
    connection: Transaction,
    q: str = "",
) -> Response:
    """Search for the ward, then choose it."""
    typed = q[:80]
    hits = await areas.search(connection, typed, level=Level.WARD) if typed.strip() else []
    return page(request, "identity/me_home.html", q=typed, hits=hits, errors={})


@router.post("/home")
async def take_home(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    area: Annotated[str, Form(max_length=20)] = "",
    q: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Keep the ward; empty removes it."""
    try:
        await residents.change_profile(
            connection, request.app.state.keyring, viewer, {"home_area": area or None}
        )
    except AreaUnknown:
        hits = await areas.search(connection, q, level=Level.WARD) if q.strip() else []
        return page(
            request,
            "identity/me_home.html",
            status=422,
            q=q,
            hits=hits,
            errors=_said(request, {"area": "identity-field-area"}),
        )
    return RedirectResponse("/me", status_code=303)


@router.get("/household/add")
def ask_member(request: Request, viewer: ResidentViewer) -> Response:  # noqa: ARG001 - as above
    """Form for somebody of the household who has no phone."""
    return page(
        request,
        "identity/me_member.html",
        name="",
        birth_year="",
        relation="",
        relations=RELATIONS,
        errors={},
    )


@router.post("/household/add")
async def take_member(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    name: Annotated[str, Form(max_length=300)] = "",
    birth_year: Annotated[str, Form(max_length=20)] = "",
    relation: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Add them."""
    year = _year(birth_year)
    errors = {"birth_year": "identity-field-year"} if year == 0 else {}
    if not errors:
        try:
            await residents.add_member(
                connection,
                request.app.state.keyring,
                viewer,
                name=name,
                birth_year=year,
                relation=relation if relation in RELATIONS else None,
            )
        except NameMissing:
            errors = {"name": "identity-field-name"}
        except HouseholdFull:
            errors = {"name": "identity-field-household-full"}
    if errors:
        return page(
            request,
            "identity/me_member.html",
            status=422,
            name=name,
            birth_year=birth_year,
            relation=relation,
            relations=RELATIONS,
            errors=_said(request, errors),
        )
    return RedirectResponse("/me", status_code=303)


@router.post("/household/{person_id}/remove")
async def remove_member(
    viewer: ResidentViewer, connection: Transaction, person_id: PersonId
) -> Response:
    """Remove them with everything kept about them."""
    await residents.remove_member(connection, viewer, person_id)
    return RedirectResponse("/me", status_code=303)


@router.get("/openings")
async def openings(
    request: Request, viewer: ResidentViewer, connection: Transaction, cursor: str | None = None
) -> Response:
    """Who opened my data and why."""
    key = decode_cursor(cursor, 1)
    before = key[0] if key and isinstance(key[0], int) else None
    found = await trail.openings(
        connection, viewer.person, before=before, limit=_OPENINGS_A_PAGE + 1
    )
    shown = found[:_OPENINGS_A_PAGE]
    more = len(found) > _OPENINGS_A_PAGE
    return page(
        request,
        "identity/openings.html",
        openings=shown,
        say_action=partial(say_action, request),
        next_url=f"/me/openings?cursor={encode_cursor([shown[-1].id])}" if more else None,
        first_url="/me/openings" if cursor else None,
    )


@router.get("/export")
async def export(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """What is kept, as a file; the diary has an export of its own."""
    profile = await residents.access_profile(connection, request.app.state.keyring, viewer)
    opened = await trail.openings(connection, viewer.person, limit=10_000)
    body = {
        "me": profile,
        "openings": [
            {"at": one.at, "officer": one.officer, "unit": one.unit, "reason": one.reason}
            for one in opened
        ],
    }
    return Response(
        orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z),
        media_type="application/json",
        headers={"content-disposition": 'attachment; filename="lachan-me.json"'},
    )


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(
    request: Request, viewer: ResidentViewer, connection: Transaction
) -> Response:
    """End the reader's sessions on all devices."""
    await request.app.state.sessions.revoke_all(connection, viewer)
    response = RedirectResponse("/login", status_code=303)
    drop_session(response, request)
    return response


@router.get("/delete")
def ask_delete(request: Request, viewer: ResidentViewer) -> Response:  # noqa: ARG001 - as above
    """Ask once more before deleting."""
    return page(request, "identity/me_delete.html", errors={})


@router.post("/delete")
async def take_delete(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    sure: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Delete the account."""
    if sure != "1":
        errors = _said(request, {"sure": "identity-field-sure"})
        return page(request, "identity/me_delete.html", status=422, errors=errors)
    await residents.leave(connection, viewer)
    request.app.state.sessions.forget_person(viewer.person)
    response = page(request, "identity/me_deleted.html", viewer=None)
    drop_session(response, request)
    return response
