"""What a certificate says, signed so that anybody can tell a forged one without asking us.

29 bytes of words and 64 of Ed25519 (RFC 8032) in base64url: the address stays short enough for a
picture that an old phone reads from a door.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lachan.kit.crypto import Keyring

_VERSION: Final = 1
_SHAPE: Final = struct.Struct(">BQQIHHI")
_SIGNATURE: Final = 64
_PURPOSE: Final = "safety certificate"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A place was safe on a day: by which version of which set, with what, how many days on end."""

    place_id: int
    set_id: int
    day: date
    score: int
    maximum: int
    streak: int


def _key(keyring: Keyring) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring.derive(_PURPOSE))


def public_key(keyring: Keyring) -> str:
    """The key that certificates are checked with, base64url without padding."""
    raw = _key(keyring).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _encode(raw)


def sign(keyring: Keyring, certificate: Certificate) -> str:
    """A certificate as it stands in the address of its picture."""
    words = _SHAPE.pack(
        _VERSION,
        certificate.place_id,
        certificate.set_id,
        certificate.day.toordinal(),
        certificate.score,
        certificate.maximum,
        certificate.streak,
    )
    return _encode(words + _key(keyring).sign(words))


def read(keyring: Keyring, token: str) -> Certificate | None:
    """The certificate in an address; None when we did not sign it."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # The one way to write these bytes: a certificate has one address.
    if len(raw) != _SHAPE.size + _SIGNATURE or _encode(raw) != token:
        return None
    words, signature = raw[: _SHAPE.size], raw[_SHAPE.size :]
    try:
        _key(keyring).public_key().verify(signature, words)
    except InvalidSignature:
        return None
    version, place, criteria, day, score, maximum, streak = _SHAPE.unpack(words)
    if version != _VERSION:
        return None
    return Certificate(place, criteria, date.fromordinal(day), score, maximum, streak)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
