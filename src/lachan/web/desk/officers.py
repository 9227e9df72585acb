"""Officers and their roles, for admins, inside their own areas."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.identity.errors import AreaUnknown, LoginTaken, NameMissing
from lachan.identity.officers import service, store
from lachan.identity.officers.schemas import LOGIN_PATTERN
from lachan.kit.errors import NotAllowed
from lachan.kit.http.access import Grant, Transaction, Viewer, officer
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.web.rendering import language_of, page

router = APIRouter(prefix="/desk/officers", include_in_schema=False)

Admin = Annotated[Viewer, Depends(officer("admin"))]
OfficerId = Annotated[int, Path(ge=1, lt=2**63)]
_A_PAGE = 50


def _said(request: Request, fields: dict[str, str]) -> dict[str, str]:
    translate = request.app.state.catalogs.translate
    return {name: translate(language_of(request), key) for name, key in fields.items()}


async def _choices(
    connection: AsyncConnection, viewer: Viewer, within: str
) -> list[tuple[str, str]]:
    """Areas to choose from: `within` (or the admin's own) and what lies directly below."""
    roots = viewer.roots("admin")
    if within and any(within == root or within.startswith(f"{root}.") for root in roots):
        roots = (within,)
    found: list[tuple[str, str]] = []
    for root in roots:
        top = await areas.get(connection, root)
        if top is not None:
            found.append((top.path, top.full_name))
        found += [(below.path, below.full_name) for below in await areas.children(connection, root)]
    return found


@router.get("")
async def list_officers(
    request: Request, viewer: Admin, connection: Transaction, cursor: str | None = None
) -> Response:
    """Who works in the admin's areas, and as what."""
    key = decode_cursor(cursor, 1)
    found = await service.list_officers(
        connection, viewer, after=str(key[0]) if key else None, limit=_A_PAGE + 1
    )
    shown = found[:_A_PAGE]
    more = len(found) > _A_PAGE
    return page(
        request,
        "identity/officers.html",
        officers=shown,
        names=await store.area_names(connection, [g.area for row in shown for g in row.grants]),
        next_url=f"/desk/officers?cursor={encode_cursor([shown[-1].login])}" if more else None,
        first_url="/desk/officers" if cursor else None,
    )


@router.get("/new")
async def ask_officer(
    request: Request, viewer: Admin, connection: Transaction, within: str = ""
) -> Response:
    """Form for a new officer."""
    return await _new_page(request, viewer, connection, {}, {}, within)


async def _new_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    given: dict[str, str],
    errors: dict[str, str],
    within: str = "",
) -> Response:
    return page(
        request,
        "identity/officer_new.html",
        status=422 if errors else 200,
        given={"login": "", "display_name": "", "role": "tracer", "area": "", **given},
        roles=service.ROLES,
        areas=await _choices(connection, viewer, within),
        within=within,
        errors=errors,
    )


@router.post("/new")
async def take_officer(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    login: Annotated[str, Form(max_length=64)] = "",
    display_name: Annotated[str, Form(max_length=300)] = "",
    role: Annotated[str, Form(max_length=40)] = "",
    area: Annotated[str, Form(max_length=20)] = "",
    within: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Make the officer and show the temporary password, this once."""
    given = {"login": login, "display_name": display_name, "role": role, "area": area}
    errors: dict[str, str] = {}
    if not LOGIN_PATTERN.fullmatch(login.strip()):
        errors["login"] = "identity-field-login"
    if not display_name.strip():
        errors["display_name"] = "identity-field-name"
    if role not in service.ROLES:
        errors["role"] = "field-invalid"
    if errors:
        said = _said(request, errors)
        return await _new_page(request, viewer, connection, given, said, within)
    try:
        officer_id, password = await service.create_officer(
            connection, viewer, login=login, name=display_name, role=role, area=area
        )
    except (AreaUnknown, LoginTaken, NameMissing) as problem:
        said = _said(request, problem.fields)
        return await _new_page(request, viewer, connection, given, said, within)
    return _password_page(request, officer_id, login.strip().lower(), password)


def _password_page(request: Request, officer_id: int, login: str, password: str) -> Response:
    return page(
        request,
        "identity/officer_password.html",
        officer_id=officer_id,
        login=login,
        password=password,
    )


async def _one_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    officer_id: int,
    *,
    within: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    row = await service.access_officer(connection, viewer, officer_id)
    return page(
        request,
        "identity/officer.html",
        status=422 if errors else 200,
        officer=row,
        names=await store.area_names(connection, [grant.area for grant in row.grants]),
        manages=await store.manages(connection, officer_id),
        mine=officer_id == viewer.officer,
        roles=service.ROLES,
        areas=await _choices(connection, viewer, within),
        within=within,
        errors=errors or {},
    )


@router.get("/{officer_id}")
async def show_officer(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    officer_id: OfficerId,
    within: str = "",
) -> Response:
    """One officer: roles to give and take, the way in to shut or mend."""
    return await _one_page(request, viewer, connection, officer_id, within=within)


@router.post("/{officer_id}/roles")
async def give_role(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    officer_id: OfficerId,
    role: Annotated[str, Form(max_length=40)] = "",
    area: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Give a role."""
    if role not in service.ROLES:
        raise NotAllowed
    try:
        await service.grant_role(connection, viewer, officer_id, Grant(role, area))
    except AreaUnknown as problem:
        said = _said(request, problem.fields)
        return await _one_page(request, viewer, connection, officer_id, errors=said)
    request.app.state.sessions.forget_all()
    return RedirectResponse(f"/desk/officers/{officer_id}", status_code=303)


@router.post("/{officer_id}/roles/remove")
async def take_role(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    officer_id: OfficerId,
    role: Annotated[str, Form(max_length=40)] = "",
    area: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Take a role away."""
    await service.revoke_role(connection, viewer, officer_id, Grant(role, area))
    request.app.state.sessions.forget_all()
    left = await store.officers(connection, viewer.roots("admin"), one=officer_id, limit=1)
    return RedirectResponse(
        f"/desk/officers/{officer_id}" if left else "/desk/officers", status_code=303
    )


@router.post("/{officer_id}/disable")
async def disable(
    request: Request,
    viewer: Admin,
    connection: Transaction,
    officer_id: OfficerId,
    disabled: Annotated[str, Form(max_length=5)] = "1",
) -> Response:
    """Shut an officer out, or let them in again."""
    await service.disable_officer(connection, viewer, officer_id, disabled=disabled == "1")
    request.app.state.sessions.forget_all()
    return RedirectResponse(f"/desk/officers/{officer_id}", status_code=303)


@router.post("/{officer_id}/reset")
async def reset(
    request: Request, viewer: Admin, connection: Transaction, officer_id: OfficerId
) -> Response:
    """Give a temporary password, shown this once."""
    row = await service.access_officer(connection, viewer, officer_id)
    password = await service.reset_officer(connection, viewer, officer_id)
    request.app.state.sessions.forget_all()
    return _password_page(request, officer_id, row.login, password)
