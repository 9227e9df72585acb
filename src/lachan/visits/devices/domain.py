"""Rules of devices that need neither clock nor database: their clocks, and the names of scans."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from lachan.identity.credentials.domain import TYPED_PHONE, is_typed_phone, trimmed
from lachan.identity.domain import normalise_phone

CLOCK_EXACT = timedelta(seconds=5)
"""A clock this near ours is taken as right: the way of a request takes as long."""
CLOCK_CORRECTABLE = timedelta(days=1)
"""Beyond this the clock says nothing; somebody has to set it."""
MOST_SCANS = 500
LONGEST_SHOWN = 1_000


def clock_offset(sent_at: datetime, received_at: datetime) -> timedelta | None:
    """How far a device's clock runs ahead of ours (behind: negative), None when it is hopeless.

    `sent_at` is what the device's clock showed as it sent, `received_at` ours as we got it.
    """
    offset = sent_at - received_at
    if abs(offset) > CLOCK_CORRECTABLE:
        return None
    return offset if abs(offset) > CLOCK_EXACT else timedelta(0)


def corrected(at: datetime | None, offset: timedelta) -> datetime | None:
    """The moment of a scan by our clock, from that of a device whose clock is off by `offset`."""
    return None if at is None else at - offset


def scan_name(device_id: int, scan_id: UUID) -> UUID:
    """The id under which a device's scan is kept.

    Each device names its scans as it likes: two that use the same id, by mistake or on purpose,
    must not pass for one scan sent twice.
    """
    digest = hashlib.blake2b(scan_id.bytes, digest_size=16, key=device_id.to_bytes(8, "big"))
    return UUID(bytes=digest.digest(), version=5)


def ask_name(device_id: int, scan_id: UUID, shown: str) -> UUID:
    """The id under which the answer to a question is kept: the same text in the same scan."""
    name = scan_name(device_id, scan_id)
    digest = hashlib.blake2b(shown.encode(), digest_size=16, key=name.bytes)
    return UUID(bytes=digest.digest(), version=5)


def is_phone(shown: object) -> bool:
    """Whether a phone number was typed, with a code or without."""
    return isinstance(shown, str) and is_typed_phone(shown)


def is_unconfirmed_phone(shown: str) -> bool:
    """Whether a phone number was typed and no code: nobody could be texted, off line say."""
    if not is_typed_phone(shown):
        return False
    number, _, code = trimmed(shown)[len(TYPED_PHONE) :].partition(":")
    return not code.strip() and normalise_phone(number) is not None
