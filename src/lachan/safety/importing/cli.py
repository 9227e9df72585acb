"""`lachan safety`: facilities from registers and OpenStreetMap, from the command line."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The safety map: facilities from lists.")


@app.callback()
def safety() -> None:
    """The safety map: facilities from lists."""
    # Keeps `import` a command of its own even while it is the only one.


@app.command("import")
def import_facilities(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="CSV, XLSX, GeoJSON (WGS 84) or an OpenStreetMap extract (.osm.pbf)",
        ),
    ],
    *,
    commit: Annotated[
        bool, typer.Option("--commit", help="Take it over; without this nothing is changed")
    ] = False,
    source: Annotated[
        str,
        typer.Option(
            help="Whose numbers the list holds, such as osm or moet; the same list again needs the "
            "same word. Default: osm, or the file's name",
            show_default=False,
        ),
    ] = "",
    kinds: Annotated[
        str,
        typer.Option(
            help="Of OpenStreetMap only these kinds, with commas; default: the roll-out's groups",
            show_default=False,
        ),
    ] = "",
    report: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write what becomes of each line to this CSV file"),
    ] = None,
) -> None:
    """Take facilities over from a list, matched against the places that are there already."""
    from lachan.safety.importing.command import run  # noqa: PLC0415 - loads shapely

    run(file, commit=commit, source=source, kinds=kinds, report=report)
