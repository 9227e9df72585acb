"""What a list says of a facility, and what may be said of it before any other is looked at.

No clock, no database, no file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from lachan.areas.domain import fold, in_jurisdiction
from lachan.kit.tables import escape_cell
from lachan.places.bulk.domain import Wards
from lachan.places.domain import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    Position,
    is_printable,
    judge_position,
    tidy,
)

Verdict = Literal["new", "known", "matched", "doubtful", "refused"]
"""known: this number of the register is a place already. matched: it is one by name and distance.
doubtful: it may be one, a person says. refused: cannot be taken as it stands."""
VERDICTS: Final[tuple[Verdict, ...]] = ("new", "matched", "known", "doubtful", "refused")
REF_LENGTH: Final = 100

REASONS: Final = (
    "abroad", "address-too-long", "formula", "kind-unknown", "name-missing", "name-too-long",
    "name-unprintable", "not-a-feature", "nowhere", "off-land", "outside-area", "position-half",
    "position-invalid", "ref-too-long", "ref-twice", "swapped", "ward-unknown",
)  # fmt: skip
"""Why a line is refused; each is the end of a Fluent message."""
DOUBTS: Final = (
    "alike",
    "far",
    "other-kind",
    "ref-differs",
    "same-spot",
    "several",
    "ward-differs",
)
"""Why a person has to say."""
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says of one facility. `trouble` is a reason met while reading it.

    `kind` is a word of the list or, where tags said it, one of our codes.
    """

    line: int
    name: str
    kind: str
    ref: str = ""
    address: str = ""
    ward: str = ""
    province: str = ""
    lat: float | None = None
    lon: float | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A facility of a list with what will come of it.

    `place_id` is the place it is or may be, `twin` the line of the same list that it repeats;
    `likeness` (0 to 1) and `metres` say how near that one is.
    """

    line: int
    ref: str
    name: str
    kind: str
    area: str
    address: str
    lat: float | None
    lon: float | None
    verdict: Verdict
    reason: str = ""
    place_id: int | None = None
    twin: int | None = None
    likeness: float | None = None
    metres: int | None = None

    def refused(self, reason: str) -> "Row":
        """The same, refused."""
        return replace(self, verdict="refused", reason=reason)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the words of a list are held against.

    `kinds` maps folded words to codes; `roots` are the areas in which the sender may register, None
    for all.
    """

    wards: Wards
    kinds: Mapping[str, str]
    roots: Sequence[str] | None


def storable(text: str) -> str:
    """`text` with a mark for each letter that the database cannot hold: zero, half a surrogate."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def judge(found: Found, terms: Terms) -> Row:
    """A line as `new` or `refused`; its ward is the one it names, empty where it names none."""
    name, address, ref = tidy(found.name), tidy(found.address), tidy(found.ref)
    kind = terms.kinds.get(fold(found.kind), "")
    area = terms.wards.find(found.ward, found.province) if found.ward else None
    # What is refused is kept as well, as far as it can be.
    row = Row(
        found.line, storable(ref)[: REF_LENGTH + 1], storable(name)[:NAME_LENGTH],
        kind or storable(found.kind)[:60], area or "", storable(address)[:ADDRESS_LENGTH],
        found.lat, found.lon, "new",
    )  # fmt: skip
    reason = (
        found.trouble
        or _text_trouble(name, address, ref)
        or ("" if kind else "kind-unknown")
        or _position_trouble(found.lat, found.lon)
    )
    if not reason and found.lat is None and area is None:
        reason = "ward-unknown" if found.ward else "nowhere"
    if reason in {"position-half", "position-invalid", "swapped", "abroad"}:
        # As it stood in the list, so that the sender recognises it; the database takes degrees.
        row = replace(row, lat=_degrees(found.lat, 90), lon=_degrees(found.lon, 180))
    return row.refused(reason) if reason else row


def _degrees(value: float | None, most: int) -> float | None:
    return value if value is not None and -most <= value <= most else None


def _text_trouble(name: str, address: str, ref: str) -> str:
    troubles = {
        "name-missing": not name,
        "name-too-long": len(name) > NAME_LENGTH,
        "address-too-long": len(address) > ADDRESS_LENGTH,
        "ref-too-long": len(ref) > REF_LENGTH,
        "name-unprintable": not all(is_printable(text) for text in (name, address, ref)),
        # No facility is called so; whoever opened the list in a spreadsheet would run it.
        "formula": any(escape_cell(text) != text for text in (name, address, ref)),
    }
    return next((reason for reason, met in troubles.items() if met), "")


def _position_trouble(lat: float | None, lon: float | None) -> str:
    if (lat is None) != (lon is None):
        return "position-half"
    if lat is None or lon is None:
        return ""
    match judge_position(lat, lon):
        case Position.SWAPPED:
            return "swapped"
        case Position.OUTSIDE:
            return "abroad"
        case Position.INSIDE:
            return ""


def settle_ward(
    row: Row, at: str | None, away_metres: float | None, most: float, terms: Terms
) -> Row:
    """The row in its ward: the one it names, else the one at its position, `at`.

    `away_metres` is how far the position lies outside the ward that is named. A ward and a position
    that contradict each other are for a person to settle.
    """
    if row.verdict == "refused":
        return row
    if row.lat is not None and at is None:
        return row.refused("off-land")
    area = row.area or at or ""
    row = replace(row, area=area)
    if terms.roots is not None and not in_jurisdiction(terms.roots, area):
        return row.refused("outside-area")
    if away_metres is not None and away_metres > most:
        return replace(row, verdict="doubtful", reason="ward-differs")
    return row
