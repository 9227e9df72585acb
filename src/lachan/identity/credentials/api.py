"""Routes of phone codes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from lachan.identity.credentials import service
from lachan.identity.credentials.schemas import PhoneCodeOut, PhoneMemberOut
from lachan.kit.clock import now
from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.kit.http.rate import RateLimit

router = APIRouter(prefix="/api/v1", tags=["identity"])

_NEW_KEYS = RateLimit(10, burst=30)


@router.post("/me/phone-codes", status_code=201)
async def make_phone_key(
    request: Request, response: Response, viewer: ResidentViewer, connection: Transaction
) -> PhoneCodeOut:
    """A key by which the asker's phone makes codes that doors read, also off line."""
    _NEW_KEYS.check(str(viewer.person))
    made = await service.new_phone_key(connection, request.app.state.keyring)
    response.headers["cache-control"] = "no-store"
    return PhoneCodeOut(
        handle=service.as_text(made.handle),
        key=service.as_text(made.key),
        members=[
            PhoneMemberOut(person_id=person, name=name, bit=bit)
            for bit, (person, name) in enumerate(made.members)
        ],
        now=now(),
        ends_at=made.ends_at,
    )
