"""Routes of residents: signing in, and what is kept about oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

from lachan.identity import residents, trail
from lachan.identity.clients.service import check_client
from lachan.identity.errors import CodeWrong
from lachan.identity.limits import address_of, limits_of
from lachan.identity.residents import Member
from lachan.identity.schemas import (
    AreaOut,
    CodeIn,
    MemberIn,
    MemberOut,
    OpeningOut,
    OpeningsOut,
    ProfileIn,
    ProfileOut,
    SessionIn,
    SessionOut,
)
from lachan.kit.http.access import ResidentViewer, Transaction, anyone
from lachan.kit.i18n import Language
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/v1", tags=["identity"])

PersonId = Annotated[int, Path(ge=1, lt=2**63)]


def _lang(request: Request) -> Language:
    lang: Language = request.scope["state"]["lang"]
    return lang


def _member(member: Member) -> MemberOut:
    return MemberOut(
        person_id=member.person_id,
        name=member.name,
        birth_year=member.birth_year,
        relation=member.relation,
    )


@router.post("/auth/codes", status_code=202, dependencies=[Depends(anyone)])
async def ask_for_code(request: Request, connection: Transaction, wanted: CodeIn) -> Response:
    """Text a one-time code to a phone; the answer is the same whoever the phone belongs to."""
    limits_of(request).codes.check(address_of(request))
    state = request.app.state
    await residents.send_code(
        connection,
        state.keyring,
        state.settings,
        wanted.phone,
        texts=limits_of(request).texts,
        catalogs=state.catalogs,
        lang=_lang(request),
    )
    minutes = state.settings.identity.code_minutes
    return JSONResponse({"expires_in_minutes": minutes}, status_code=202)


@router.post("/auth/sessions", status_code=201, dependencies=[Depends(anyone)])
async def sign_in(request: Request, given: SessionIn) -> SessionOut:
    """Trade a code for a session; the first time, this makes the person.

    A program of its own sends its key as `X-Lachan-Client`; its name stays with the session and
    with every visit that the session records.
    """
    limits_of(request).tries.check(address_of(request))
    state = request.app.state
    # The transaction is opened here, not by the route: a wrong try is counted although refused.
    async with state.storage.transaction() as connection:
        client = await check_client(
            connection, given.client, request.headers.get("x-lachan-client")
        )
        signed = await residents.sign_in(
            connection,
            state.keyring,
            state.settings,
            given.phone,
            given.code,
            client=client,
        )
    if signed is None:
        raise CodeWrong(fields={"code": "identity-field-code"})
    return SessionOut(token=signed.token, expires_at=signed.expires_at, new=signed.new)


@router.delete("/auth/session", status_code=204)
async def sign_out(request: Request, viewer: ResidentViewer, connection: Transaction) -> None:
    """End this session."""
    await request.app.state.sessions.revoke(connection, viewer.token)


@router.delete("/auth/sessions", status_code=204)
async def sign_out_everywhere(
    request: Request, viewer: ResidentViewer, connection: Transaction
) -> None:
    """End every session of the asker, on all devices."""
    await request.app.state.sessions.revoke_all(connection, viewer)


@router.get("/me")
async def get_me(request: Request, viewer: ResidentViewer, connection: Transaction) -> ProfileOut:
    """What is kept about the asker, but for the diary."""
    me = await residents.access_profile(connection, request.app.state.keyring, viewer)
    return ProfileOut(
        person_id=me.person_id,
        phone=me.phone,
        name=me.name,
        birth_year=me.birth_year,
        home_area=AreaOut(path=me.home_area, name=me.home_area_name) if me.home_area else None,
        household=[_member(member) for member in me.household],
        created_at=me.created_at,
    )


@router.patch("/me")
async def change_me(
    request: Request, viewer: ResidentViewer, connection: Transaction, changes: ProfileIn
) -> ProfileOut:
    """Change some of it; null removes a part."""
    await residents.change_profile(
        connection,
        request.app.state.keyring,
        viewer,
        changes.model_dump(include=changes.model_fields_set),
    )
    return await get_me(request, viewer, connection)


@router.delete("/me", status_code=204)
async def delete_me(request: Request, viewer: ResidentViewer, connection: Transaction) -> None:
    """Delete the account: the diary at once, the identity when no open case needs it any more."""
    await residents.leave(connection, viewer)
    request.app.state.sessions.forget_person(viewer.person)


@router.post("/me/household", status_code=201)
async def add_member(
    request: Request, viewer: ResidentViewer, connection: Transaction, member: MemberIn
) -> MemberOut:
    """Add somebody without a phone to the household, to check in together."""
    added = await residents.add_member(
        connection,
        request.app.state.keyring,
        viewer,
        name=member.name,
        birth_year=member.birth_year,
        relation=member.relation,
    )
    return _member(added)


@router.delete("/me/household/{person_id}", status_code=204)
async def remove_member(
    viewer: ResidentViewer, connection: Transaction, person_id: PersonId
) -> None:
    """Remove such a member, with everything kept about them."""
    await residents.remove_member(connection, viewer, person_id)


@router.get("/me/openings")
async def list_openings(
    viewer: ResidentViewer,
    connection: Transaction,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> OpeningsOut:
    """Who opened the asker's sealed data, when, and why; newest first."""
    key = decode_cursor(cursor, 1)
    before = int(key[0]) if key and isinstance(key[0], int) else None
    found = await trail.openings(connection, viewer.person, before=before, limit=limit + 1)
    shown = found[:limit]
    return OpeningsOut(
        openings=[
            OpeningOut(
                id=one.id,
                at=one.at,
                officer=one.officer,
                unit=one.unit,
                reason=one.reason,
                action=one.action,
            )
            for one in shown
        ],
        next_cursor=encode_cursor([shown[-1].id]) if len(found) > limit else None,
    )
