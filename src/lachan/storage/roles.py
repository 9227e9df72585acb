"""The three database roles the program serves as; owning nothing, row security binds them."""

import base64
from dataclasses import dataclass

from sqlalchemy import make_url

from lachan.kit.crypto import Keyring
from lachan.settings import Database

APP = "lachan_app"
INTAKE = "lachan_intake"
WORKER = "lachan_worker"
ALL = (APP, INTAKE, WORKER)
SESSION_PROOF = "session-proof"
_SHA256_BLOCK = 64


@dataclass(frozen=True, slots=True)
class RoleUrls:
    """SQLAlchemy URLs by which the program reaches its database, one a role."""

    app: str
    intake: str
    worker: str


def role_password(keyring: Keyring, role: str) -> str:
    """The password of `role`, derived from the key file so that nobody has to keep it."""
    return base64.urlsafe_b64encode(keyring.derive(f"database:{role}")).decode().rstrip("=")


def proof_pads(keyring: Keyring) -> tuple[bytes, bytes]:
    """The inner and outer padded keys (RFC 2104) by which the database checks a session's proof."""
    key = keyring.derive(SESSION_PROOF).ljust(_SHA256_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def asyncpg_url(url: str) -> str:
    """`url` with the driver we use, whichever way an operator wrote it."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


def url_as(owner_url: str, role: str, keyring: Keyring) -> str:
    """The owner's URL, as `role`."""
    url = make_url(owner_url).set(
        drivername="postgresql+asyncpg", username=role, password=role_password(keyring, role)
    )
    return url.render_as_string(hide_password=False)


def role_urls(database: Database, owner_url: str | None, keyring: Keyring) -> RoleUrls:
    """URLs of the three roles: those that were set, else derived from the owner's.

    Raises `ValueError` when neither is there.
    """
    urls = []
    for role, given in (
        (APP, database.app_url),
        (INTAKE, database.intake_url),
        (WORKER, database.worker_url),
    ):
        if given is not None:
            urls.append(asyncpg_url(given.get_secret_value()))
        elif owner_url is not None:
            urls.append(url_as(owner_url, role, keyring))
        else:
            raise ValueError(
                "no database: set LACHAN_DATABASE_URL, or start with `lachan run`, which brings "
                "its own PostgreSQL"
            )
    return RoleUrls(*urls)
