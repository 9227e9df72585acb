"""Names that wait for somebody of the desk to look at them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.places.reviews import service, store
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/places/reviews")

Admin = Annotated[Viewer, Depends(officer("admin"))]
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
async def reviews(
    request: Request, viewer: Admin, connection: Transaction, did: str | None = None
) -> Response:
    """What waits, oldest first."""
    return page(
        request,
        "desk/place_reviews.html",
        reviews=await store.waiting(connection, viewer.roots("admin")),
        did=did if did in {"accepted", "refused"} else None,
    )


@router.post("/{place_id}")
async def decide(
    viewer: Admin,
    connection: Transaction,
    place_id: RowId,
    decision: Annotated[Literal["accepted", "refused"], Form()],
) -> Response:
    """Let the place count as registered, or not."""
    await service.decide(connection, viewer, place_id, decision)
    return RedirectResponse(f"/desk/places/reviews?did={decision}", status_code=303)
