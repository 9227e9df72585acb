"""The first page: what Lá Chắn is for, a door for everyone, and the promise about data."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from lachan.kit.http.access import AnyViewer
from lachan.web.language import preference_cookie
from lachan.web.rendering import Theme, page

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, _viewer: AnyViewer) -> Response:
    """Landing page, open to anyone."""
    settings = request.app.state.settings
    return page(request, "public/home.html", retention_days=settings.retention.visit_days)


@router.post("/preferences/theme")
async def choose_theme(
    request: Request,
    _viewer: AnyViewer,
    theme: Annotated[Theme, Form()],
    back: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Keep the theme in a cookie and go back; browsers with scripts never come here."""
    # One slash only: two would name another host.
    response = RedirectResponse("/" + back.lstrip("/\\"), status_code=303)
    secure = request.app.state.settings.secure
    response.headers["set-cookie"] = preference_cookie("theme", theme, secure=secure)
    return response
