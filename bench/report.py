"""Results as JSON, and the page that shows them. No figure in the docs comes from elsewhere."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import psutil

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
PAGE = ROOT / "docs" / "reference" / "performance.md"


class Findings(TypedDict):
    """What a bench found. A goal is {"what", "goal", "found", "met"}."""

    figures: dict[str, Any]
    ratios: dict[str, Any]
    goals: dict[str, Any]
    met: bool
    why: NotRequired[str]
    """Where a goal is not met: what stood in the way, as measured."""


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def save(name: str, findings: Findings, *, small: bool) -> Path:
    """Write a result beside the others."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    body = {
        "name": name,
        "small": small,
        "taken": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine(),
        **findings,
    }
    path.write_text(json.dumps(body, indent=2, ensure_ascii=False) + "\n")
    return path


def _number(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _table(rows: dict[str, Any]) -> list[str]:
    """A flat mapping as two columns; a mapping of mappings with a column each."""
    if rows and all(isinstance(value, dict) for value in rows.values()):
        columns = list(dict.fromkeys(key for value in rows.values() for key in value))
        return [
            "| | " + " | ".join(columns) + " |",
            "|---|" + "---:|" * len(columns),
            *(
                f"| {name} | "
                + " | ".join(_number(value.get(column, "")) for column in columns)
                + " |"
                for name, value in rows.items()
            ),
        ]
    return [
        "| what | figure |",
        "|---|---:|",
        *(f"| {name} | {_number(value)} |" for name, value in rows.items()),
    ]


def _section(result: dict[str, Any]) -> list[str]:
    size = " SMALL=1" if result["small"] else ""
    computer = result["machine"]
    verdict = "All goals met." if result["met"] else "**Not all goals met.**"
    return [
        f"## {result['name']}",
        "",
        (
            f"`make bench BENCH={result['name']}{size}`, {result['taken']}, {computer['cpu']}, "
            f"{computer['cores']} cores, {computer['memory_gib']} GiB, "
            f"Python {computer['python']}. {verdict}"
        ),
        "",
        *_table(result["figures"]),
        "",
        *(_table(result["ratios"]) if result["ratios"] else []),
        "",
        *_table(result["goals"]),
        "",
        *([result["why"], ""] if result.get("why") else []),
    ]


def render() -> Path:
    """Write the page from all results; how far goals were met is part of it."""
    lines = [
        "# Performance",
        "",
        "Written by `make bench` from `bench/results/*.json`; do not edit by hand. Absolute times",
        "depend on the machine and on what else it does; ratios are taken in one run, alternating.",
        "",
    ]
    for path in sorted(RESULTS.glob("*.json")):
        lines += _section(json.loads(path.read_text()))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(lines).rstrip() + "\n")
    return PAGE.relative_to(ROOT)
