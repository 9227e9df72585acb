"""Rules of doubt: figures from `doubts.toml`, and what they say. No clock, no database."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("doubts.toml")
EARTH_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG 1980)."""


class Kind(StrEnum):
    """What speaks against a visit."""

    DOUBLE_PRESENCE = "double_presence"
    FAR_FROM_USUAL = "far_from_usual"
    FLOOD = "flood"
    CLOCK_SKEW = "clock_skew"
    UNPROVED = "unproved"


class RulesError(ValueError):
    """The file of figures says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Travel:
    """How fast people get on, up to a distance."""

    up_to_km: float
    kmh: float
    fixed_minutes: float


@dataclass(frozen=True, slots=True)
class DoublePresence:
    least_km: float
    longest_hours: float
    travel: tuple[Travel, ...]


@dataclass(frozen=True, slots=True)
class FarFromUsual:
    km: float
    days: int
    usual_after_days: int


@dataclass(frozen=True, slots=True)
class Flood:
    days: int
    least: int
    times_busiest: float
    hours_known: int
    least_unknown: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All figures, with the version under which they were written."""

    version: str
    moving_kinds: tuple[str, ...]
    double_presence: DoublePresence
    far_from_usual: FarFromUsual
    flood: Flood
    clock_skew_seconds: int


def _figures(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table without its notes. Raises `KeyError` when it does not say where it is from."""
    rest = dict(table)
    rest.pop("source")
    rest.pop("verified")
    return rest


def load_rules(path: Path = _FILE) -> Rules:
    """Read the figures. Raises `RulesError`."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        double = _figures(raw["double_presence"])
        travel = tuple(Travel(**line) for line in double.pop("travel"))
        rules = Rules(
            version=raw["version"],
            moving_kinds=tuple(raw["moving_kinds"]),
            double_presence=DoublePresence(**double, travel=travel),
            far_from_usual=FarFromUsual(**_figures(raw["far_from_usual"])),
            flood=Flood(**_figures(raw["flood"])),
            clock_skew_seconds=_figures(raw["clock_skew"])["seconds"],
        )
    except (KeyError, TypeError) as error:
        raise RulesError(f"{path}: {error}") from None
    if not travel or [line.up_to_km for line in travel] != sorted(line.up_to_km for line in travel):
        raise RulesError(f"{path}: travel is a list of growing distances")
    if any(line.kmh <= 0 for line in travel):
        raise RulesError(f"{path}: nobody travels backwards")
    return rules


RULES: Final = load_rules()


@dataclass(frozen=True, slots=True)
class Position:
    """Where something is, in degrees, and how far off that may be, in km."""

    lat: float
    lon: float
    within_km: float = 0.0


def distance_km(a: Position, b: Position) -> float:
    """The great-circle distance, by the haversine formula."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    return (
        2
        * EARTH_KM
        * math.asin(
            min(1.0, math.sqrt(half_lat**2 + math.cos(lat_a) * math.cos(lat_b) * half_lon**2))
        )
    )


def sure_km(a: Position, b: Position) -> float:
    """How far two places are apart at least, given how sure it is where they are."""
    return max(0.0, distance_km(a, b) - a.within_km - b.within_km)


def least_minutes(km: float, travel: Sequence[Travel]) -> float:
    """The minutes that a person needs at least for a distance."""
    line = next((line for line in travel if km <= line.up_to_km), travel[-1])
    return line.fixed_minutes + 60 * km / line.kmh


@dataclass(frozen=True, slots=True)
class Presence:
    """A visit as far as doubt cares: when it is known that the person was there.

    `left_at` is None while the end is only reckoned: then nobody said that the person stayed.
    """

    place_id: int
    position: Position
    arrived_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Apart:
    """Two presences that one person cannot have had."""

    km: int
    minutes: int


def judge_pair(first: Presence, second: Presence, rules: DoublePresence) -> Apart | None:
    """Whether a person can have been at `first` and then at `second`.

    `second` did not begin before `first`. None when it can be, or when too little is known.
    """
    if first.place_id == second.place_id:
        return None
    km = sure_km(first.position, second.position)
    if km < rules.least_km:
        return None
    # Somebody checked out later than the other visit began: then there was no time at all.
    last_known = max(first.arrived_at, min(first.left_at or first.arrived_at, second.arrived_at))
    between = second.arrived_at - last_known
    if between > timedelta(hours=rules.longest_hours):
        return None
    minutes = between.total_seconds() / 60
    return Apart(round(km), round(minutes)) if minutes < least_minutes(km, rules.travel) else None


def is_flood(arrivals: int, busiest: int, hours: int, rules: Flood) -> bool:
    """Whether an hour's arrivals are far above what the place has.

    `busiest` is the most in one hour of the days before, `hours` in how many hours there was any.
    """
    if hours < rules.hours_known:
        return arrivals >= rules.least_unknown
    return arrivals >= max(rules.least, rules.times_busiest * busiest)
