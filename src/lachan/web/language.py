"""The language and the theme of a request, and the switch between them."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lachan.kit.http.headers import headers_of
from lachan.kit.i18n import LANGUAGES, negotiate

_A_YEAR_SECONDS = 365 * 86_400


def preference_cookie(name: str, value: str, *, secure: bool) -> str:
    """The Set-Cookie value of a preference; not a secret, so scripts may read it."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = value
    cookie[name]["path"] = "/"
    cookie[name]["samesite"] = "Lax"
    cookie[name]["max-age"] = _A_YEAR_SECONDS
    if secure:
        cookie[name]["secure"] = True
    return cookie[name].OutputString()


class LanguageLayer:
    """Settles the language; `?lang=en` is kept in a cookie and taken out of the address."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = scope["query_string"]
        if b"lang=" in query and scope["method"] == "GET" and not scope["path"].startswith("/api/"):
            pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
            wanted = dict(pairs).get("lang")
            if wanted in LANGUAGES:
                rest = urlencode([pair for pair in pairs if pair[0] != "lang"])
                # Two slashes would name another host.
                path = "/" + scope["path"].lstrip("/\\")
                answer = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
                answer.headers["set-cookie"] = preference_cookie(
                    "lang", wanted, secure=self._secure
                )
                await answer(scope, receive, send)
                return
        headers = headers_of(scope)
        cookie = None
        if "lang=" in headers.get("cookie", ""):
            cookie = Request(scope).cookies.get("lang")
        scope["state"]["lang"] = negotiate(headers.get("accept-language"), cookie)
        await self._app(scope, receive, send)
