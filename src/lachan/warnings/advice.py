"""What to do after a contact: data with a source, chosen by disease and level."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "advice.toml"


@dataclass(frozen=True, slots=True)
class Advice:
    """Steps as keys of Fluent messages, the document they follow, and whether that was compared."""

    disease: str | None
    level: int
    steps: tuple[str, ...]
    source: str
    verified: bool
    version: str

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(f"warnings-advice-{step}" for step in self.steps)


@cache
def all_advice() -> tuple[Advice, ...]:
    """Every entry of advice.toml, in its order."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Advice(
            disease=entry.get("disease"),
            level=entry["level"],
            steps=tuple(entry["steps"]),
            source=entry["source"],
            verified=entry["verified"],
            version=raw["version"],
        )
        for entry in raw["advice"]
    )


def advice_for(disease: str, level: int) -> Advice:
    """The nearest advice: of this disease, else of any; of this level, else of the one below it."""
    fitting = [
        entry for entry in all_advice() if entry.level <= level and entry.disease in {disease, None}
    ]
    return max(fitting, key=lambda entry: (entry.disease is not None, entry.level))
