"""The roll-out report as a workbook: one sheet by group, one by part and group."""

import io
from collections.abc import Callable, Sequence
from typing import Final

from lachan.reports.rollout.api import COLUMNS, cells, lines
from lachan.reports.rollout.service import Rollout

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHARES: Final = frozenset({"growth", "share_reported", "share_green"})

Say = Callable[[str], str]


def workbook(found: Rollout, say: Say, title: str) -> bytes:
    """XLSX with headings by `say`. No cell is a formula, whatever a name begins with."""
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - no types; slow to load

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        share = book.add_format({"num_format": "0.0%"})
        whole = book.add_format({"num_format": "#,##0"})

        def fill(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
            sheet = book.add_worksheet(say(name))
            sheet.write_string(0, 0, title, bold)
            for at, column in enumerate(columns):
                sheet.write_string(2, at, say(f"rollout-column-{column}"), bold)
                sheet.set_column(at, at, 32 if column in {"name", "group"} else 14)
            for below, row in enumerate(rows, start=3):
                for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                    if isinstance(value, int | float):
                        sheet.write_number(below, at, value, share if column in _SHARES else whole)
                    elif value is not None:
                        sheet.write_string(below, at, str(value))
            sheet.freeze_panes(3, 0)

        groups = [
            (say(f"places-kind-{group}"), *cells(count)) for group, count in found.groups.items()
        ]
        fill(
            "rollout-sheet-groups",
            COLUMNS[2:],
            [*groups, (say("rollout-whole"), *cells(found.whole))],
        )
        fill(
            "rollout-sheet-parts",
            COLUMNS,
            [
                (area, name, say(f"places-kind-{group}"), *rest)
                for area, name, group, *rest in lines(found)
            ],
        )
    return out.getvalue()
