"""Server-side sessions: who a token belongs to, remembered for seconds, revocable at once."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from http.cookies import SimpleCookie

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.types import ASGIApp, Receive, Scope, Send

from lachan.kit.crypto import Keyring, new_token, token_hash
from lachan.kit.http.access import Device, Grant, Viewer
from lachan.kit.http.headers import headers_of
from lachan.storage.roles import SESSION_PROOF
from lachan.storage.writer import GroupCommitWriter

COOKIE = "lachan_session"
# A browser takes a cookie of this name only from us, over TLS: no neighbour under the same domain
# can plant a session of its own.
SECURE_COOKIE = "__Host-lachan_session"
REMEMBERED_SECONDS = 10.0
_REMEMBERED = 50_000
_TOKEN_LENGTH = 43

# A whole city scans at once, each phone for the first time in hours: sessions are looked up many at
# a time, as scans are written many at a time.
_FIND = text(
    """
    SELECT wanted.hash, found.* FROM unnest(CAST(:hashes AS bytea[])) AS wanted (hash)
    CROSS JOIN LATERAL lachan_find_session(wanted.hash) AS found
    """
)
_LOOK_UPS_WAITING = 20_000
_LOOK_UPS_AT_ONCE = 256
_CREATE = text(
    """
    INSERT INTO session (token_hash, kind, person_id, officer_id, client, expires_at, idle_minutes,
                         verified_at)
    VALUES (:hash, :kind, :person_id, :officer_id, :client,
            now() + make_interval(mins => :minutes), :idle_minutes, now())
    """
)
_OPEN = text(
    "SELECT lachan_open_session(:hash, :kind, :subject, :client, :minutes, :idle, :verified, "
    ":proof)"
)
_OPEN_MANY = text(
    """
    SELECT lachan_open_session(hash, 'resident', subject, :client, :minutes, NULL, true, proof)
    FROM unnest(CAST(:hashes AS bytea[]), CAST(:subjects AS bigint[]), CAST(:proofs AS bytea[]))
         AS s (hash, subject, proof)
    """
)
_AS = text("SELECT set_config('lachan.session', :token, true)")
_REVOKE = text(
    "UPDATE session SET revoked_at = now() WHERE token_hash = :hash AND revoked_at IS NULL"
)
_REVOKE_MINE = text(
    "UPDATE session SET revoked_at = now() WHERE revoked_at IS NULL AND "
    "(person_id = :person OR officer_id = :officer)"
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
    """Write a session as the database's owner (demo data, tests); requests use `open_session`."""
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


def _proof(keyring: Keyring, hashed: bytes, kind: str, subject: int, *, verified: bool) -> bytes:
    message = f"{hashed.hex()} {kind} {subject} {int(verified)}"
    return hmac.digest(keyring.derive(SESSION_PROOF), message.encode(), "sha256")


async def open_session(
    connection: AsyncConnection,
    keyring: Keyring,
    *,
    minutes: int,
    person_id: int | None = None,
    officer_id: int | None = None,
    device_id: int | None = None,
    idle_minutes: int | None = None,
    client: str = "web",
    verified: bool = True,
) -> str:
    """Open a session for exactly one of person, officer and device; its token.

    Only the token's hash is stored.
    From here on the transaction asks in the name of the new session. An officer's session that is
    not `verified` opens nothing but the setting up of a second factor.
    """
    token = new_token()
    hashed = token_hash(token)
    kind, subject = next(
        (kind, subject)
        for kind, subject in (
            ("resident", person_id),
            ("officer", officer_id),
            ("device", device_id),
        )
        if subject is not None
    )
    await connection.execute(
        _OPEN,
        {
            "hash": hashed,
            "kind": kind,
            "subject": subject,
            "client": client,
            "minutes": minutes,
            "idle": idle_minutes,
            "verified": verified,
            "proof": _proof(keyring, hashed, kind, subject, verified=verified),
        },
    )
    await ask_as(connection, token)
    return token


async def refresh(connection: AsyncConnection, keyring: Keyring, token: str) -> None:
    """Note that the asking officer showed the password again just now."""
    message = f"{token_hash(token).hex()} refresh"
    proof = hmac.digest(keyring.derive(SESSION_PROOF), message.encode(), "sha256")
    await connection.execute(text("SELECT lachan_refresh_session(:proof)"), {"proof": proof})


async def is_fresh(connection: AsyncConnection) -> bool:
    """Whether the asking officer signed in, or showed the password again, minutes ago."""
    return bool(await connection.scalar(text("SELECT lachan_is_fresh()")))


async def open_many(
    connection: AsyncConnection,
    keyring: Keyring,
    people: Sequence[int],
    *,
    minutes: int,
    client: str = "web",
    make_token: Callable[[], str] = new_token,
) -> list[str]:
    """Open a session for each of `people` (a drill's population); their tokens, in order."""
    tokens = [make_token() for _ in people]
    hashes = [token_hash(token) for token in tokens]
    await connection.execute(
        _OPEN_MANY,
        {
            "hashes": hashes,
            "subjects": list(people),
            "proofs": [
                _proof(keyring, hashed, "resident", person, verified=True)
                for hashed, person in zip(hashes, people, strict=True)
            ],
            "client": client,
            "minutes": minutes,
        },
    )
    return tokens


async def ask_as(connection: AsyncConnection, token: str) -> None:
    """Let the rest of the transaction ask in the name of `token`."""
    await connection.execute(_AS, {"token": token})


class Sessions:
    """Finds the viewer behind a token; remembers each for `REMEMBERED_SECONDS`.

    Signing out forgets at once in this process and within `REMEMBERED_SECONDS` in others; what is
    read through row security follows the database's own view of the session, without any delay.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        # Each look-up is one statement: a transaction around it would be two more journeys.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._known: OrderedDict[bytes, tuple[Viewer | None, float]] = OrderedDict()
        self._look_ups: GroupCommitWriter[str, Viewer | None] = GroupCommitWriter(
            self._load, queue_size=_LOOK_UPS_WAITING, batch_size=_LOOK_UPS_AT_ONCE
        )

    def start(self) -> None:
        """Begin to answer; needs a running event loop."""
        self._look_ups.start()

    async def stop(self) -> None:
        """Answer who waits, then end."""
        await self._look_ups.stop()

    async def find(self, token: str) -> Viewer | None:
        """The viewer of a live session, None for anything else."""
        if len(token) != _TOKEN_LENGTH:
            return None
        key = token_hash(token)
        moment = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[1] > moment:
            return known[0]
        viewer = await self._look_ups.submit(token)
        self._known[key] = (viewer, moment + REMEMBERED_SECONDS)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return viewer

    async def _load(self, tokens: Sequence[str]) -> list[Viewer | None]:
        hashes = [token_hash(token) for token in tokens]
        # In one order everywhere: two processes that note when they saw whom must not deadlock.
        async with self._engine.connect() as connection:
            rows = {
                row.hash: row
                for row in await connection.execute(_FIND, {"hashes": sorted(set(hashes))})
            }
        return [
            _viewer(rows[key], token) if key in rows else None
            for key, token in zip(hashes, tokens, strict=True)
        ]

    def forget(self, token: str) -> None:
        """Look this token up afresh next time."""
        self._known.pop(token_hash(token), None)

    def forget_person(self, person_id: int) -> None:
        """Look all sessions of a resident up afresh."""
        for key, (viewer, _) in list(self._known.items()):
            if viewer is not None and viewer.person_id == person_id:
                del self._known[key]

    def forget_all(self) -> None:
        """Look everybody up afresh: roles or sessions were changed."""
        self._known.clear()

    async def revoke(self, connection: AsyncConnection, token: str) -> None:
        """End one session, in a transaction that asks in its name."""
        await connection.execute(_REVOKE, {"hash": token_hash(token)})
        self.forget(token)

    async def revoke_all(self, connection: AsyncConnection, viewer: Viewer) -> None:
        """End every session of the viewer, this one included."""
        await connection.execute(
            _REVOKE_MINE, {"person": viewer.person_id, "officer": viewer.officer_id}
        )
        if viewer.person_id is not None:
            self.forget_person(viewer.person_id)
        else:
            self.forget_all()


def _viewer(row: Row[tuple[object, ...]], token: str) -> Viewer:
    return Viewer(
        kind=row.kind,
        token=token,
        display_name=row.display_name or "",
        client=row.client,
        person_id=row.person_id,
        officer_id=row.officer_id,
        device=None
        if row.device_id is None
        else Device(row.device_id, row.place_id, row.room_id, row.device_kind),
        grants=tuple(Grant(*entry.split(" ", 1)) for entry in row.grants or ()),
        drill_id=row.drill_id,
    )


def cookie_name(*, secure: bool) -> str:
    """What the session's cookie is called."""
    return SECURE_COOKIE if secure else COOKIE


def token_in(headers: Mapping[str, str], *, secure: bool = False) -> str | None:
    """The session token of a request: the bearer's, else the cookie's."""
    authorization = headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    cookie = headers.get("cookie")
    wanted = cookie_name(secure=secure)
    if cookie is None or wanted not in cookie:
        return None
    for part in cookie.split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return None


class ViewerLayer:
    """Puts the viewer (or None) into each request's state."""

    def __init__(self, app: ASGIApp, sessions: Sessions, *, secure: bool) -> None:
        self._app = app
        self._sessions = sessions
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            token = token_in(headers_of(scope), secure=self._secure)
            scope["state"]["viewer"] = await self._sessions.find(token) if token else None
        await self._app(scope, receive, send)


def cookie_header(token: str, *, secure: bool, max_age: int) -> str:
    """The Set-Cookie value of a session; an empty token removes it."""
    cookie: SimpleCookie = SimpleCookie()
    name = cookie_name(secure=secure)
    cookie[name] = token
    morsel = cookie[name]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["max-age"] = max_age if token else 0
    if secure:
        morsel["secure"] = True
    return morsel.OutputString()
