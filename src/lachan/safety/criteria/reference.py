"""The sets that come with the program: `data/*.toml`, each with its source and version."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from lachan.safety.criteria.contradictions import check_set
from lachan.safety.criteria.domain import CriteriaSet, Item
from lachan.safety.criteria.rules import rules_from

FOLDER: Final = Path(__file__).with_name("data")


class CriteriaFileError(ValueError):
    """A file of criteria says something that cannot be."""


@cache
def published_sets(folder: Path = FOLDER) -> tuple[CriteriaSet, ...]:
    """Every set in `folder`, by file name. Raises `CriteriaFileError`."""
    return tuple(load_set(path) for path in sorted(folder.glob("*.toml")))


def load_set(path: Path) -> CriteriaSet:
    """One set from its file. Raises `CriteriaFileError`."""
    try:
        return set_from(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise CriteriaFileError(f"{path.name}: {error}") from None


def set_from(written: Mapping[str, Any]) -> CriteriaSet:
    """A set as TOML holds it; items stand in chapters, in order.

    Raises KeyError, TypeError, ValueError.
    """
    items = [
        Item(
            code=str(one["code"]),
            position=0,
            chapter=chapter["title"],
            moment=one.get("moment", chapter.get("moment")),
            wording={"vi": one["vi"], "en": one["en"]},
            points=one.get("points", 1),
            graded=one.get("graded", False),
            compulsory=one.get("compulsory", False),
            evidence=one.get("evidence", "none"),
        )
        for chapter in written["chapter"]
        for one in chapter["item"]
    ]
    criteria = CriteriaSet(
        id=0,
        code=written["code"],
        version=written["version"],
        title=written["title"],
        kinds=tuple(written["kinds"]),
        area=written["area"],
        items=tuple(_placed(items)),
        rules=rules_from(written["rules"]),
        repair_hours=written.get("repair_hours"),
        source=written["source"],
        verified=written["verified"],
        valid_from=_day(written["valid_from"]),
    )
    found = check_set(criteria)
    if found:
        raise ValueError("; ".join(f"{one.code} {one.where}".strip() for one in found))
    return criteria


def _placed(items: list[Item]) -> list[Item]:
    return [replace(item, position=place) for place, item in enumerate(items, 1)]


def _day(written: object) -> date:
    if not isinstance(written, date):
        raise TypeError("valid_from is not a day")
    return written
