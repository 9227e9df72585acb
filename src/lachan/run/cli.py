"""Commands that run and look after a whole installation: run, doctor, backup, restore."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def run(
    port: Annotated[int | None, typer.Option(help="Overrides LACHAN_WEB_PORT")] = None,
) -> None:
    """Start database, web and worker, and keep them running until Ctrl-C."""
    from lachan.run import supervisor  # noqa: PLC0415 - each command loads only its own

    raise typer.Exit(supervisor.run(port))
