"""The table of a file, kept sealed between being read and being confirmed."""

import zlib
from collections.abc import Sequence
from uuid import UUID

import orjson

from lachan.kit.crypto import Keyring
from lachan.kit.spreadsheets import Line, column_letter
from lachan.visits.paper.columns import FIELDS, Reading
from lachan.visits.paper.domain import Written, tidy_cells


def _about(list_id: UUID) -> str:
    return f"paper_list:{list_id}"


def seal_table(keyring: Keyring, list_id: UUID, lines: Sequence[Line]) -> bytes:
    """Seal the lines of a file."""
    plain = orjson.dumps([[line.number, *line.cells] for line in lines])
    return keyring.seal(zlib.compress(plain, 1), about=_about(list_id))


def unseal_table(keyring: Keyring, list_id: UUID, sealed: bytes) -> list[Line]:
    """The lines of a file. Raises `SealBroken`."""
    plain = zlib.decompress(keyring.unseal(sealed, about=_about(list_id)))
    return [Line(row[0], tuple(row[1:])) for row in orjson.loads(plain)]


def rows_of(lines: Sequence[Line], reading: Reading) -> list[tuple[int, Written]]:
    """The rows below the heading as (line number, cells)."""
    return [
        (
            line.number,
            tidy_cells(
                Written(
                    **{
                        field: line.get(reading.columns[field])
                        for field in FIELDS
                        if field in reading.columns
                    }
                )
            ),
        )
        for line in lines
        if line.number > reading.heading
    ]


def column_name(reading: Reading, field: str) -> str:
    """The letters above the column of a field, empty where the list has none."""
    column = next((number for name, number in reading.columns.items() if name == field), None)
    return "" if column is None else column_letter(column)
