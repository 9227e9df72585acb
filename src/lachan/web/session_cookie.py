"""The session's cookie on pages: given at sign-in, taken back at sign-out."""

from starlette.requests import Request
from starlette.responses import Response

from lachan.identity.sessions import cookie_header


def give_session(response: Response, request: Request, token: str, *, seconds: int) -> None:
    """Let the browser carry the session."""
    secure = request.app.state.settings.secure
    response.headers.append("set-cookie", cookie_header(token, secure=secure, max_age=seconds))


def drop_session(response: Response, request: Request) -> None:
    """Take the session out of the browser."""
    secure = request.app.state.settings.secure
    response.headers.append("set-cookie", cookie_header("", secure=secure, max_age=0))
