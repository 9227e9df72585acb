"""The part of a resident's page that tells of new warnings while the page is open."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.warnings import replies, store
from lachan.warnings.api import wording_of
from lachan.warnings.wording import told_of_message
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/me/warnings/banner")
async def banner(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """The newest warning that was not opened, as a fragment; empty when there is none."""
    newest = await store.my_unseen(connection, 1)
    names = await replies.names_of(connection, request.app.state.keyring, viewer, newest)
    words = wording_of(request)
    return page(
        request,
        "warnings/banner.html",
        unread=await store.count_unseen(connection),
        warning=newest[0] if newest else None,
        text=words.happened(told_of_message(newest[0], names.get(newest[0].person_id)))
        if newest
        else "",
    )
