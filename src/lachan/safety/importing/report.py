"""A list of facilities line by line, as a table."""

from typing import Final

from lachan.safety.importing.store import Line

COLUMNS: Final = (
    "line", "verdict", "reason", "name", "kind", "ward", "ref", "lat", "lon", "place", "place_name",
    "twin", "likeness", "metres",
)  # fmt: skip


def cells(line: Line) -> tuple[object, ...]:
    """A line of the report."""
    return (
        line.line, line.verdict, line.reason, line.name, line.kind, line.area_name or line.area,
        line.ref, line.lat, line.lon, line.place_id, line.other_name, line.twin, line.likeness,
        line.metres,
    )  # fmt: skip
