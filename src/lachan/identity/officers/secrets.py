"""Passwords and authenticator codes of officers."""

import asyncio
import hmac
import secrets
import time
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lachan.identity.errors import PasswordWeak
from lachan.kit.crypto import Keyring

# OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256
_FEWEST_LETTERS: Final = 6
_STEP_SECONDS: Final = 30
# Without letters and digits that look alike: it is read from a screen and typed once.
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
# Verified for unknown logins, so that they take as long as known ones.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$Wjg76iXNZ0U/ueOsWIokXw$"
    "+d7pLSe6xKL4PTSwG1jH6eKyu+MehsxhJ3fdQWy0R44"
)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def hash_password(password: str) -> str:
    """The argon2id hash, worked out beside the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one; without a stored hash it takes as long and is not."""
    right = await asyncio.to_thread(_verify, stored or _NOBODY, password[:LONGEST_PASSWORD])
    return right and stored is not None


def check_password(password: str, login: str) -> None:
    """Raises `PasswordWeak`."""
    lowered = password.lower()
    if (
        not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
        or login.lower() in lowered
        or len(set(lowered)) < _FEWEST_LETTERS
    ):
        raise PasswordWeak(
            fields={"password": "identity-field-password"}, params={"least": SHORTEST_PASSWORD}
        )


def temporary_password() -> str:
    """Sixteen readable letters in groups of four, about 79 bits."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def new_totp_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them (RFC 6238)."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str) -> str:
    """What the QR code for an authenticator app holds."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Lá Chắn"))


def seal_totp(keyring: Keyring, officer_id: int, secret: str) -> bytes:
    """The secret as it is stored."""
    return keyring.seal(secret.encode(), about=f"officer_totp:{officer_id}")


def unseal_totp(keyring: Keyring, officer_id: int, sealed: bytes) -> str:
    """The stored secret."""
    return keyring.unseal(sealed, about=f"officer_totp:{officer_id}").decode()


def totp_step(secret: str, code: str, moment: float | None = None) -> int | None:
    """The 30-second step that `code` belongs to, one step early or late allowed; else None.

    Every candidate is compared, whichever matches: the time taken tells nothing.
    """
    current = int((time.time() if moment is None else moment) // _STEP_SECONDS)
    generator = pyotp.TOTP(secret)
    found = None
    for step in (current - 1, current, current + 1):
        if hmac.compare_digest(generator.at(step * _STEP_SECONDS).encode(), code.encode()):
            found = step
    return found
