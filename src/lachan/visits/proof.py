"""Whether somebody who scans stands at the door: codes of a display that change each minute.

The display shows `/p/<code>?d=<token>` as a QR picture, and three digits for whoever scanned the
paper poster instead. Both follow from a key of the place and the minute, so nothing is stored and
a picture of yesterday opens nothing. A page that was opened with a fresh token holds a ticket,
because the person may have to type a phone number first. Pure functions: no clock, no database.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from lachan.kit.crypto import Keyring
from lachan.kit.http.rate import RateLimit
from lachan.kit.ids import ALPHABET
from lachan.visits.errors import DoorCodeNeeded

Policy = Literal["off", "optional", "required"]
Proof = Literal["none", "display", "challenge"]

TOKEN_LENGTH: Final = 8
DIGITS: Final = 3
TICKET_LASTS: Final = timedelta(minutes=10)
_MINUTE: Final = 60
_TICKET: Final = "T"
_MAC: Final = 10
_SECOND: Final = re.compile(r"[0-9]{1,12}")
# Three digits are guessed by one in three hundred: five tries, then one in ten minutes.
_A_TRY: Final = 10.0
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class DoorCode:
    """What a display shows during one minute."""

    token: str
    digits: str
    ends_at: datetime


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // _MINUTE


def _mac(key: bytes, purpose: str, number: int) -> bytes:
    return hmac.digest(key, f"{purpose}:{number}".encode(), "sha256")


def _token(key: bytes, minute: int) -> str:
    mac = _mac(key, "token", minute)
    return "".join(ALPHABET[byte & 31] for byte in mac[:TOKEN_LENGTH])


def _digits(key: bytes, minute: int) -> str:
    number = int.from_bytes(_mac(key, "digits", minute)[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def door_code(key: bytes, moment: datetime) -> DoorCode:
    """The code of the minute in which `moment` lies."""
    minute = _minute(moment)
    ends_at = datetime.fromtimestamp((minute + 1) * _MINUTE, UTC)
    return DoorCode(_token(key, minute), _digits(key, minute), ends_at)


def ticket(key: bytes, moment: datetime) -> str:
    """A note for a page's form that at `moment` a right token was shown."""
    second = int(moment.timestamp())
    mac = base64.b32encode(_mac(key, "ticket", second)[:_MAC]).decode()
    return f"{_TICKET}{second}.{mac}"


def _is_ticket_right(key: bytes, given: str, at: datetime) -> bool:
    second, dot, _ = given.removeprefix(_TICKET).partition(".")
    if not dot or not _SECOND.fullmatch(second):
        return False
    age = at.timestamp() - int(second)
    if not -_MINUTE <= age <= TICKET_LASTS.total_seconds():
        return False
    return hmac.compare_digest(given, ticket(key, datetime.fromtimestamp(int(second), UTC)))


def judge(key: bytes, given: str, at: datetime, *, offline: bool) -> Proof:
    """What `given` proves about the moment `at` for which the scan counts.

    A code holds in its minute and in the next, for whoever types slowly; judged by a device's own
    clock, which may be ahead a little, also in the minute before.
    """
    shown = given.strip().upper()
    minute = _minute(at)
    minutes = (minute, minute - 1, minute + 1) if offline else (minute, minute - 1)
    if shown.startswith(_TICKET) and "." in shown:
        return "display" if _is_ticket_right(key, shown, at) else "none"
    if len(shown) == DIGITS:
        right = [hmac.compare_digest(shown.encode(), _digits(key, one).encode()) for one in minutes]
        return "challenge" if any(right) else "none"
    right = [hmac.compare_digest(shown.encode(), _token(key, one).encode()) for one in minutes]
    return "display" if any(right) else "none"


class Doors:
    """Judges scans at places that ask for proof; slows down who guesses."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._tries = RateLimit(1, burst=int(_A_TRY * _TRIES))

    def key_of(self, place_id: int) -> bytes:
        """The key of a place's display."""
        return self._keyring.derive(f"display:{place_id}")

    def check(
        self,
        policy: Policy,
        place_id: int,
        given: str | None,
        at: datetime,
        *,
        offline: bool,
        person_id: int,
    ) -> Proof:
        """How the scan is proved.

        Raises `DoorCodeNeeded` where proof is required and none or a wrong one is given, and
        `TooManyRequests` for a person who tried digits too often at this place.
        """
        if policy == "off":
            return "none"
        if not given:
            if policy == "required":
                raise DoorCodeNeeded(fields={"proof": "visits-field-door-code"})
            return "none"
        if len(given.strip()) == DIGITS:
            # Right answers cost a try as well, so that an empty bucket tells nothing.
            self._tries.check(f"{person_id}:{place_id}", _A_TRY)
        proof = judge(self.key_of(place_id), given, at, offline=offline)
        if proof == "none" and policy == "required":
            raise DoorCodeNeeded(fields={"proof": "visits-field-door-code-wrong"})
        return proof
