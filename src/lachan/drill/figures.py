"""What a drill measured, as JSON and as a table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class Scans:
    """`sent` and `acknowledged` count scans, not requests: a scan sent twice is one.

    `missing` are visits of the truth that are not on record, `doubled` visits on record that the
    truth does not have. `per_second` and the percentiles are of requests, over the wire.
    `client_cpu` is the share of one core that this program itself used while sending: near 1, it
    was the program, not the system, that could do no more.
    """

    sent: int = 0
    acknowledged: int = 0
    missing: int = 0
    doubled: int = 0
    per_second: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    requests: int = 0
    retried: int = 0
    client_cpu: float = 0.0


@dataclass(slots=True)
class Level:
    """Contacts of one level over all cases; recall and precision are 1 where nothing is due."""

    expected: int = 0
    found: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


@dataclass(slots=True)
class Warnings:
    """`delivered` of `expected` reached their person; `live` of them over an open stream."""

    expected: int = 0
    delivered: int = 0
    unexpected: int = 0
    live: int = 0
    seconds_to_last: float = 0.0


@dataclass(slots=True)
class Safety:
    """`sent` and `acknowledged` count commits of facilities; `missing` are those not on record.

    `expected` and `found` count facilities by colour; at `wrong` of the `places` the two differ.
    """

    places: int = 0
    sent: int = 0
    acknowledged: int = 0
    missing: int = 0
    wrong: int = 0
    expected: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    people: int
    places: int
    days: int
    seed: int
    cases: int = 0
    visits: int = 0
    trace_seconds: float = 0.0
    scans: Scans = field(default_factory=Scans)
    contacts: dict[str, Level] = field(default_factory=lambda: {"F1": Level(), "F2": Level()})
    warnings: Warnings = field(default_factory=Warnings)
    safety: Safety = field(default_factory=Safety)
    removed: bool = False

    @property
    def good(self) -> bool:
        """Whether the system did all it must: nothing lost, nothing doubled, nobody missed."""
        exact = all(one.recall == one.precision == 1 for one in self.contacts.values())
        scans, told, safety = self.scans, self.warnings, self.safety
        return (
            exact
            and safety.missing == safety.wrong == 0
            and safety.sent == safety.acknowledged
            and scans.missing == scans.doubled == told.unexpected == 0
            and scans.sent == scans.acknowledged
            and told.delivered == told.expected
            and self.removed
        )

    def as_json(self) -> dict[str, Any]:
        """The figures under stable names."""
        return {
            "drill": {
                "people": self.people,
                "places": self.places,
                "days": self.days,
                "seed": self.seed,
                "cases": self.cases,
                "visits": self.visits,
                "trace_seconds": round(self.trace_seconds, 3),
                "removed": self.removed,
                "good": self.good,
            },
            "scans": {
                name: round(value, 3) if isinstance(value, float) else value
                for name, value in asdict(self.scans).items()
            },
            "contacts": {
                name: {
                    "expected": level.expected,
                    "found": level.found,
                    "recall": level.recall,
                    "precision": level.precision,
                }
                for name, level in self.contacts.items()
            },
            "warnings": {
                name: round(value, 3) if isinstance(value, float) else value
                for name, value in asdict(self.warnings).items()
            },
            "safety": {
                "places": self.safety.places,
                "sent": self.safety.sent,
                "acknowledged": self.safety.acknowledged,
                "missing": self.safety.missing,
                "colours": {
                    "expected": self.safety.expected,
                    "found": self.safety.found,
                    "wrong": self.safety.wrong,
                },
            },
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def show(figures: Figures, console: Console) -> None:
    """Print the figures for a person at a terminal."""
    table = Table(
        title=f"Drill: {figures.people} people, {figures.places} places", show_lines=False
    )
    for heading in ("", "expected", "found", "recall", "precision"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, level in figures.contacts.items():
        table.add_row(
            f"contacts {name}",
            f"{level.expected:,}",
            f"{level.found:,}",
            f"{level.recall:.4f}",
            f"{level.precision:.4f}",
        )
    told = figures.warnings
    share = told.delivered / told.expected if told.expected else 1.0
    table.add_row("warnings", f"{told.expected:,}", f"{told.delivered:,}", f"{share:.4f}", "")
    console.print(table)
    scans = figures.scans
    console.print(
        f"scans: {scans.acknowledged:,} of {scans.sent:,} acknowledged, {scans.missing} missing, "
        f"{scans.doubled} doubled; {scans.per_second:,.0f} requests/s, "
        f"p50 {scans.p50_ms:.1f} ms, p99 {scans.p99_ms:.1f} ms, {scans.retried} tried again; "
        f"this program used {scans.client_cpu:.0%} of a core"
    )
    console.print(
        f"warnings: last one after {told.seconds_to_last:.2f} s, {told.live} over an open stream; "
        f"traces took {figures.trace_seconds:.2f} s"
    )
    safety = figures.safety
    colours = ", ".join(f"{count} {colour}" for colour, count in safety.found.items()) or "none"
    console.print(
        f"facilities: {safety.acknowledged:,} of {safety.sent:,} commits acknowledged, "
        f"{safety.missing} missing; {safety.places} colours ({colours}), {safety.wrong} wrong"
    )
    verdict = "[green]good[/green]" if figures.good else "[red]not good[/red]"
    console.print(f"verdict: {verdict}; everything removed: {'yes' if figures.removed else 'no'}")
