"""Server-side sessions: who a token belongs to, remembered for seconds, revocable at once."""

import time
from collections import OrderedDict
from http.cookies import SimpleCookie

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from lachan.kit.crypto import token_hash
from lachan.kit.http.access import Grant, Viewer

COOKIE = "lachan_session"
REMEMBERED_SECONDS = 10.0
_REMEMBERED = 50_000
_TOKEN_LENGTH = 43
_SEEN_EVERY_SECONDS = 60.0

_FIND = text(
    """
    SELECT s.kind, s.client, s.person_id, s.officer_id, o.display_name, p.drill_id,
           (SELECT array_agg(r.role || ' ' || r.area ORDER BY r.role, r.area)
            FROM officer_role r WHERE r.officer_id = s.officer_id) AS grants
    FROM session s
    LEFT JOIN officer o ON o.id = s.officer_id
    LEFT JOIN person p ON p.id = s.person_id
    WHERE s.token_hash = :hash AND s.revoked_at IS NULL AND s.expires_at > now()
      AND (s.kind = 'resident' OR (s.verified_at IS NOT NULL AND o.disabled_at IS NULL))
      AND (s.idle_minutes IS NULL OR s.seen_at > now() - make_interval(mins => s.idle_minutes))
    """
)
_SEEN = text(
    "UPDATE session SET seen_at = now() WHERE token_hash = :hash "
    "AND seen_at < now() - interval '60 seconds'"
)
_CREATE = text(
    """
    INSERT INTO session (token_hash, kind, person_id, officer_id, client, expires_at, idle_minutes,
                         verified_at)
    VALUES (:hash, :kind, :person_id, :officer_id, :client,
            now() + make_interval(mins => :minutes), :idle_minutes, now())
    """
)
_REVOKE = text(
    "UPDATE session SET revoked_at = now() WHERE token_hash = :hash AND revoked_at IS NULL"
)
_REVOKE_OFFICER = text(
    "UPDATE session SET revoked_at = now() WHERE officer_id = :officer AND revoked_at IS NULL"
)


async def create(
    connection: AsyncConnection,
    token: str,
    *,
    minutes: int,
    person_id: int | None = None,
    officer_id: int | None = None,
    idle_minutes: int | None = None,
    client: str = "web",
) -> None:
    """Write a session for exactly one of person and officer; only the token's hash is stored."""
    await connection.execute(
        _CREATE,
        {
            "hash": token_hash(token),
            "kind": "resident" if officer_id is None else "officer",
            "person_id": person_id,
            "officer_id": officer_id,
            "client": client,
            "minutes": minutes,
            "idle_minutes": idle_minutes,
        },
    )


class Sessions:
    """Finds the viewer behind a token; remembers each for `REMEMBERED_SECONDS`.

    Signing out forgets at once in this process and within `REMEMBERED_SECONDS` in others; what is
    read through row security follows the database's own view of the session, without any delay.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._known: OrderedDict[bytes, tuple[Viewer | None, float]] = OrderedDict()
        self._seen: dict[bytes, float] = {}

    async def find(self, token: str) -> Viewer | None:
        """The viewer of a live session, None for anything else."""
        if len(token) != _TOKEN_LENGTH:
            return None
        key = token_hash(token)
        moment = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[1] > moment:
            return known[0]
        async with self._engine.begin() as connection:
            viewer = await self._load(connection, token, key)
            if viewer is not None and moment - self._seen.get(key, 0.0) > _SEEN_EVERY_SECONDS:
                await connection.execute(_SEEN, {"hash": key})
                self._seen[key] = moment
        self._known[key] = (viewer, moment + REMEMBERED_SECONDS)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._seen.pop(self._known.popitem(last=False)[0], None)
        return viewer

    async def _load(self, connection: AsyncConnection, token: str, key: bytes) -> Viewer | None:
        row = (await connection.execute(_FIND, {"hash": key})).one_or_none()
        if row is None:
            return None
        grants = tuple(Grant(*entry.split(" ", 1)) for entry in row.grants or ())
        return Viewer(
            kind=row.kind,
            token=token,
            display_name=row.display_name or "",
            client=row.client,
            person_id=row.person_id,
            officer_id=row.officer_id,
            grants=grants,
            drill_id=row.drill_id,
        )

    def forget(self, token: str) -> None:
        """Look this token up afresh next time."""
        self._known.pop(token_hash(token), None)

    def forget_all(self) -> None:
        """Look everybody up afresh: roles or sessions were changed."""
        self._known.clear()

    async def revoke(self, connection: AsyncConnection, token: str) -> None:
        """End one session."""
        await connection.execute(_REVOKE, {"hash": token_hash(token)})
        self.forget(token)

    async def revoke_officer(self, connection: AsyncConnection, officer_id: int) -> None:
        """End every session of an officer."""
        await connection.execute(_REVOKE_OFFICER, {"officer": officer_id})
        self.forget_all()


def token_in(headers: Headers) -> str | None:
    """The session token of a request: the bearer's, else the cookie's."""
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    cookie = headers.get("cookie")
    if cookie is None or COOKIE not in cookie:
        return None
    for part in cookie.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None


class ViewerLayer:
    """Puts the viewer (or None) into each request's state."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            token = token_in(Headers(scope=scope))
            scope["state"]["viewer"] = await self._sessions.find(token) if token else None
        await self._app(scope, receive, send)


def cookie_header(token: str, *, secure: bool, max_age: int) -> str:
    """The Set-Cookie value of a session; an empty token removes it."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[COOKIE] = token
    morsel = cookie[COOKIE]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["max-age"] = max_age if token else 0
    if secure:
        morsel["secure"] = True
    return morsel.OutputString()
