"""Answers from the public: what a report may say, what it weighs, what a flood is. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from lachan.kit.clock import day_bounds, local_day

State = Literal["held", "open", "answered", "reopened", "confirmed", "dismissed", "closed"]
Proof = Literal["none", "phone", "visit"]
Decision = Literal["confirmed", "dismissed", "closed"]

STATES: Final[tuple[State, ...]] = get_args(State)
WAITING: Final[tuple[State, ...]] = ("open", "reopened")
"""The place owes an answer."""
DECIDED: Final[tuple[State, ...]] = ("confirmed", "dismissed", "closed")

WEIGHT: Final[Mapping[Proof, int]] = {"none": 1, "phone": 2, "visit": 3}
"""Somebody with a phone number can be one person only; somebody who was there may have seen it."""

LONGEST: Final = 1000
SHORTEST: Final = 10
LEAST_INDEPENDENT: Final = 2
"""One voice alone never turns a place, whatever it weighs."""

HANDLE_LENGTH: Final = 16
"""Fifteen random symbols (75 bits) and a check symbol."""

# An address that a reader might open: with a scheme, with www, or a name that ends as sites do.
_LINK: Final = re.compile(
    r"(?:https?|ftp)\s*:|www\s*\.|\b[\w-]+\.(?:vn|com|net|org|info|xyz|top|link|me|io|ly|gl|biz)\b",
    re.IGNORECASE,
)
_UNPRINTABLE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def proof_of(*, signed_in: bool, was_here: bool) -> Proof:
    """What stands behind a report. A visit is known only of somebody who is signed in."""
    if not signed_in:
        return "none"
    return "visit" if was_here else "phone"


def first_state(*, of_place: int, of_source: int, per_place: int, per_source: int) -> State:
    """`held` when a day's reports on the place, or of one source, are over what people send.

    Nothing is lost: what is held waits for an inspector, and the place does not see it till then.
    """
    return "held" if of_place >= per_place or of_source >= per_source else "open"


def turns_yellow(reporters: int, weight: int, least_weight: int) -> bool:
    """Whether confirmed reports hold a place at yellow: several people, and weight enough."""
    return reporters >= LEAST_INDEPENDENT and weight >= least_weight


def tidy_body(typed: str) -> str:
    """A report with composed letters, plain line ends and no blanks around its lines."""
    text = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def wrong_with(body: str, *, shortest: int = SHORTEST) -> str | None:
    """The Fluent key of what is wrong with a tidy text, or None."""
    if not body:
        return "field-missing"
    if len(body) > LONGEST:
        return "field-too-long"
    if len(body) < shortest:
        return "feedback-field-too-short"
    if any(unicodedata.category(one) in _UNPRINTABLE for one in body if one != "\n"):
        return "feedback-field-letters"
    if _LINK.search(body):
        return "feedback-field-link"
    return None


def due_of(moment: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """By when a place answers: the end of the local day in which its hours run out.

    To the second, the deadline would tell the place when the report was made, and so by whom.
    """
    return day_bounds(local_day(moment + timedelta(hours=hours), zone), zone)[1]


def is_overdue(state: State, due_at: datetime, moment: datetime) -> bool:
    """Whether a place has let its time pass."""
    return state in WAITING and due_at < moment
