"""Cells of exported tables: text that a spreadsheet would run as a formula is made plain text."""

# The last four are the full-width forms, which some spreadsheets read as the others.
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def escape_cell(value: object) -> str:
    """`value` as a cell that no spreadsheet runs (OWASP, CSV injection: a leading apostrophe)."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTERS) else text
