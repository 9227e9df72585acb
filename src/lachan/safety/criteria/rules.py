"""Rules as they are written in JSON and TOML, and back."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from lachan.safety.criteria.domain import COLOURS, MOMENTS, Outcome, Rules, exact

CODE: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLASS_KEYS: Final = frozenset(
    (
        "code",
        "colour",
        "title",
        "why",
        "at_least",
        "no_zero",
        "compulsory",
        "all_met",
        "all_at_least",
        "repair",
    )
)
_KEYS: Final = frozenset(("measure", "classes", "may_open", "due"))


class RulesUnreadable(ValueError):
    """The rules are not of the shape that the engine reads; the text says where."""


def rules_from(written: Mapping[str, Any]) -> Rules:
    """Rules from their written form. Raises `RulesUnreadable`; meaning is `check_set`'s matter."""
    _only(written, _KEYS, "rules")
    measure = written.get("measure")
    if measure not in ("share", "count"):
        raise RulesUnreadable("measure")
    classes = written.get("classes")
    if not isinstance(classes, list):
        raise RulesUnreadable("classes")
    due = _mapping(written.get("due", {}), "due")
    for moment, time in due.items():
        if moment not in MOMENTS or not isinstance(time, str) or not _TIME.fullmatch(time):
            raise RulesUnreadable(f"due.{moment}")
    return Rules(
        measure=measure,
        classes=tuple(_class(one, f"classes[{place}]") for place, one in enumerate(classes, 1)),
        may_open=_strings(written.get("may_open", []), "may_open"),
        due={moment: due[moment] for moment in MOMENTS if moment in due},
    )


def _only(found: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(found) - known)
    if unknown:
        raise RulesUnreadable(f"{where}.{unknown[0]}")


def _mapping(found: object, where: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise RulesUnreadable(where)
    return found


def _strings(found: object, where: str) -> tuple[str, ...]:
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        raise RulesUnreadable(where)
    return tuple(found)


def _class(found: object, where: str) -> Outcome:
    written = _mapping(found, where)
    _only(written, _CLASS_KEYS, where)
    code, colour = written.get("code"), written.get("colour")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise RulesUnreadable(f"{where}.code")
    if colour not in COLOURS:
        raise RulesUnreadable(f"{where}.colour")
    for flag in ("no_zero", "compulsory", "repair"):
        if not isinstance(written.get(flag, False), bool):
            raise RulesUnreadable(f"{where}.{flag}")
    return Outcome(
        code=code,
        colour=colour,
        title=text_from(written.get("title"), f"{where}.title"),
        why=text_from(written.get("why", {}), f"{where}.why"),
        at_least=_threshold(written.get("at_least"), f"{where}.at_least"),
        no_zero=written.get("no_zero", False),
        compulsory=written.get("compulsory", False),
        all_met=_strings(written.get("all_met", []), f"{where}.all_met"),
        all_at_least=_points(written.get("all_at_least", {}), f"{where}.all_at_least"),
        repair=written.get("repair", False),
    )


def _threshold(found: object, where: str) -> Fraction | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise RulesUnreadable(where)
    try:
        return exact(found)
    except (ValueError, OverflowError, ArithmeticError):  # not a number, or without end
        raise RulesUnreadable(where) from None


def _points(found: object, where: str) -> Mapping[str, int]:
    points = _mapping(found, where)
    for code, least in points.items():
        if isinstance(least, bool) or not isinstance(least, int):
            raise RulesUnreadable(f"{where}.{code}")
    return dict(points)


def text_from(found: object, where: str) -> dict[str, str]:
    """A text in Vietnamese and perhaps English. Raises `RulesUnreadable`."""
    text = _mapping(found, where)
    for language, sentence in text.items():
        if language not in ("vi", "en") or not isinstance(sentence, str):
            raise RulesUnreadable(f"{where}.{language}")
    return dict(text)


def rules_to(rules: Rules) -> dict[str, Any]:
    """The written form, with what is not said left out."""
    written: dict[str, Any] = {
        "measure": rules.measure,
        "classes": [_class_to(one) for one in rules.classes],
        "may_open": list(rules.may_open),
    }
    if rules.due:
        written["due"] = dict(rules.due)
    return written


def _class_to(one: Outcome) -> dict[str, Any]:
    written: dict[str, Any] = {"code": one.code, "colour": one.colour, "title": dict(one.title)}
    if one.why:
        written["why"] = dict(one.why)
    if one.at_least is not None:
        whole = one.at_least.denominator == 1
        written["at_least"] = int(one.at_least) if whole else float(one.at_least)
    for flag in ("no_zero", "compulsory", "repair"):
        if getattr(one, flag):
            written[flag] = True
    if one.all_met:
        written["all_met"] = list(one.all_met)
    if one.all_at_least:
        written["all_at_least"] = dict(one.all_at_least)
    return written
