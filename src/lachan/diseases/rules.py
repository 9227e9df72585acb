"""Rules of warning: who of those found is warned, and with which class of message. Pure data.

A version is whole: the minutes and the air that make a contact, and what follows from it. The
version of a deployment that published none is made of the disease's profile and `rules.toml`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from lachan.diseases.profiles import VENTILATIONS, Profile, Ventilation, profile_of

MessageKind = Literal["watch", "test", "stay_home", "call_me"]
MESSAGE_KINDS: Final[tuple[MessageKind, ...]] = get_args(MessageKind)
Reason = Literal["same_room", "same_place", "lingering_air", "household"]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
Mode = Literal["all", "only", "except"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
LONGEST_MINUTES: Final = 1440
MOST_STEPS: Final = 12
MOST_LEVEL: Final = 5
_FILE: Final = Path(__file__).with_name("rules.toml")


class RuleError(ValueError):
    """A version says something that cannot be; `field` names the part of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class Step:
    """Whoever is of one of `levels`, met long enough and for one of `reasons` (none: any)."""

    kind: MessageKind
    levels: tuple[int, ...]
    minutes: int
    reasons: tuple[Reason, ...]

    def fits(self, level: int, minutes: int, reason: str) -> bool:
        return (
            level in self.levels
            and minutes >= self.minutes
            and (not self.reasons or reason in self.reasons)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One version. `same_place_minutes` None: to have been in the same room is what counts.

    `id` is None for the version that comes with the program.
    """

    id: int | None
    version: str
    disease: str
    area: str
    same_room_minutes: int
    same_place_minutes: int | None
    lingering_minutes: Mapping[Ventilation, int]
    mode: Mode
    kinds: tuple[str, ...]
    levels: tuple[int, ...]
    usual_levels: tuple[int, ...]
    steps: tuple[Step, ...]
    source: str
    verified: bool

    def counts(self, place_kind: str) -> bool:
        """Whether what happened at such a place may warn anybody."""
        if self.mode == "only":
            return place_kind in self.kinds
        return self.mode == "all" or place_kind not in self.kinds

    def kind_of(self, level: int, minutes: int, reason: str) -> MessageKind:
        """The class of message: that of the first step that fits."""
        for step in self.steps:
            if step.fits(level, minutes, reason):
                return step.kind
        return "watch"

    def body(self) -> dict[str, Any]:
        """What is kept of a published version; `rule_from` reads it back."""
        return {
            "same_room_minutes": self.same_room_minutes,
            "same_place_minutes": self.same_place_minutes,
            "lingering_minutes": dict(self.lingering_minutes),
            "mode": self.mode,
            "kinds": list(self.kinds),
            "levels": list(self.levels),
            "usual_levels": list(self.usual_levels),
            "steps": [
                {
                    "kind": step.kind,
                    "levels": list(step.levels),
                    "minutes": step.minutes,
                    "reasons": list(step.reasons),
                }
                for step in self.steps
            ],
            "source": self.source,
            "verified": self.verified,
        }


def _whole(value: object, least: int, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value:
        raise RuleError(field)
    if value > LONGEST_MINUTES:
        raise RuleError(field)
    return value


def _levels(values: object, field: str) -> tuple[int, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise RuleError(field)
    if not all(isinstance(one, int) and 1 <= one <= MOST_LEVEL for one in values):
        raise RuleError(field)
    return tuple(sorted(set(values)))


def _step(raw: Mapping[str, Any]) -> Step:
    kind, reasons = raw.get("kind"), raw.get("reasons", [])
    if kind not in MESSAGE_KINDS or any(one not in REASONS for one in reasons):
        raise RuleError("steps")
    return Step(
        kind=kind,
        levels=_levels(raw.get("levels"), "steps"),
        minutes=_whole(raw.get("minutes"), 0, "steps"),
        reasons=tuple(reasons),
    )


def rule_from(
    body: Mapping[str, Any], *, disease: str, area: str, version: str, rule_id: int | None
) -> Rule:
    """A version from what was kept or typed. Raises `RuleError`."""
    same_room = _whole(body.get("same_room_minutes"), 1, "same_room_minutes")
    same_place = body.get("same_place_minutes")
    if same_place is not None and _whole(same_place, 1, "same_place_minutes") < same_room:
        raise RuleError("same_place_minutes")
    air = body.get("lingering_minutes")
    if not isinstance(air, Mapping) or set(air) != set(VENTILATIONS):
        raise RuleError("lingering_minutes")
    mode, kinds = body.get("mode"), body.get("kinds", [])
    if mode not in MODES or (mode == "only" and not kinds):
        raise RuleError("kinds")
    levels = _levels(body.get("levels"), "levels")
    usual = _levels(body.get("usual_levels"), "usual_levels")
    if not set(usual) <= set(levels):
        raise RuleError("usual_levels")
    steps = body.get("steps", [])
    if len(steps) > MOST_STEPS:
        raise RuleError("steps")
    return Rule(
        id=rule_id,
        version=version,
        disease=disease,
        area=area,
        same_room_minutes=same_room,
        same_place_minutes=same_place,
        lingering_minutes={name: _whole(air[name], 0, f"air_{name}") for name in VENTILATIONS},
        mode=mode,
        kinds=tuple(sorted({str(kind) for kind in kinds})) if mode != "all" else (),
        levels=levels,
        usual_levels=usual,
        steps=tuple(_step(raw) for raw in steps),
        source=str(body.get("source", "")),
        verified=body.get("verified") is True,
    )


@cache
def _defaults() -> tuple[str, Mapping[str | None, Mapping[str, Any]]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return raw["version"], {entry.get("disease"): entry for entry in raw["rule"]}


@cache
def default_rule(disease: str) -> Rule:
    """The version that comes with the program. Raises `DiseaseUnknown`, `RuleError`."""
    profile: Profile = profile_of(disease)
    version, entries = _defaults()
    entry = entries.get(disease) or entries[None]
    kinds = entry["place_kinds"]
    return rule_from(
        {
            **entry,
            "mode": kinds["mode"],
            "kinds": kinds["kinds"],
            "same_room_minutes": profile.same_room_minutes,
            "same_place_minutes": profile.same_place_minutes,
            "lingering_minutes": dict(profile.lingering_minutes),
        },
        disease=disease,
        area="VN",
        version=f"{profile.version}/{version}",
        rule_id=None,
    )
