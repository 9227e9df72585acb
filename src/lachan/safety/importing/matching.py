"""Whether two facilities are one: likeness of names, distance, kind. No clock, no database.

The figures are data: see `matching.toml`.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lachan.areas.domain import fold
from lachan.places.reviews.domain import numbers_in, pieces_of
from lachan.safety.importing.domain import Row

_FILE: Final = Path(__file__).with_name("matching.toml")
_EARTH_METRES: Final = 6_371_000.0
_NAMES_KEPT: Final = 400_000


class RulesError(ValueError):
    """The file of rules says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Metres up to which two registers may put one facility: for sure, and perhaps."""

    sure: float
    maybe: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds; `verified` tells whether a published figure stands behind them."""

    version: str
    source: str
    verified: bool
    sure_likeness: float
    maybe_likeness: float
    spot_likeness: float
    spot_metres: float
    same_name_metres: float
    ward_metres: float
    reaches: Mapping[str, Reach]
    generic: frozenset[str]
    levels: Sequence[str]
    short: Mapping[str, str]

    def reach(self, kind: str) -> Reach:
        """The distances for a kind of place."""
        return self.reaches.get(kind) or self.reaches["other"]

    @property
    def farthest(self) -> float:
        """Metres within which any candidate but one of the same name lies."""
        return max(reach.maybe for reach in self.reaches.values())


def load_rules(path: Path = _FILE) -> Rules:
    """Read a file of rules. Raises `RulesError`."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        words = raw["words"]
        rules = Rules(
            raw["version"], raw["source"], raw["verified"], **raw["thresholds"],
            reaches={kind: Reach(**entry) for kind, entry in raw["metres"].items()},
            generic=frozenset(words["generic"]),
            levels=sorted(words["levels"], key=len, reverse=True),
            short=words["short"],
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise RulesError(f"{path}: {error}") from None
    if not 0 < rules.spot_likeness <= rules.maybe_likeness <= rules.sure_likeness <= 1:
        raise RulesError(f"{path}: likenesses are out of order")
    if "other" not in rules.reaches or any(
        not 0 < reach.sure <= reach.maybe for reach in rules.reaches.values()
    ):
        raise RulesError(f"{path}: metres are out of order, or [metres.other] is missing")
    return rules


RULES: Final = load_rules()


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: what sort of facility it says, its numbers, and the rest in pieces."""

    levels: frozenset[str]
    numbers: frozenset[str]
    core: frozenset[str]
    whole: str


@lru_cache(maxsize=_NAMES_KEPT)
def take_apart(name: str) -> Name:
    """A name as it is compared."""
    words = [RULES.short.get(word, word) for word in fold(name).split()]
    rest = f" {' '.join(words)} "
    levels = set()
    for level in RULES.levels:
        if f" {level} " in rest:
            levels.add(level)
            rest = rest.replace(f" {level} ", "  ")
    for word in RULES.generic:
        rest = rest.replace(f" {word} ", "  ")
    core = " ".join(rest.split())
    whole = " ".join([*sorted(levels), core])
    return Name(frozenset(levels), numbers_in(core), pieces_of(core), whole)


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1; 0 where they say different sorts or different numbers."""
    a, b = take_apart(one), take_apart(other)
    if a.whole == b.whole:
        return 1.0
    if a.levels and b.levels and not a.levels & b.levels:
        return 0.0
    if a.numbers and b.numbers and a.numbers != b.numbers:
        return 0.0
    if not a.core or not b.core:
        return 0.0
    share = 2 * len(a.core & b.core) / (len(a.core) + len(b.core))
    # A branch and a house without a number may be two: never for sure.
    return min(share, RULES.sure_likeness - 0.01) if a.numbers != b.numbers else share


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The straight way between two positions (degrees, WGS 84) on a sphere."""
    north = math.radians(b[0] - a[0])
    east = math.radians(b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return _EARTH_METRES * math.hypot(north, east)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a line may be: registered already (`place_id`), or an earlier line (`twin`)."""

    name: str
    kind: str
    area: str
    lat: float | None
    lon: float | None
    place_id: int | None = None
    twin: int | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    sure: bool
    reason: str
    likeness: float
    metres: float | None
    candidate: Candidate

    @property
    def rank(self) -> tuple[bool, float, float]:
        far = RULES.same_name_metres if self.metres is None else self.metres
        return (not self.sure, -round(self.likeness, 2), far)


def match(row: Row, candidates: Iterable[Candidate]) -> Row:
    """The row `matched`, `doubtful` or as it was, by the nearest of `candidates`."""
    hits = [hit for candidate in candidates if (hit := _hold(row, candidate)) is not None]
    if not hits:
        return row
    best, *others = sorted(hits, key=lambda hit: hit.rank)
    # Two places that both look right: which of them, a person knows.
    several = best.sure and any(other.rank[:2] == best.rank[:2] for other in others)
    sure = best.sure and not several and row.verdict == "new"
    return replace(
        row,
        verdict="matched" if sure else "doubtful",
        reason="" if sure else row.reason or ("several" if several else best.reason),
        place_id=best.candidate.place_id,
        twin=best.candidate.twin,
        likeness=round(best.likeness, 3),
        metres=None if best.metres is None else round(best.metres),
    )


def _hold(row: Row, other: Candidate) -> _Hit | None:
    """What speaks for a row being `other`; None where nothing does."""
    alike = likeness(row.name, other.name)
    if alike < RULES.spot_likeness:
        return None
    if row.lat is None or row.lon is None or other.lat is None or other.lon is None:
        return _by_ward(row, other, alike)
    metres = metres_between((row.lat, row.lon), (other.lat, other.lon))
    return _by_distance(row, other, alike, metres)


def _by_ward(row: Row, other: Candidate, alike: float) -> _Hit | None:
    """One of the two has no position: the ward has to do."""
    if row.area != other.area or alike < RULES.maybe_likeness:
        return None
    if row.kind != other.kind:
        return _Hit(False, "other-kind", alike, None, other) if alike == 1 else None
    return _Hit(alike >= RULES.sure_likeness, "alike", alike, None, other)


def _by_distance(row: Row, other: Candidate, alike: float, metres: float) -> _Hit | None:
    reach = RULES.reach(row.kind)
    if row.kind != other.kind:
        near = alike >= RULES.sure_likeness and metres <= reach.sure
        return _Hit(False, "other-kind", alike, metres, other) if near else None
    if alike >= RULES.sure_likeness and metres <= reach.sure:
        return _Hit(True, "", alike, metres, other)
    if alike >= RULES.maybe_likeness and metres <= reach.maybe:
        return _Hit(False, "alike", alike, metres, other)
    if metres <= RULES.spot_metres:
        return _Hit(False, "same-spot", alike, metres, other)
    if alike == 1 and row.area == other.area and metres <= RULES.same_name_metres:
        return _Hit(False, "far", alike, metres, other)
    return None
