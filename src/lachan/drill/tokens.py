"""Session tokens of drill people, which the edge can tell from all others without asking anybody.

A drill sends thousands of people's requests from one address, where the limit per address would
throttle it, and with it everybody who happens to share that address. So a drill's token says what
it is: a marker, random bits, the hour it ends, and a MAC under a key derived from the key file. The
edge lets such requests past the limit per address; every other rule still holds, and only an
officer with the role admin can have tokens made. Nobody without the key file can forge one, and one
that is kept after the drill stops counting when its hour comes.

Layout, 32 bytes: 3 marker | 9 random | 4 hours since 1970 | 16 MAC; base64url without padding is
as long as every other session token.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from lachan.kit.crypto import Keyring

_MARKER = "dril"
_MARKER_BYTES = base64.urlsafe_b64decode(_MARKER)
_BODY = 16
_HOUR = timedelta(hours=1)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:16]


def _key(keyring: Keyring) -> bytes:
    return keyring.derive("drill token")


def token_maker(keyring: Keyring, ends_at: datetime) -> Callable[[], str]:
    """Makes tokens that pass the limit per address until the hour after `ends_at`."""
    key = _key(keyring)
    hours = (int(ends_at.timestamp()) // int(_HOUR.total_seconds()) + 1).to_bytes(4, "big")

    def make() -> str:
        body = _MARKER_BYTES + os.urandom(9) + hours
        return base64.urlsafe_b64encode(body + _mac(key, body)).decode().rstrip("=")

    return make


def is_drill_token(key: bytes, token: str, moment: datetime) -> bool:
    """Whether `token` was made for a drill that still runs at `moment`."""
    if not token.startswith(_MARKER):
        return False
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except (binascii.Error, ValueError):
        return False
    body, mac = raw[:_BODY], raw[_BODY:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        return False
    return int.from_bytes(body[12:], "big") * _HOUR.total_seconds() > moment.timestamp()


def waiver(keyring: Keyring, clock: Callable[[], datetime]) -> Callable[[Mapping[str, str]], bool]:
    """Tells for a request's headers whether the limit per address does not bind it."""
    key = _key(keyring)

    def waives(headers: Mapping[str, str]) -> bool:
        given = headers.get("authorization", "")
        named = headers.get("x-lachan-drill")
        if named is not None:
            # A door of the drill: its own key says nothing, so it shows the token of a person.
            return is_drill_token(key, named, clock())
        # Nearly every request ends here: a drill's token is recognised by its first letters.
        if not given.startswith(f"Bearer {_MARKER}"):
            return False
        return is_drill_token(key, given[7:], clock())

    return waives
