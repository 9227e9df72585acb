"""An officer's own sign-in: password, authenticator, passkeys, sessions."""

import base64
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from lachan.identity import sessions
from lachan.identity.errors import LastFactor, PasswordWeak
from lachan.identity.officers import passkeys, secrets, sign_in
from lachan.identity.officers.store import Self
from lachan.kit.crypto import SealBroken
from lachan.kit.errors import BadRequest
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.web.desk.confirm import confirm_with
from lachan.web.desk.totp import qr_picture
from lachan.web.rendering import language_of, page
from lachan.web.session_cookie import drop_session

router = APIRouter(prefix="/desk/security", include_in_schema=False)

AnyOfficer = Annotated[Viewer, Depends(officer())]


async def _security_page(
    request: Request,
    connection: Transaction,
    *,
    errors: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    account = await sign_in.access_self(connection)
    return page(
        request,
        "identity/security.html",
        status=422 if errors else 200,
        account=account,
        passkeys=[
            (base64.urlsafe_b64encode(one.credential_id).decode().rstrip("="), one)
            for one in await passkeys.own_passkeys(connection)
        ],
        least=secrets.SHORTEST_PASSWORD,
        fresh=await sessions.is_fresh(connection),
        errors=errors or {},
        done=done if done in {"password", "totp", "passkey", "removed"} else "",
    )


@router.get("")
async def security(
    request: Request,
    _viewer: AnyOfficer,
    connection: Transaction,
    done: str = "",
) -> Response:
    """What the officer signs in with."""
    return await _security_page(request, connection, done=done)


@router.post("/confirm")
async def confirm(
    request: Request,
    viewer: AnyOfficer,
    typed: Annotated[str, Form(alias="confirm", max_length=300)] = "",
) -> Response:
    """Take the password once more; for the next minutes factors may be changed."""
    state = request.app.state
    if await confirm_with(request, viewer, typed):
        return RedirectResponse("/desk/security", status_code=303)
    sentence = state.catalogs.translate(language_of(request), "identity-field-old-password")
    async with state.storage.transaction(viewer.token) as connection:
        return await _security_page(request, connection, errors={"confirm": sentence})


@router.post("/password")
async def change_password(
    request: Request,
    _viewer: AnyOfficer,
    connection: Transaction,
    old: Annotated[str, Form(max_length=300)] = "",
    password: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Change the password, for who knows the old one."""
    catalogs, lang = request.app.state.catalogs, language_of(request)
    account = await sign_in.access_self(connection)
    try:
        changed = await sign_in.change_password(connection, account, old, password)
    except PasswordWeak as problem:
        sentence = catalogs.translate(lang, "error-password-weak", **problem.params)
        return await _security_page(request, connection, errors={"password": sentence})
    if not changed:
        sentence = catalogs.translate(lang, "identity-field-old-password")
        return await _security_page(request, connection, errors={"old": sentence})
    request.app.state.sessions.forget_all()
    return RedirectResponse("/desk/security?done=password", status_code=303)


def _totp_page(
    request: Request, account: Self, secret: str, errors: dict[str, str] | None = None
) -> Response:
    sealed = request.app.state.keyring.seal(secret.encode(), about=f"totp_draft:{account.id}")
    return page(
        request,
        "identity/security_totp.html",
        status=422 if errors else 200,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        picture=qr_picture(secrets.totp_uri(secret, account.login)),
        draft=base64.urlsafe_b64encode(sealed).decode(),
        errors=errors or {},
    )


@router.get("/totp")
async def ask_totp(request: Request, _viewer: AnyOfficer, connection: Transaction) -> Response:
    """A fresh secret to take over into an authenticator app."""
    account = await sign_in.access_self(connection)
    if not await sessions.is_fresh(connection):
        return RedirectResponse("/desk/security", status_code=303)
    return _totp_page(request, account, secrets.new_totp_secret())


@router.post("/totp")
async def take_totp(
    request: Request,
    _viewer: AnyOfficer,
    connection: Transaction,
    draft: Annotated[str, Form(max_length=1000)] = "",
    totp: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Use the authenticator from now on, once it has shown a right code."""
    state = request.app.state
    account = await sign_in.access_self(connection)
    try:
        secret = state.keyring.unseal(
            base64.urlsafe_b64decode(draft), about=f"totp_draft:{account.id}"
        ).decode()
    except (SealBroken, ValueError):
        raise BadRequest from None
    code = "".join(totp.split())
    if not await sign_in.enrol_totp(connection, state.keyring, account, secret, code):
        sentence = state.catalogs.translate(language_of(request), "identity-field-totp")
        return _totp_page(request, account, secret, {"totp": sentence})
    return RedirectResponse("/desk/security?done=totp", status_code=303)


@router.post("/totp/remove")
async def remove_totp(request: Request, viewer: AnyOfficer, connection: Transaction) -> Response:
    """Stop using the authenticator, where a passkey is left."""
    try:
        await sign_in.remove_totp(connection, viewer)
    except LastFactor:
        sentence = request.app.state.catalogs.translate(language_of(request), "error-last-factor")
        return await _security_page(request, connection, errors={"": sentence})
    return RedirectResponse("/desk/security?done=removed", status_code=303)


@router.post("/passkeys/remove")
async def remove_passkey(
    request: Request,
    viewer: AnyOfficer,
    connection: Transaction,
    credential: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Remove a passkey, where another second factor is left."""
    try:
        await passkeys.remove(connection, viewer, credential)
    except LastFactor:
        sentence = request.app.state.catalogs.translate(language_of(request), "error-last-factor")
        return await _security_page(request, connection, errors={"": sentence})
    return RedirectResponse("/desk/security?done=removed", status_code=303)


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(
    request: Request, viewer: AnyOfficer, connection: Transaction
) -> Response:
    """End the officer's sessions on all devices."""
    await request.app.state.sessions.revoke_all(connection, viewer)
    response = RedirectResponse("/desk/login", status_code=303)
    drop_session(response, request)
    return response
