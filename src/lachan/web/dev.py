"""In development: every part of the pages in all its states, on one page."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from lachan.kit.http.access import AnyViewer
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False)

FRAMES = ("public", "resident", "desk", "place")
_SAMPLE_MOMENT = datetime(2026, 3, 3, 1, 40, tzinfo=UTC)


@router.get("/dev/components")
async def components(request: Request, _viewer: AnyViewer, frame: str = "public") -> Response:
    """Gallery of components, inside the frame that the address asks for."""
    return page(
        request,
        "dev/components.html",
        frame=frame if frame in FRAMES else FRAMES[0],
        frames=FRAMES,
        moment=_SAMPLE_MOMENT,
        later=_SAMPLE_MOMENT + timedelta(minutes=95),
    )


@router.get("/dev/problems/{status}")
async def problem(request: Request, _viewer: AnyViewer, status: int) -> Response:
    """How the error page for `status` looks."""
    return page(request, "errors/problem.html", status=max(400, min(status, 599)), code="sample")
