"""What to do after a contact: data with a source, by disease, class of message and level.

Each version is a file; a message keeps the version it was made with and reads the same ever after.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "advice_versions"


@dataclass(frozen=True, slots=True)
class Advice:
    """Steps as keys of Fluent messages, the document they follow, and whether that was compared."""

    disease: str | None
    kind: str
    level: int
    steps: tuple[str, ...]
    source: str
    verified: bool
    version: str

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(f"warnings-advice-{step}" for step in self.steps)


@cache
def all_advice() -> Mapping[str, tuple[Advice, ...]]:
    """Every entry of every version, versions in their order, the newest last."""
    versions = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        versions[raw["version"]] = tuple(
            Advice(
                disease=entry.get("disease"),
                kind=entry["kind"],
                level=entry["level"],
                steps=tuple(entry["steps"]),
                source=entry["source"],
                verified=entry["verified"],
                version=raw["version"],
            )
            for entry in raw["advice"]
        )
    return versions


def newest_advice() -> str:
    """The version that new messages are made with."""
    return tuple(all_advice())[-1]


def advice_for(disease: str, kind: str, level: int, version: str | None = None) -> Advice:
    """The nearest advice of a class: of this disease, else of any; of this level, else below it.

    A version that is not there any more is read as the newest.
    """
    versions = all_advice()
    entries = versions.get(version or newest_advice()) or versions[newest_advice()]
    fitting = [
        entry
        for entry in entries
        if entry.kind == kind and entry.level <= level and entry.disease in {disease, None}
    ]
    return max(fitting, key=lambda entry: (entry.disease is not None, entry.level))
