"""What every request passes before a route sees it, as one plain ASGI layer.

One layer instead of a stack of middlewares: the scan route answers thousands of requests a second,
and each wrapper costs on every one of them. The checks keep their own functions and stay in order:
host, address, foreign forms, body size, rate; a body has its time to come in; then the answer gets
its headers, metrics and log line.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lachan.kit import errors, metrics
from lachan.kit.http.headers import headers_of
from lachan.kit.http.rate import RateLimit, block_of
from lachan.kit.ids import uuid7

log = structlog.get_logger()

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# For pages that scan: the reader of QR codes is WebAssembly where the browser has none of its own.
# A route asks for it by sending this header itself; the layer adds a policy where there is none.
SCANNING_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY.replace(
        "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"
    )
}
_POLICY = (b"content-security-policy", CONTENT_SECURITY_POLICY.encode())
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Bytes a second of the slowest network on which somebody has to be able to send a photo.
_SLOWEST = 65_536

Refuse = Callable[[Scope, errors.Problem], Awaitable[ASGIApp]]


class BodyTooLarge(errors.TooLarge):
    """Raised while a body without a declared length is read past the limit."""


def check_host(headers: Mapping[str, str], trusted: frozenset[str]) -> None:
    """Raises `UntrustedHost` unless the Host header names one of ours."""
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if "*" not in trusted and name.lower() not in trusted:
        raise errors.UntrustedHost


def check_address(scope: Scope) -> None:
    """Raises `BadRequest` for a NUL in path or query: no text of the database can hold one."""
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise errors.BadRequest


def check_same_site(method: str, headers: Mapping[str, str], own_origins: frozenset[str]) -> None:
    """Raises `CrossSite` when a browser says that another site sent this unsafe request.

    A browser sends Sec-Fetch-Site and Origin by itself and no page can forge them; programs send
    neither, and hold no cookies to abuse. The session cookie is SameSite=Lax besides.
    """
    if method in _SAFE:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site in {"same-origin", "none"}:
            return
        raise errors.CrossSite
    origin = headers.get("origin")
    if origin is not None:
        host = _host_of(origin)
        same_host = host != "" and host == headers.get("host")
        if not same_host and origin not in own_origins:
            raise errors.CrossSite
    elif "cookie" in headers and "authorization" not in headers:
        # Neither header, yet a cookie: a browser too old to tell us, or a forged request.
        raise errors.CrossSite


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


class Edge:
    """The outermost layer of the application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refuse,
        trusted_hosts: Sequence[str],
        own_origins: Sequence[str],
        max_body_bytes: int,
        body_seconds: float,
        large_bodies: Sequence[tuple[str, int]] = (),
        rate: RateLimit,
        unbound: Callable[[Mapping[str, str]], bool] = lambda _headers: False,
        secure: bool,
        is_away: Callable[[Exception], bool],
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._trusted = frozenset(host.lower() for host in trusted_hosts)
        self._origins = frozenset(own_origins)
        self._max_body = max_body_bytes
        self._body_seconds = body_seconds
        # A path that begins like this; a star stands for one part of it.
        self._large = [
            (re.compile(re.escape(start).replace(r"\*", "[^/]+")), size)
            for start, size in large_bodies
        ]
        self._rate = rate
        self._is_away = is_away
        self._unbound = unbound
        self._headers = [*_SECURITY_HEADERS, *([_HSTS] if secure else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        request_id = str(uuid7())
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        status = 500
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                raw = [*message.get("headers", []), *self._headers]
                raw.append((b"x-request-id", request_id.encode()))
                if not any(name == _POLICY[0] for name, _ in raw):
                    raw.append(_POLICY)
                message = {**message, "headers": raw}
                if not any(name == b"cache-control" for name, _ in raw):
                    # Pages hold health data: nothing is kept unless a route says otherwise.
                    raw.append((b"cache-control", b"no-store"))
            await send(message)

        try:
            refused = await self._admit(scope)
            if refused is not None:
                await refused(scope, receive, send_with_headers)
            else:
                await self._app(scope, self._limited(scope, receive), send_with_headers)
        except Exception as error:
            problem: errors.Problem = errors.InternalProblem()
            if self._is_away(error):
                # Restarting, or out of reach: what was not acknowledged is asked for again.
                problem = errors.Overloaded(retry_after=2)
                log.warning("database_away", request_id=request_id, error=type(error).__name__)
            else:
                log.exception("unhandled", request_id=request_id, error=type(error).__name__)
            if not started:
                answer = await self._last_word(scope, problem)
                await answer(scope, receive, send_with_headers)
        finally:
            _record(scope, status, time.perf_counter() - begun)

    async def _last_word(self, scope: Scope, problem: errors.Problem) -> ASGIApp:
        try:
            return await self._refuse(scope, problem)
        except Exception as error:
            # Past here the server would log what the exceptions say, and what they say is personal.
            log.exception("error_page_failed", error=type(error).__name__)
            return PlainTextResponse(problem.code, status_code=problem.status)

    async def _admit(self, scope: Scope) -> ASGIApp | None:
        headers = headers_of(scope)
        try:
            check_host(headers, self._trusted)
            check_address(scope)
            check_same_site(scope["method"], headers, self._origins)
            length = headers.get("content-length")
            if length is not None and (
                not length.isascii() or not length.isdigit() or int(length) > self._limit(scope)
            ):
                raise errors.TooLarge(params={"limit": self._limit(scope)})
            client = scope.get("client")
            # What a drill sends from one address must not use up the limit of that address.
            if not self._unbound(headers):
                self._rate.check(block_of(client[0]) if client else "")
        except errors.Problem as problem:
            return await self._refuse(scope, problem)
        return None

    def _limit(self, scope: Scope) -> int:
        path = scope["path"]
        return next((size for start, size in self._large if start.match(path)), self._max_body)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        limit = self._limit(scope)
        # Where files are taken, a photo may come over a slow network.
        seconds = self._body_seconds + max(0, limit - self._max_body) // _SLOWEST
        total = 0
        deadline: float | None = None
        complete = False

        async def receive_limited() -> Message:
            nonlocal total, deadline, complete
            if complete:
                # What comes now is that the asker has gone, however long that takes.
                return await receive()
            if deadline is None:
                # From here, not from the first byte of the request: what we took is not the
                # sender's.
                deadline = asyncio.get_running_loop().time() + seconds
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                # Of this class, as the framework makes 400 of any other while it reads a body.
                raise HTTPException(errors.BodyLate.status) from None
            if message["type"] == "http.request":
                complete = not message.get("more_body", False)
                total += len(message.get("body", b""))
                if total > limit:
                    raise BodyTooLarge(params={"limit": limit})
            return message

        return receive_limited


def _record(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    # The template of the path, never the path: a place code or a case number is nobody's business.
    template = getattr(route, "path", None) or "unmatched"
    metrics.REQUESTS.labels(scope["method"], template, str(status)).inc()
    metrics.REQUEST_SECONDS.labels(template).observe(seconds)
    if template not in _QUIET:
        log.debug(
            "request",
            method=scope["method"],
            route=template,
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=scope["state"]["request_id"],
        )


_QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/static"})


def add_vary(headers: MutableHeaders, name: str) -> None:
    """Add `name` to Vary without repeating it."""
    headers.add_vary_header(name)
