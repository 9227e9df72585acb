"""Signing in with a phone: two screens, one question each. Also signing out, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from lachan.identity import residents
from lachan.identity.codes import DIGITS
from lachan.identity.domain import local_path, masked_phone
from lachan.identity.errors import PhoneInvalid
from lachan.identity.limits import address_of, limits_of
from lachan.identity.messages import outbox
from lachan.kit.errors import NotFound
from lachan.kit.http.access import AnyViewer, Transaction, anyone
from lachan.visits.devices import keys
from lachan.web.rendering import language_of, page
from lachan.web.sealed_cookie import Draft, read_draft, write_draft
from lachan.web.session_cookie import drop_session, give_session

router = APIRouter(include_in_schema=False)

HOME = "/me"
# The number waits here between the two screens: never in an address, which ends in histories.
_DRAFT = Draft("lachan_login", path="/login", minutes=15)


@router.get("/login")
def ask_phone(request: Request, viewer: AnyViewer, next: str = "") -> Response:  # noqa: A002 - the address says so
    """First screen: the number."""
    target = local_path(next, HOME)
    if viewer is not None and viewer.kind == "resident":
        return RedirectResponse(target, status_code=303)
    return page(request, "identity/login_phone.html", next=target, phone="", errors={})


@router.post("/login", dependencies=[Depends(anyone)])
async def take_phone(
    request: Request,
    connection: Transaction,
    phone: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=500)] = "",  # noqa: A002
) -> Response:
    """Text a code to the number; the next screen is the same whoever it belongs to."""
    limits_of(request).codes.check(address_of(request))
    state = request.app.state
    lang = language_of(request)
    target = local_path(next, HOME)
    try:
        normal = await residents.send_code(
            connection,
            state.keyring,
            state.settings,
            phone,
            texts=limits_of(request).texts,
            catalogs=state.catalogs,
            lang=lang,
        )
    except PhoneInvalid as problem:
        errors = {name: state.catalogs.translate(lang, key) for name, key in problem.fields.items()}
        return page(
            request,
            "identity/login_phone.html",
            status=422,
            next=target,
            phone=phone,
            errors=errors,
        )
    response = RedirectResponse("/login/code", status_code=303)
    write_draft(response, request, _DRAFT, {"phone": normal, "next": target})
    return response


def _code_screen(request: Request, draft: dict[str, str], *, wrong: bool = False) -> Response:
    sentence = request.app.state.catalogs.translate(language_of(request), "identity-field-code")
    return page(
        request,
        "identity/login_code.html",
        status=422 if wrong else 200,
        phone=masked_phone(draft["phone"]),
        next=draft["next"],
        digits=DIGITS,
        minutes=request.app.state.settings.identity.code_minutes,
        outbox=request.app.state.settings.mode == "development"
        and request.app.state.settings.messages.gateway == "outbox",
        errors={"code": sentence} if wrong else {},
    )


@router.get("/login/code", dependencies=[Depends(anyone)])
def ask_code(request: Request) -> Response:
    """Second screen: the code."""
    draft = read_draft(request, _DRAFT)
    if draft is None:
        return RedirectResponse("/login", status_code=303)
    return _code_screen(request, draft)


@router.post("/login/code", dependencies=[Depends(anyone)])
async def take_code(request: Request, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Sign in, then on to where the reader wanted to go."""
    limits_of(request).tries.check(address_of(request))
    draft = read_draft(request, _DRAFT)
    if draft is None:
        return RedirectResponse("/login", status_code=303)
    state = request.app.state
    async with state.storage.transaction() as connection:
        signed = await residents.sign_in(
            connection, state.keyring, state.settings, draft["phone"], code.strip()
        )
    if signed is None:
        return _code_screen(request, draft, wrong=True)
    response = RedirectResponse(local_path(draft["next"], HOME), status_code=303)
    days = state.settings.identity.resident_session_days
    give_session(response, request, signed.token, seconds=days * 86_400)
    response.delete_cookie(_DRAFT.name, path=_DRAFT.path)
    return response


@router.post("/logout")
async def sign_out(request: Request, viewer: AnyViewer, connection: Transaction) -> Response:
    """End this session, whoever's it is."""
    if viewer is not None and viewer.device is not None:
        await keys.leave(connection, viewer)
    if viewer is not None:
        await request.app.state.sessions.revoke(connection, viewer.token)
    officer = viewer is not None and viewer.kind == "officer"
    response = RedirectResponse("/desk/login" if officer else "/", status_code=303)
    drop_session(response, request)
    # What the browser still holds of the pages goes too: the phone may be somebody else's.
    response.headers["clear-site-data"] = '"cache"'
    return response


@router.get("/dev/outbox", dependencies=[Depends(anyone)])
async def show_outbox(request: Request, connection: Transaction) -> Response:
    """In development: the texts that would have been sent, newest first."""
    state = request.app.state
    if state.settings.mode != "development":
        raise NotFound
    part = request.headers.get("hx-request") == "true"
    return page(
        request,
        "identity/outbox_list.html" if part else "identity/outbox.html",
        messages=await outbox.newest(connection, state.keyring),
    )
