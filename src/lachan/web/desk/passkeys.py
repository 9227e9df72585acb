"""What the passkey script on the pages talks to: options out, the authenticator's answer in."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from lachan.identity.domain import local_path
from lachan.identity.limits import address_of, limits_of
from lachan.identity.officers import passkeys, sign_in
from lachan.kit.http.access import Transaction, Viewer, anyone, officer
from lachan.web.session_cookie import give_session

router = APIRouter(include_in_schema=False)

AnyOfficer = Annotated[Viewer, Depends(officer())]


class AnswerIn(BaseModel):
    """What an authenticator said, and what the reader called it."""

    model_config = ConfigDict(extra="forbid")

    credential: dict[str, object]
    label: str = Field("", max_length=200)
    next: str = Field("", max_length=500)


@router.post("/desk/security/passkeys/options")
async def registration_options(
    request: Request, _viewer: AnyOfficer, connection: Transaction
) -> Response:
    """Options for making a passkey."""
    account = await sign_in.access_self(connection)
    body = await passkeys.begin_registration(connection, request.app.state.settings, account)
    return Response(body, media_type="application/json")


@router.post("/desk/security/passkeys")
async def register(request: Request, viewer: AnyOfficer, answer: AnswerIn) -> Response:
    """Keep the passkey."""
    state = request.app.state
    given = orjson.dumps(answer.credential).decode()
    async with state.storage.transaction(viewer.token) as connection:
        challenge = await passkeys.take_challenge(connection, given, "register", viewer.officer)
    async with state.storage.transaction(viewer.token) as connection:
        await passkeys.finish_registration(
            connection,
            state.settings,
            viewer,
            challenge=challenge,
            answer=given,
            label=answer.label,
        )
    return JSONResponse({"next": "/desk/security?done=passkey"}, status_code=201)


@router.post("/desk/login/passkey/options", dependencies=[Depends(anyone)])
async def sign_in_options(request: Request, connection: Transaction) -> Response:
    """Options for signing in with any passkey of this site."""
    limits_of(request).officers.check(address_of(request))
    body = await passkeys.begin_sign_in(connection, request.app.state.settings)
    return Response(body, media_type="application/json")


@router.post("/desk/login/passkey", dependencies=[Depends(anyone)])
async def sign_in_with_passkey(request: Request, answer: AnswerIn) -> Response:
    """Let the passkey's owner in."""
    limits_of(request).officers.check(address_of(request))
    state = request.app.state
    given = orjson.dumps(answer.credential).decode()
    async with state.storage.transaction() as connection:
        challenge = await passkeys.take_challenge(connection, given, "sign_in", None)
    async with state.storage.transaction() as connection:
        signed = await passkeys.finish_sign_in(
            connection, state.keyring, state.settings, challenge=challenge, answer=given
        )
    response = JSONResponse({"next": local_path(answer.next, "/desk")}, status_code=201)
    hours = state.settings.identity.officer_session_hours
    give_session(response, request, signed.token, seconds=hours * 3600)
    return response
