"""The facility's app: the days behind, and reminders."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from lachan.kit.http.access import ResidentViewer, Transaction
from lachan.places.service import access_own_place
from lachan.safety.facility import service, store
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/safety")

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/{place_id}/history")
async def history(
    request: Request, viewer: ResidentViewer, connection: Transaction, place_id: RowId
) -> Response:
    """Thirty days: colours, days reported late, days forgotten, days on end."""
    state = request.app.state
    today = await service.access_today(connection, state.keyring, state.settings, viewer, place_id)
    days = await service.history(connection, state.settings, today.standing, today.day)
    return page(request, "safety/history.html", today=today, days=days)


@router.post("/{place_id}/reminders")
async def set_reminders(
    viewer: ResidentViewer,
    connection: Transaction,
    place_id: RowId,
    want: Annotated[Literal["on", "off"], Form()],
) -> Response:
    """Be reminded of this place, or not."""
    await access_own_place(connection, viewer, place_id)
    await store.set_quiet(connection, place_id, viewer.person, quiet=want == "off")
    did = "loud" if want == "on" else "quiet"
    return RedirectResponse(f"/safety/{place_id}?did={did}", status_code=303)
