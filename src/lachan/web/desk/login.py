"""How an officer signs in on pages: password, then the second factor, which a new officer sets up.

Between the two a half-way session travels in a cookie of its own, which only these pages get.
"""

import base64
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from lachan.identity.domain import local_path
from lachan.identity.errors import PasswordWeak, SignInFailed
from lachan.identity.limits import address_of, limits_of
from lachan.identity.officers import secrets, sign_in
from lachan.identity.officers.sign_in import SignedIn
from lachan.identity.officers.store import Self
from lachan.kit.crypto import SealBroken
from lachan.kit.http.access import AnyViewer, anyone
from lachan.web.desk.totp import qr_picture
from lachan.web.rendering import language_of, page
from lachan.web.sealed_cookie import Draft, read_draft, write_draft
from lachan.web.session_cookie import give_session

router = APIRouter(prefix="/desk/login", include_in_schema=False)

DESK = "/desk"
PENDING = Draft("lachan_pending", path="/desk/login", minutes=sign_in.PENDING_MINUTES)


def _refusal(request: Request) -> dict[str, str]:
    translate = request.app.state.catalogs.translate
    return {"": translate(language_of(request), "error-sign-in-failed")}


def _again() -> Response:
    response = RedirectResponse("/desk/login", status_code=303)
    response.delete_cookie(PENDING.name, path=PENDING.path)
    return response


@router.get("")
def ask_password(request: Request, viewer: AnyViewer, next: str = "") -> Response:  # noqa: A002
    """Login and password."""
    target = local_path(next, DESK)
    if viewer is not None and viewer.kind == "officer":
        return RedirectResponse(target, status_code=303)
    return page(request, "identity/desk_login.html", next=target, login="", errors={})


@router.post("", dependencies=[Depends(anyone)])
async def take_password(
    request: Request,
    login: Annotated[str, Form(max_length=64)] = "",
    password: Annotated[str, Form(max_length=256)] = "",
    next: Annotated[str, Form(max_length=500)] = "",  # noqa: A002
) -> Response:
    """A right password opens the way to the second factor."""
    limits_of(request).officers.check(address_of(request))
    state = request.app.state
    async with state.storage.transaction() as connection:
        begun = await sign_in.begin(connection, state.keyring, state.settings, login, password)
    target = local_path(next, DESK)
    if begun is None:
        return page(
            request,
            "identity/desk_login.html",
            status=422,
            next=target,
            login=login,
            errors=_refusal(request),
        )
    step = "code" if begun.has_second_factor else "setup"
    response = RedirectResponse(f"/desk/login/{step}", status_code=303)
    write_draft(response, request, PENDING, {"token": begun.token, "next": target})
    return response


def _enter(request: Request, signed: SignedIn, target: str) -> Response:
    response = RedirectResponse(local_path(target, DESK), status_code=303)
    hours = request.app.state.settings.identity.officer_session_hours
    give_session(response, request, signed.token, seconds=hours * 3600)
    response.delete_cookie(PENDING.name, path=PENDING.path)
    return response


@router.get("/code", dependencies=[Depends(anyone)])
async def ask_code(request: Request) -> Response:
    """The authenticator's code, or a passkey."""
    draft = read_draft(request, PENDING)
    if draft is None:
        return _again()
    async with request.app.state.storage.transaction(draft["token"]) as connection:
        try:
            account = await sign_in.access_self(connection)
        except SignInFailed:
            return _again()
    return page(
        request,
        "identity/desk_code.html",
        has_totp=account.totp_sealed is not None,
        has_passkey=account.has_passkey,
        errors={},
    )


@router.post("/code", dependencies=[Depends(anyone)])
async def take_code(request: Request, totp: Annotated[str, Form(max_length=10)] = "") -> Response:
    """A right code lets in."""
    limits_of(request).officers.check(address_of(request))
    draft = read_draft(request, PENDING)
    if draft is None:
        return _again()
    state = request.app.state
    async with state.storage.transaction(draft["token"]) as connection:
        signed = await sign_in.finish_with_totp(
            connection, state.keyring, state.settings, "".join(totp.split())
        )
    if signed is None:
        sentence = state.catalogs.translate(language_of(request), "identity-field-totp")
        return page(
            request,
            "identity/desk_code.html",
            status=422,
            has_totp=True,
            has_passkey=False,
            errors={"totp": sentence},
        )
    return _enter(request, signed, draft["next"])


def _setup_page(
    request: Request,
    account: Self,
    secret: str,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    keyring = request.app.state.keyring
    sealed = keyring.seal(secret.encode(), about=f"totp_draft:{account.id}")
    return page(
        request,
        "identity/desk_setup.html",
        status=422 if errors else 200,
        account=account,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        picture=qr_picture(secrets.totp_uri(secret, account.login)),
        draft=base64.urlsafe_b64encode(sealed).decode(),
        least=secrets.SHORTEST_PASSWORD,
        errors=errors or {},
    )


@router.get("/setup", dependencies=[Depends(anyone)])
async def ask_setup(request: Request) -> Response:
    """First sign-in: an own password and an authenticator."""
    draft = read_draft(request, PENDING)
    if draft is None:
        return _again()
    async with request.app.state.storage.transaction(draft["token"]) as connection:
        try:
            account = await sign_in.access_self(connection)
        except SignInFailed:
            return _again()
    if account.has_second_factor:
        return RedirectResponse("/desk/login/code", status_code=303)
    return _setup_page(request, account, secrets.new_totp_secret())


@router.post("/setup", dependencies=[Depends(anyone)])
async def take_setup(
    request: Request,
    draft: Annotated[str, Form(max_length=1000)] = "",
    totp: Annotated[str, Form(max_length=10)] = "",
    password: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Take password and authenticator into use, both or neither, and let in."""
    limits_of(request).officers.check(address_of(request))
    pending = read_draft(request, PENDING)
    if pending is None:
        return _again()
    state = request.app.state
    lang = language_of(request)
    async with state.storage.transaction(pending["token"]) as connection:
        try:
            account = await sign_in.access_self(connection)
            secret = state.keyring.unseal(
                base64.urlsafe_b64decode(draft), about=f"totp_draft:{account.id}"
            ).decode()
        except (SignInFailed, SealBroken, ValueError):
            return _again()
        errors = {}
        if account.password_temporary:
            try:
                secrets.check_password(password, account.login)
            except PasswordWeak as problem:
                errors["password"] = state.catalogs.translate(
                    lang, "error-password-weak", **problem.params
                )
        if secrets.totp_step(secret, "".join(totp.split())) is None:
            errors["totp"] = state.catalogs.translate(lang, "identity-field-totp")
        if errors:
            return _setup_page(request, account, secret, errors=errors)
        if account.password_temporary:
            await sign_in.change_password(connection, account, None, password)
        await sign_in.enrol_totp(connection, state.keyring, account, secret, "".join(totp.split()))
        signed = await sign_in.finish_setup(connection, state.keyring, state.settings, account)
    return _enter(request, signed, pending["next"])
