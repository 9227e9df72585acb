"""The page behind the picture of a certificate: whether it is genuine, and the place safe today."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from lachan.kit.clock import local_day, now
from lachan.kit.http.access import Transaction, anyone
from lachan.safety.checks import certificate
from lachan.safety.checks.errors import CertificateForged
from lachan.safety.wording import in_language
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False)


@router.get("/certificates/{token}", dependencies=[Depends(anyone)])
async def show_certificate(
    request: Request, token: Annotated[str, Path(max_length=200)], connection: Transaction
) -> Response:
    """What a scanned certificate says; a forged one says so, and nothing else."""
    state = request.app.state
    today = local_day(now(), state.settings.zone)
    try:
        found = await certificate.access_certificate(connection, state.keyring, token, today)
    except CertificateForged as problem:
        return page(request, "public/safety_certificate.html", status=problem.status, found=None)
    return page(
        request,
        "public/safety_certificate.html",
        found=found,
        today=today,
        set_title=in_language(found.criteria.title, language_of(request))
        if found.criteria
        else None,
        # How it stands changes by the minute.
        headers={"cache-control": "no-store"},
    )
