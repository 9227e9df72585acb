"""Sealing of personal data, blind indexes, and the key file that stays outside the database.

A sealed value is AES-256-GCM under a data key of its own; the data key is wrapped, again with
AES-256-GCM, by a key-encryption key from the key file. Rotation makes a new key-encryption key and
rewraps data keys; the sealed text itself is not touched. Layout of a sealed value:

    1 byte format (1) | 2 bytes key id | 12 nonce | 48 wrapped data key | 12 nonce | sealed text
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = 1
_NONCE = 12
_WRAPPED = 48
_HEADER = 3


class KeyFileError(RuntimeError):
    """The key file is missing, unreadable, or open to others."""


class SealBroken(RuntimeError):
    """A sealed value was altered, belongs to another record, or its key is not in the key file."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys of one deployment: key-encryption keys by id, and a root for everything derived."""

    active: int
    wrapping: dict[int, bytes]
    root: bytes
    path: Path | None = field(default=None, compare=False)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for `purpose`, the same on every start (HMAC-SHA256 of the root)."""
        return hmac.digest(self.root, purpose.encode(), "sha256")

    def blind_index(self, purpose: str, value: str) -> bytes:
        """An exact-match index of `value` that tells nothing without the key file."""
        return hmac.digest(self.derive(f"index:{purpose}"), value.encode(), "sha256")

    def seal(self, text: bytes, *, about: str) -> bytes:
        """Seal `text` for the record named `about`; it opens only under the same name."""
        data_key = AESGCM.generate_key(bit_length=256)
        header = bytes([_FORMAT]) + self.active.to_bytes(2, "big")
        bound = header + about.encode()
        nonce, inner = os.urandom(_NONCE), os.urandom(_NONCE)
        wrapped = AESGCM(self.wrapping[self.active]).encrypt(nonce, data_key, bound)
        # The sealed text is bound to the record only, not to the wrapping key: see `rewrap`.
        return (
            header + nonce + wrapped + inner + AESGCM(data_key).encrypt(inner, text, about.encode())
        )

    def unseal(self, sealed: bytes, *, about: str) -> bytes:
        """Open what `seal` closed. Raises `SealBroken`."""
        data_key, rest = self._unwrap(sealed, about)
        try:
            return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], about.encode())
        except InvalidTag:
            raise SealBroken(about.partition(":")[0]) from None

    def rewrap(self, sealed: bytes, *, about: str) -> bytes:
        """The same sealed text with its data key wrapped by the active key. Raises `SealBroken`."""
        if key_id(sealed) == self.active:
            return sealed
        data_key, rest = self._unwrap(sealed, about)
        header = bytes([_FORMAT]) + self.active.to_bytes(2, "big")
        nonce = os.urandom(_NONCE)
        bound = header + about.encode()
        return (
            header + nonce + AESGCM(self.wrapping[self.active]).encrypt(nonce, data_key, bound)
        ) + rest

    def _newer(self, wanted: int) -> bytes | None:
        """A key that a rotation put into the key file after this process had read it."""
        if self.path is None:
            return None
        try:
            self.wrapping.update(load_keyring(self.path).wrapping)
        except KeyFileError:
            return None
        return self.wrapping.get(wanted)

    def _unwrap(self, sealed: bytes, about: str) -> tuple[bytes, bytes]:
        kind = about.partition(":")[0]
        if len(sealed) < _HEADER + _NONCE + _WRAPPED + _NONCE or sealed[0] != _FORMAT:
            raise SealBroken(kind)
        wrapping = self.wrapping.get(key_id(sealed)) or self._newer(key_id(sealed))
        if wrapping is None:
            raise SealBroken(kind)
        end = _HEADER + _NONCE + _WRAPPED
        bound = sealed[:_HEADER] + about.encode()
        try:
            data_key = AESGCM(wrapping).decrypt(
                sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE : end], bound
            )
        except InvalidTag:
            raise SealBroken(kind) from None
        return data_key, sealed[end:]


def key_id(sealed: bytes) -> int:
    """Which key-encryption key wraps this value."""
    return int.from_bytes(sealed[1:_HEADER], "big")


def token_hash(token: str) -> bytes:
    """What is stored of a bearer token: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def load_keyring(path: Path) -> Keyring:
    """Read the key file. Raises `KeyFileError` when it is missing, broken or open to others."""
    try:
        mode = path.stat().st_mode & 0o777
        raw = json.loads(path.read_text())
        keyring = Keyring(
            active=int(raw["active"]),
            wrapping={int(key): base64.b64decode(value) for key, value in raw["wrapping"].items()},
            root=base64.b64decode(raw["root"]),
            path=path,
        )
    except FileNotFoundError:
        raise KeyFileError(
            f"there is no key file at {path}; restore it from your back-up, or start with an empty "
            "database to have a new one made"
        ) from None
    except (ValueError, KeyError, OSError) as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error}") from None
    if mode & 0o077:
        raise KeyFileError(f"the key file {path} is open to others; run: chmod 600 {path}")
    if keyring.active not in keyring.wrapping:
        raise KeyFileError(f"the key file {path} does not hold its active key {keyring.active}")
    return keyring


def save_keyring(path: Path, keyring: Keyring) -> None:
    """Write the key file with mode 0600, in one step, durable before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    body = json.dumps(
        {
            "active": keyring.active,
            "wrapping": {
                str(key): base64.b64encode(value).decode()
                for key, value in sorted(keyring.wrapping.items())
            },
            "root": base64.b64encode(keyring.root).decode(),
        },
        indent=1,
    )
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def new_keyring() -> Keyring:
    """A fresh set of keys, for the first run."""
    return Keyring(active=1, wrapping={1: os.urandom(32)}, root=os.urandom(32))


def rotated(keyring: Keyring) -> Keyring:
    """The same keyring with a new active key-encryption key; older ones stay to open old data."""
    active = max(keyring.wrapping) + 1
    return Keyring(
        active=active,
        wrapping={**keyring.wrapping, active: os.urandom(32)},
        root=keyring.root,
        path=keyring.path,
    )


def ensure_keyring(path: Path) -> Keyring:
    """The keyring at `path`, made on the first run. Raises `KeyFileError`."""
    if not path.exists():
        save_keyring(path, new_keyring())
    return load_keyring(path)
