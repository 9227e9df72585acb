"""Cells of exported tables: text that a spreadsheet would run as a formula is made plain text."""

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def escape_cell(value: object) -> str:
    """`value` as a cell that no spreadsheet runs (OWASP, CSV injection: a leading apostrophe)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTERS) else text
