"""`lachan areas`: the administrative units' data, from the command line."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Administrative units: official outlines.")


@app.callback()
def areas() -> None:
    """Administrative units: official outlines."""
    # Keeps `import` a command of its own even while it is the only one.


@app.command("import")
def import_outlines(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="GeoJSON FeatureCollection, WGS 84; each feature with a property `code` (of the "
            "ward), best with `prov` too",
        ),
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Read and judge the file; change nothing")
    ] = False,
    source: Annotated[
        str, typer.Option(help="Where the outlines come from; kept with them", show_default=False)
    ] = "",
) -> None:
    """Take official outlines of wards. All of the file is taken, or nothing of it."""
    from lachan.areas.import_command import import_file  # noqa: PLC0415 - loads shapely

    import_file(file, check=check, source=source)
