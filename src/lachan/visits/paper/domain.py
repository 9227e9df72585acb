"""What a row of a list means, and what about it a person has to decide. Pure: no clock, no I/O."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lachan.areas.domain import fold
from lachan.identity.credentials.domain import Document, Unreadable, read_shown
from lachan.identity.domain import normalise_phone, tidy_name
from lachan.kit.ids import normalise_code
from lachan.visits.domain import LONGEST_VISIT
from lachan.visits.paper.times import departure_of, moment_of, read_moment

CARD_LENGTH: Final = 12
CARD_PREFIX: Final = "LCC:"
LONGEST_CELL: Final = 300
FUTURE_TOLERANCE: Final = timedelta(minutes=2)
_SHOWN_PHONE: Final = "PHONE:"
_FORMULA: Final = re.compile(r"[=@＝＠]|[+\-＋－](?=[A-Za-z(|])")
_NATIONAL_ID: Final = re.compile(r"\d{12}|\d{9}")
# The number of an ID card begins with the zeros of its province's code; spreadsheets drop them.
_CUT_NATIONAL_ID: Final = re.compile(r"\d{10,11}")
_PASSPORT: Final = re.compile(r"[A-Z]{1,2}\d{6,8}")


class State(StrEnum):
    """What is to become of a row."""

    READY = "ready"
    DOUBTFUL = "doubtful"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a row is not simply taken; each is told by the message `paper-reason-<code>`."""

    PHONE_INVALID = "phone-invalid"
    DOCUMENT_INVALID = "document-invalid"
    CARD_INVALID = "card-invalid"
    CARD_UNKNOWN = "card-unknown"
    CARD_WITHDRAWN = "card-withdrawn"
    ARRIVAL_MISSING = "arrival-missing"
    ARRIVAL_UNREADABLE = "arrival-unreadable"
    DEPARTURE_UNREADABLE = "departure-unreadable"
    DAY_UNREADABLE = "day-unreadable"
    TIMES_IMPOSSIBLE = "times-impossible"
    IN_FUTURE = "in-future"
    OUTSIDE_HOURS = "outside-hours"
    OLD = "old"
    SAME_NAME = "same-name"
    PHONE_UNCONFIRMED = "phone-unconfirmed"
    SHOWN_UNREADABLE = "shown-unreadable"
    # The row is taken all the same.
    ROOM_UNKNOWN = "room-unknown"
    # The row cannot be taken as it is.
    NOBODY = "nobody"
    TOO_OLD = "too-old"
    FORMULA = "formula"
    REPEATED = "repeated"
    # Somebody said so.
    BY_HAND = "by-hand"


_HARMLESS: Final = frozenset({Reason.ROOM_UNKNOWN})
_HOPELESS: Final = frozenset({Reason.NOBODY, Reason.TOO_OLD, Reason.FORMULA, Reason.REPEATED})
# What one click may settle for many rows: each row by itself says who came and when.
SETTLED_TOGETHER: Final = frozenset(
    {
        Reason.OLD, Reason.OUTSIDE_HOURS, Reason.SAME_NAME, Reason.DEPARTURE_UNREADABLE,
        Reason.PHONE_UNCONFIRMED,
    }
)  # fmt: skip
# What somebody may not wave through: without these there is nothing to write.
NEEDS_CORRECTION: Final = frozenset(
    {
        Reason.ARRIVAL_MISSING, Reason.ARRIVAL_UNREADABLE, Reason.DAY_UNREADABLE, Reason.IN_FUTURE,
        Reason.TIMES_IMPOSSIBLE, Reason.CARD_INVALID, Reason.CARD_UNKNOWN, Reason.CARD_WITHDRAWN,
        Reason.SHOWN_UNREADABLE, *_HOPELESS,
    }
)  # fmt: skip
FIELD_OF: Final[Mapping[Reason, str]] = {
    Reason.PHONE_INVALID: "phone",
    Reason.PHONE_UNCONFIRMED: "phone",
    Reason.DOCUMENT_INVALID: "document",
    Reason.CARD_INVALID: "card",
    Reason.CARD_UNKNOWN: "card",
    Reason.CARD_WITHDRAWN: "card",
    Reason.ARRIVAL_MISSING: "arrival",
    Reason.ARRIVAL_UNREADABLE: "arrival",
    Reason.IN_FUTURE: "arrival",
    Reason.OUTSIDE_HOURS: "arrival",
    Reason.OLD: "arrival",
    Reason.TOO_OLD: "arrival",
    Reason.DAY_UNREADABLE: "day",
    Reason.DEPARTURE_UNREADABLE: "departure",
    Reason.TIMES_IMPOSSIBLE: "departure",
    Reason.SAME_NAME: "name",
    Reason.ROOM_UNKNOWN: "room",
}


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a row as they were written; `shown` is what a device read instead."""

    name: str = ""
    phone: str = ""
    document: str = ""
    card: str = ""
    day: str = ""
    arrival: str = ""
    departure: str = ""
    room: str = ""
    note: str = ""
    shown: str = ""
    # Why somebody refused the row, in their words.
    refusal: str = ""

    def __repr__(self) -> str:
        # Who came must not reach a log through a traceback.
        return "Written(…)"


# What people wrote; the rest is what a device read, and what somebody decided.
_CELLS: Final = tuple(field for field in Written.__slots__ if field not in {"shown", "refusal"})


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a row names: the first of these that is there identifies."""

    phone: str | None = None
    document: str | None = None
    card: str | None = None
    name: str | None = None

    @property
    def key(self) -> str:
        """One text a person, for comparing rows."""
        numbered = self.phone or self.document or self.card
        return numbered or (f"name:{fold(self.name)}" if self.name else "")

    @property
    def by_name_only(self) -> bool:
        return self.name is not None and not (self.phone or self.document or self.card)

    def __repr__(self) -> str:
        return "Who(…)"


def field_in_question(reason: Reason, written: Written) -> str:
    """The cell that a reason is about, empty where it is about the whole row."""
    if reason is Reason.FORMULA:
        return next((field for field in _CELLS if _FORMULA.match(getattr(written, field))), "")
    return FIELD_OF.get(reason, "")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a row is judged against."""

    moment: datetime
    zone: ZoneInfo
    # The day of rows that tell none.
    day: date | None
    # Folded name to id.
    rooms: Mapping[str, int]
    kept_from: datetime
    # Older rows wait for a decision; None: any age within what is kept is taken.
    sure_from: datetime | None
    usual_stay: timedelta
    open_at: Callable[[datetime], bool] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row says, as far as it can be read, and what is to become of it."""

    state: State
    reasons: tuple[Reason, ...]
    who: Who
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    room_id: int | None = None

    @property
    def key(self) -> str:
        """One text a stay: the same person, times and room is the same row."""
        times = [at.isoformat() if at else "" for at in (self.arrived_at, self.left_at)]
        return "|".join([self.who.key, *times, str(self.room_id or "")])

    def ends_at(self, usual_stay: timedelta) -> datetime:
        """When the stay was over, by the place's usual stay where nobody wrote it."""
        assert self.arrived_at is not None
        return self.left_at or self.arrived_at + usual_stay


def tidy_cells(written: Written) -> Written:
    """Cells in composed letters, without blanks at their ends, none longer than is kept."""

    def tidy(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).split())[:LONGEST_CELL]

    return Written(**{field: tidy(getattr(written, field)) for field in Written.__slots__})


def read_document(text: str) -> str | None:
    """The canonical number of an ID card or passport, None when it is not one."""
    number = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if _CUT_NATIONAL_ID.fullmatch(number):
        return number.zfill(12)
    return number if _NATIONAL_ID.fullmatch(number) or _PASSPORT.fullmatch(number) else None


def read_card(text: str) -> str | None:
    """The canonical number of a card, None when it is mistyped or none."""
    typed = text.strip().upper().removeprefix(CARD_PREFIX)
    return normalise_code(typed, CARD_LENGTH)


def unpack_shown(written: Written) -> Written:
    """A row that a device left, with what was shown put into its cell, as far as it is readable."""
    shown = written.shown.strip()
    if not shown:
        return written
    if shown.upper().startswith(_SHOWN_PHONE):
        return replace(written, phone=shown[len(_SHOWN_PHONE) :].partition(":")[0], shown="")
    if read_card(shown):
        return replace(written, card=shown, shown="")
    try:
        read = read_shown(shown)
    except Unreadable:
        return written
    if isinstance(read, Document):
        return replace(written, document=read.number, name=read.name, shown="")
    return written


def sort_out(typed: str) -> Written:
    """What somebody typed into the one box for "who": a card, a phone, a document, else a name."""
    text = typed.strip()
    if not any(letter.isdigit() for letter in text):
        return Written(name=text)
    if text.upper().startswith(CARD_PREFIX) or read_card(text):
        return Written(card=text)
    if normalise_phone(text):
        return Written(phone=text)
    if read_document(text):
        return Written(document=text)
    letters = sum(letter.isalpha() for letter in text)
    return Written(name=text) if letters > len(text) // 2 else Written(phone=text)


def judge(written: Written, setting: Setting) -> Judged:
    """Read a row and say what is to become of it."""
    if any(_FORMULA.match(getattr(written, field)) for field in _CELLS):
        return Judged(State.REFUSED, (Reason.FORMULA,), Who())
    who, reasons = read_who(written)
    arrived_at, left_at, problems = _times(written, setting)
    reasons += problems
    room_id = setting.rooms.get(fold(written.room)) if written.room else None
    if written.room and room_id is None:
        reasons.append(Reason.ROOM_UNKNOWN)
    return Judged(_state_of(reasons), tuple(reasons), who, arrived_at, left_at, room_id)


def _state_of(reasons: Sequence[Reason]) -> State:
    if not _HOPELESS.isdisjoint(reasons):
        return State.REFUSED
    return State.READY if _HARMLESS.issuperset(reasons) else State.DOUBTFUL


def read_who(written: Written) -> tuple[Who, list[Reason]]:
    """Whom a row names, and what is wrong with its numbers."""
    reasons: list[Reason] = []
    phone = normalise_phone(written.phone) if written.phone else None
    if written.phone and phone is None:
        reasons.append(Reason.PHONE_INVALID)
    document = read_document(written.document) if written.document else None
    if written.document and document is None:
        reasons.append(Reason.DOCUMENT_INVALID)
    card = read_card(written.card) if written.card else None
    if written.card and card is None:
        reasons.append(Reason.CARD_INVALID)
    who = Who(phone, document, card, tidy_name(written.name) or None)
    if not (who.key or reasons):
        reasons.append(Reason.NOBODY)
    return who, reasons


def _times(
    written: Written, setting: Setting
) -> tuple[datetime | None, datetime | None, list[Reason]]:
    today = setting.moment.astimezone(setting.zone).date()
    reasons: list[Reason] = []
    day = setting.day
    if written.day:
        read_day = read_moment(written.day, today)
        if read_day is None or read_day.day is None:
            return None, None, [Reason.DAY_UNREADABLE]
        day = read_day.day
    if not written.arrival:
        return None, None, [Reason.ARRIVAL_MISSING]
    read = read_moment(written.arrival, today)
    if read is not None and read.day is not None:
        day = read.day
    if read is None or read.hour is None or day is None:
        return None, None, [Reason.ARRIVAL_UNREADABLE]
    arrived_at = moment_of(day, read.hour, setting.zone)
    left_at = None
    if written.departure:
        left = read_moment(written.departure, today)
        if left is None or left.hour is None:
            reasons.append(Reason.DEPARTURE_UNREADABLE)
        else:
            left_at = departure_of(arrived_at, left, setting.zone)
            if left_at is None or left_at - arrived_at > LONGEST_VISIT:
                left_at = None
                reasons.append(Reason.TIMES_IMPOSSIBLE)
    reasons += _when(arrived_at, left_at, setting)
    return arrived_at, left_at, reasons


def _when(arrived_at: datetime, left_at: datetime | None, setting: Setting) -> list[Reason]:
    if arrived_at < setting.kept_from:
        return [Reason.TOO_OLD]
    if max(arrived_at, left_at or arrived_at) > setting.moment + FUTURE_TOLERANCE:
        return [Reason.IN_FUTURE]
    reasons = []
    if setting.sure_from is not None and arrived_at < setting.sure_from:
        reasons.append(Reason.OLD)
    if setting.open_at is not None and not setting.open_at(arrived_at):
        reasons.append(Reason.OUTSIDE_HOURS)
    return reasons


def find_namesakes(rows: Sequence[Judged], usual_stay: timedelta) -> list[Judged]:
    """The rows of a list, with those doubtful that share a bare name with another person's.

    A name without any number is the same person all through a list, unless that person would be
    there twice at a time, or somebody of that name has a number.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.who.name and row.arrived_at is not None and row.state is not State.REFUSED:
            by_name[fold(row.who.name)].append(number)
    judged = list(rows)
    for numbers in by_name.values():
        bare = [number for number in numbers if rows[number].who.by_name_only]
        numbered = len(bare) < len(numbers)
        for number in bare:
            others = [rows[other] for other in bare if other != number]
            if numbered or any(_together(rows[number], other, usual_stay) for other in others):
                judged[number] = with_reason(rows[number], Reason.SAME_NAME)
    return judged


def _together(one: Judged, other: Judged, usual_stay: timedelta) -> bool:
    assert one.arrived_at is not None
    assert other.arrived_at is not None
    if one.key == other.key:
        return False  # the same line twice, which is found as such
    return one.arrived_at < other.ends_at(usual_stay) and other.arrived_at < one.ends_at(usual_stay)


def with_reason(judged: Judged, reason: Reason) -> Judged:
    """The same row with one more reason, judged by all of them."""
    reasons = (*judged.reasons, reason)
    return replace(judged, state=_state_of(reasons), reasons=reasons)
