"""Which kind of place a list or the tags of OpenStreetMap mean: `kinds.toml` says it."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from lachan.areas.domain import fold

_FILE: Final = Path(__file__).with_name("kinds.toml")
_ANY: Final = "*"
_PART: Final = "building"
"""A building that bears no name is part of a facility, not one."""


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[str, str, str], ...]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        (entry["kind"], *tag.partition("=")[::2]) for entry in raw["tag"] for tag in entry["tags"]
    )


@lru_cache(maxsize=1)
def words() -> Mapping[str, str]:
    """Codes of kinds by what lists call them, folded."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {fold(word): kind for kind, spellings in raw["words"].items() for word in spellings}


def keys() -> frozenset[str]:
    """All keys that may say of what kind a facility is."""
    return frozenset(key for _, key, _ in _lines())


def kind_of_tags(tags: Mapping[str, str]) -> str:
    """Our code of the kind; empty where the tags mean none of ours."""
    named = bool(name_of_tags(tags))
    for kind, key, value in _lines():
        if key in tags and value in {_ANY, tags[key]} and (named or key != _PART):
            return kind
    return ""


def name_of_tags(tags: Mapping[str, str]) -> str:
    """What a facility is called, in Vietnamese where there is a choice."""
    for key in ("name:vi", "name", "official_name", "short_name"):
        if tags.get(key, "").strip():
            return tags[key]
    return ""


def address_of_tags(tags: Mapping[str, str]) -> str:
    """House number and street."""
    if tags.get("addr:full"):
        return tags["addr:full"]
    parts = (tags.get("addr:housenumber", ""), tags.get("addr:street", ""))
    return " ".join(part for part in parts if part)
