"""Kinds of places as data: `kinds.toml` holds the figures, their source and their version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

from lachan.places.hours import DAYS

Ventilation = Literal["outdoor", "good", "normal", "poor", "unknown"]
VENTILATIONS: Final[tuple[Ventilation, ...]] = get_args(Ventilation)
LONGEST_STAY_MINUTES: Final = 1440
_FILE: Final = Path(__file__).with_name("kinds.toml")


class KindsError(ValueError):
    """The file of kinds says something that cannot be."""


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """What is assumed of a place until its owner says otherwise.

    `rollout` tells the groups that the national roll-out names; `verified` whether a published
    figure stands behind the minutes. `rest_days`: ISO weekdays (7 is Sunday) on which it is shut
    unless its hours say otherwise.
    """

    code: str
    rollout: bool
    usual_stay_minutes: int
    ventilation: Ventilation
    verified: bool
    note: str
    rest_days: frozenset[int] = frozenset()

    @property
    def name_key(self) -> str:
        """The Fluent message that names this kind."""
        return f"places-kind-{self.code}"


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds by code, in the order in which a person chooses among them."""

    version: str
    source: str
    by_code: Mapping[str, PlaceKind]


def load_kinds(path: Path = _FILE) -> Kinds:
    """Read a file of kinds. Raises `KindsError`."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        kinds = [
            PlaceKind(**{**entry, "rest_days": frozenset(entry.get("rest_days", ()))})
            for entry in raw["kind"]
        ]
        loaded = Kinds(
            raw["version"], raw["source"], MappingProxyType({kind.code: kind for kind in kinds})
        )
    except (KeyError, TypeError) as error:
        raise KindsError(f"{path}: {error}") from None
    if len(loaded.by_code) != len(kinds):
        raise KindsError(f"{path}: two kinds share a code")
    for kind in kinds:
        if kind.ventilation not in VENTILATIONS:
            raise KindsError(f"{path}: {kind.code}: no such ventilation: {kind.ventilation}")
        if not 1 <= kind.usual_stay_minutes <= LONGEST_STAY_MINUTES:
            raise KindsError(f"{path}: {kind.code}: a stay is 1 to {LONGEST_STAY_MINUTES} minutes")
        if not kind.rest_days < set(range(1, DAYS + 1)):
            raise KindsError(f"{path}: {kind.code}: days of rest are 1 to 7, and one day is open")
    return loaded


KINDS: Final = load_kinds()


def kind_of(code: str) -> PlaceKind:
    """The kind named `code`. Raises KeyError."""
    return KINDS.by_code[code]
