"""Web Push without a network: which addresses may be written to, our key, what is said."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lachan.kit.crypto import Keyring

LONGEST_ENDPOINT: Final = 1_000
_AUTH_BYTES: Final = 16
_POINT_BYTES: Final = 65
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
_FIRST_WAIT_SECONDS: Final = 30
_LONGEST_WAIT_SECONDS: Final = 3 * 3600
# FIPS 186-5, the order of the group of P-256.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser's push service takes messages, and the keys to seal them with (base64url)."""

    endpoint: str
    p256dh: str
    auth: str

    def __repr__(self) -> str:
        # The address is a key to somebody's phone; it must not reach a log through a traceback.
        return "Subscription(…)"


def origin_of(endpoint: str) -> str:
    """Scheme, host and port of an address, as a push service wants to see itself named."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def is_allowed(endpoint: str, hosts: Sequence[str], test_origins: Sequence[str]) -> bool:
    """Whether we would ever send to this address.

    Only https on its own port, only hosts by name that are on the list: whoever subscribes says
    where our server sends requests, and must not be able to point it at anything else.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if any(mark in endpoint for mark in ' \\"<>') or "@" in parts.netloc:
        return False
    if origin_of(endpoint) in test_origins:
        return True
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or port not in {None, 443} or not host or host.endswith("."):
        return False
    return any(_matches(host, pattern) for pattern in hosts)


def _matches(host: str, pattern: str) -> bool:
    if not pattern.startswith("*."):
        return host == pattern
    # One label and no more: what stands before it cannot be a name of somebody else's.
    label, _, rest = host.partition(".")
    return bool(label) and rest == pattern[2:]


def is_public(address: str) -> bool:
    """Whether an address of a host is one of the open Internet, whatever form it is written in."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def decode_key(text: str) -> bytes:
    """Bytes of base64url with or without padding. Raises `ValueError`."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64url") from None


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a point on P-256 and a secret of 16 bytes (RFC 8291, 2.1 and 2.2)."""
    try:
        point, secret = decode_key(p256dh), decode_key(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == _POINT_BYTES and len(secret) == _AUTH_BYTES


def vapid_key(keyring: Keyring) -> ec.EllipticCurvePrivateKey:
    """The key by which push services know us (RFC 8292), the same as long as the key file is."""
    secret = int.from_bytes(keyring.derive("web push")) % (_ORDER - 1) + 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def public_key(keyring: Keyring) -> str:
    """What a browser needs to subscribe: the uncompressed point, base64url without padding."""
    point = vapid_key(keyring).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def wait_seconds(attempts: int, asked: int | None) -> int:
    """How long to wait after so many failed attempts; a service that names a time is obeyed."""
    ours = _FIRST_WAIT_SECONDS << max(0, attempts - 1)
    return min(_LONGEST_WAIT_SECONDS, max(ours, asked or 0))
