"""Disease profiles: every number that belongs to a disease, with its source, read from data.

A profile is one TOML file in `data/`. It is checked whole when the program starts: a missing or
impossible number stops the start and says which, because a trace made with it would be wrong
without anybody noticing.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from lachan.kit.errors import Problem

FOLDER: Final = Path(__file__).with_name("data")
Ventilation = Literal["outdoor", "good", "normal", "poor", "unknown"]
VENTILATIONS: Final[tuple[Ventilation, ...]] = get_args(Ventilation)
MOST_LEVELS: Final = 5
_LONGEST_LINGERING_MINUTES: Final = 24 * 60
_LONGEST_DAYS: Final = 366


class ProfileError(ValueError):
    """A profile is missing something, or says something that cannot be."""


class DiseaseUnknown(Problem):
    """There is no profile of this disease."""

    code = "disease-unknown"
    status = 422


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a number comes from; `verified` when the publication was at hand."""

    source: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Incubation:
    """Days from infection to onset."""

    min: int
    median: int
    max: int


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Local days around a reference day (day 0), both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a disease, as far as tracing and follow-up need it.

    `lingering_minutes` is by ventilation class; the minimum minutes are summed over a local day at
    one place. `basis` names the source of each group of numbers by its name in the file.
    """

    code: str
    version: str
    case_prefix: str
    incubation: Incubation
    infectious_days: DaySpan
    infectious_days_without_symptoms: DaySpan
    same_room_minutes: int
    same_place_minutes: int
    lingering_minutes: Mapping[Ventilation, int]
    follow_up_days: int
    max_level: int
    retention_days: int
    basis: Mapping[str, Basis]

    @property
    def name_key(self) -> str:
        """The Fluent message that names the disease."""
        return f"diseases-{self.code}"


class _Reader:
    """Takes one file apart, naming file and key in everything it refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ProfileError(f"{path}: {error}") from None
        self._sources = self._table(self._raw, "sources")
        self.basis: dict[str, Basis] = {}
        self._known = {"sources"}

    def fail(self, what: str) -> ProfileError:
        return ProfileError(f"{self._path.name}: {what}")

    def _table(self, within: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        table = within.get(name)
        if not isinstance(table, dict) or not table:
            raise self.fail(f"[{name}] is missing")
        return table

    def text(self, name: str) -> str:
        self._known.add(name)
        value = self._raw.get(name)
        if not isinstance(value, str) or not value:
            raise self.fail(f"{name} is missing")
        return value

    def numbers(self, name: str, keys: tuple[str, ...], least: int, most: int) -> list[int]:
        """The numbers of a group, in the order of `keys`, after noting where they come from."""
        self._known.add(name)
        group = self._table(self._raw, name)
        unknown = set(group) - {*keys, "source", "verified", "note"}
        if unknown:
            raise self.fail(f"[{name}] has no {min(unknown)}")
        self._note_basis(name, group)
        numbers = []
        for key in keys:
            value = group.get(key)
            if not isinstance(value, int) or isinstance(value, bool):
                raise self.fail(f"{name}.{key} is not a whole number")
            if not least <= value <= most:
                raise self.fail(f"{name}.{key} is not between {least} and {most}")
            numbers.append(value)
        return numbers

    def _note_basis(self, name: str, group: Mapping[str, Any]) -> None:
        source, verified = group.get("source"), group.get("verified")
        if not isinstance(source, str) or source not in self._sources:
            raise self.fail(f"{name}.source is not in [sources]")
        if not isinstance(verified, bool):
            raise self.fail(f"{name}.verified says neither true nor false")
        self.basis[name] = Basis(
            str(self._sources[source]), verified, str(group.get("note", "")).strip()
        )

    def check_nothing_else(self) -> None:
        unknown = set(self._raw) - self._known
        if unknown:
            raise self.fail(f"there is no such thing as {min(unknown)}")


def load_profile(path: Path) -> Profile:
    """Read one profile. Raises `ProfileError`."""
    read = _Reader(path)
    code = read.text("code")
    if path.stem != code:
        raise read.fail(f"the file of {code} must be called {code}.toml")
    prefix = read.text("case_prefix")
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper()):
        raise read.fail("case_prefix is not capital letters")
    incubation = Incubation(*read.numbers("incubation_days", ("min", "median", "max"), 0, 60))
    if not incubation.min <= incubation.median <= incubation.max:
        raise read.fail("incubation_days are not in order")
    spans = []
    for name in ("infectious_days", "infectious_days_without_symptoms"):
        span = DaySpan(*read.numbers(name, ("from", "until"), -60, 60))
        if span.first > span.last:
            raise read.fail(f"{name} ends before it begins")
        spans.append(span)
    same_room, same_place = read.numbers("minimum_minutes", ("same_room", "same_place"), 1, 1440)
    if same_room > same_place:
        raise read.fail("minimum_minutes: sharing a room cannot need longer than sharing a place")
    lingering = read.numbers("lingering_minutes", VENTILATIONS, 0, _LONGEST_LINGERING_MINUTES)
    profile = Profile(
        code=code,
        version=read.text("version"),
        case_prefix=prefix,
        incubation=incubation,
        infectious_days=spans[0],
        infectious_days_without_symptoms=spans[1],
        same_room_minutes=same_room,
        same_place_minutes=same_place,
        lingering_minutes=MappingProxyType(dict(zip(VENTILATIONS, lingering, strict=True))),
        follow_up_days=read.numbers("follow_up_days", ("days",), 0, _LONGEST_DAYS)[0],
        max_level=read.numbers("levels", ("max",), 1, MOST_LEVELS)[0],
        retention_days=read.numbers("retention_days", ("days",), 1, _LONGEST_DAYS)[0],
        basis=MappingProxyType(read.basis),
    )
    read.check_nothing_else()
    return profile


def load_profiles(folder: Path = FOLDER) -> Mapping[str, Profile]:
    """Read every profile of a folder, by code. Raises `ProfileError`."""
    profiles = [load_profile(path) for path in sorted(folder.glob("*.toml"))]
    if not profiles:
        raise ProfileError(f"{folder}: no disease profile")
    if len({profile.case_prefix for profile in profiles}) != len(profiles):
        raise ProfileError(f"{folder}: two diseases share a case_prefix")
    return MappingProxyType({profile.code: profile for profile in profiles})


@cache
def _own() -> Mapping[str, Profile]:
    return load_profiles()


def all_profiles() -> tuple[Profile, ...]:
    """Every disease this deployment knows. Raises `ProfileError` where a file is wrong."""
    return tuple(_own().values())


def profile_of(code: str) -> Profile:
    """The profile of a disease. Raises `DiseaseUnknown`."""
    profile = _own().get(code)
    if profile is None:
        raise DiseaseUnknown(fields={"disease": "diseases-field-unknown"})
    return profile
