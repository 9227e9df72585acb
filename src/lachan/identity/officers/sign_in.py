"""How an officer gets in: a password, then an authenticator's code or a passkey.

A right password alone opens a session that is not verified: the database lets it do nothing but
set a first second factor up. The second factor then opens a fresh session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit, sessions
from lachan.identity.errors import ConfirmFirst, LastFactor, SignInFailed
from lachan.identity.officers import secrets, store
from lachan.kit import metrics
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer
from lachan.settings import Identity, Settings

PENDING_MINUTES = 10


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A verified session."""

    token: str
    expires_at: datetime
    officer_id: int


@dataclass(frozen=True, slots=True)
class Pending:
    """The password was right; `token` may only go on to the second factor."""

    token: str
    has_second_factor: bool


def tidy_login(login: str) -> str:
    """A login as it is stored."""
    return login.strip().lower()[:64]


async def _note(
    connection: AsyncConnection, officer_id: int, limits: Identity, *, good: bool
) -> None:
    await store.note_sign_in(
        connection,
        officer_id,
        good=good,
        attempts=limits.lockout_attempts,
        minutes=limits.lockout_minutes,
    )
    if not good:
        await audit.record(
            connection, None, "officer.sign_in_failed", object=f"officer:{officer_id}"
        )


async def check_password(
    connection: AsyncConnection, settings: Settings, login: str, password: str
) -> store.Account | None:
    """The account with this login and password, None for anything else, or while locked.

    Does the same work in every case. The caller commits, so that a failure is counted.
    """
    account = await store.account(connection, tidy_login(login))
    right = await secrets.password_matches(account.password_hash if account else None, password)
    if account is None or account.locked:
        return None
    if not right:
        await _note(connection, account.id, settings.identity, good=False)
        return None
    return account


async def _check_totp(
    connection: AsyncConnection, keyring: Keyring, account: store.Account, code: str
) -> bool:
    if account.totp_sealed is None:
        return False
    secret = secrets.unseal_totp(keyring, account.id, account.totp_sealed)
    step = secrets.totp_step(secret, code)
    return step is not None and await store.take_totp_step(connection, account.id, step)


async def open_verified(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, officer_id: int, how: str
) -> SignedIn:
    """A fresh verified session, once both factors were shown."""
    limits = settings.identity
    await _note(connection, officer_id, limits, good=True)
    life = timedelta(hours=limits.officer_session_hours)
    token = await sessions.open_session(
        connection,
        keyring,
        minutes=int(life.total_seconds() // 60),
        idle_minutes=limits.officer_idle_minutes,
        officer_id=officer_id,
    )
    viewer = Viewer(kind="officer", token=token, display_name="", officer_id=officer_id)
    await audit.record(
        connection, viewer, "officer.signed_in", object=f"officer:{officer_id}",
        details={"by": how},
    )  # fmt: skip
    metrics.SIGN_INS.labels("officer", "accepted").inc()
    return SignedIn(token, now() + life, officer_id)


async def sign_in(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    *,
    login: str,
    password: str,
    totp: str,
) -> SignedIn | Pending | None:
    """Password and code in one go, as programs do it.

    `Pending` when the password is right and there is no second factor yet; None when refused.
    """
    account = await check_password(connection, settings, login, password)
    if account is not None and not account.has_second_factor:
        return Pending("", has_second_factor=False)
    if account is not None and await _check_totp(connection, keyring, account, totp):
        return await open_verified(connection, keyring, settings, account.id, "totp")
    if account is not None:
        await _note(connection, account.id, settings.identity, good=False)
    metrics.SIGN_INS.labels("officer", "refused").inc()
    return None


async def begin(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, login: str, password: str
) -> Pending | None:
    """The first screen: a right password opens the way to the second factor."""
    account = await check_password(connection, settings, login, password)
    if account is None:
        metrics.SIGN_INS.labels("officer", "refused").inc()
        return None
    token = await sessions.open_session(
        connection, keyring, minutes=PENDING_MINUTES, officer_id=account.id, verified=False
    )
    return Pending(token, account.has_second_factor)


async def finish_with_totp(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, code: str
) -> SignedIn | None:
    """The second screen, in a transaction that asks as the pending session; None when refused."""
    account = await store.own_account(connection)
    if account is None or account.locked:
        return None
    if not await _check_totp(connection, keyring, account, code):
        await _note(connection, account.id, settings.identity, good=False)
        metrics.SIGN_INS.labels("officer", "refused").inc()
        return None
    await store.end_pending(connection)
    return await open_verified(connection, keyring, settings, account.id, "totp")


async def finish_setup(
    connection: AsyncConnection, keyring: Keyring, settings: Settings, account: store.Self
) -> SignedIn:
    """Let an officer in who has just set the first second factor up by showing it."""
    await store.end_pending(connection)
    return await open_verified(connection, keyring, settings, account.id, "setup")


async def access_self(connection: AsyncConnection) -> store.Self:
    """The asking officer's own account, also half-way through signing in.

    Raises `SignInFailed`.
    """
    account = await store.own_account(connection)
    if account is None:
        raise SignInFailed
    return account


async def check_fresh(connection: AsyncConnection) -> None:
    """Raises `ConfirmFirst` when password and code were shown too long ago."""
    if not await sessions.is_fresh(connection):
        raise ConfirmFirst


async def confirm(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    password: str,
) -> bool:
    """Take the password once more, so that factors may be changed; False when it is wrong.

    Wrong ones count towards the lock-out: the caller commits.
    """
    account = await access_self(connection)
    right = await secrets.password_matches(account.password_hash, password)
    if account.locked or not right:
        await _note(connection, account.id, settings.identity, good=False)
        return False
    await sessions.refresh(connection, keyring, viewer.token)
    await audit.record(connection, viewer, "officer.confirmed", object=f"officer:{account.id}")
    return True


async def enrol_totp(
    connection: AsyncConnection, keyring: Keyring, account: store.Self, secret: str, code: str
) -> bool:
    """Take an authenticator into use once it has shown a right code; False when it has not.

    Raises `ConfirmFirst`.
    """
    await check_fresh(connection)
    step = secrets.totp_step(secret, code)
    if step is None:
        return False
    sealed = secrets.seal_totp(keyring, account.id, secret)
    if not await store.set_my_totp(connection, sealed, step):
        raise SignInFailed
    await audit.record(connection, None, "officer.totp_set", object=f"officer:{account.id}")
    return True


async def remove_totp(connection: AsyncConnection, viewer: Viewer) -> None:
    """Stop using the authenticator. Raises `LastFactor`, `ConfirmFirst`."""
    await check_fresh(connection)
    if not await store.set_my_totp(connection, None):
        raise LastFactor
    await audit.record(
        connection, viewer, "officer.totp_removed", object=f"officer:{viewer.officer}"
    )


async def change_password(
    connection: AsyncConnection, account: store.Self, old: str | None, new: str
) -> bool:
    """Set a new password; False when `old` is wrong. Raises `PasswordWeak`, `SignInFailed`.

    `old` may be None only while the first second factor is being set up, right after it was given.
    """
    secrets.check_password(new, account.login)
    if old is not None and not await secrets.password_matches(account.password_hash, old):
        return False
    if not await store.set_my_password(connection, await secrets.hash_password(new)):
        raise SignInFailed
    await audit.record(connection, None, "officer.password_set", object=f"officer:{account.id}")
    return True
