"""The command line: `lachan serve`, `lachan worker`, and what else a deployment needs."""

from typing import Annotated, NoReturn

import typer

from lachan.areas.cli import app as areas_commands
from lachan.demo.cli import app as demo_commands
from lachan.drill.cli import app as drill_commands
from lachan.identity.cli import audit as audit_commands
from lachan.identity.cli import keys as keys_commands
from lachan.identity.cli import officers as officers_commands
from lachan.run.cli import app as run_commands
from lachan.safety.importing.cli import app as safety_commands

app = typer.Typer(
    no_args_is_help=True, pretty_exceptions_show_locals=False, rich_markup_mode="rich"
)
app.add_typer(run_commands)
app.add_typer(areas_commands, name="areas")
app.add_typer(demo_commands, name="demo")
app.add_typer(drill_commands)
app.add_typer(audit_commands, name="audit")
app.add_typer(keys_commands, name="keys")
app.add_typer(officers_commands, name="officers")
app.add_typer(safety_commands, name="safety")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(f"lachan: {sentence}", err=True)
    raise typer.Exit(2)


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Overrides LACHAN_WEB_PORT")] = None,
) -> None:
    """Serve web pages and the API."""
    from lachan.run import serving  # noqa: PLC0415 - each command loads only its own

    try:
        serving.serve(port)
    except serving.NotReadyError as error:
        _refuse(str(error))


@app.command()
def worker() -> None:
    """Run jobs: traces, warnings, text messages, retention."""
    from lachan.run import serving  # noqa: PLC0415 - each command loads only its own

    try:
        serving.work()
    except serving.NotReadyError as error:
        _refuse(str(error))


@app.command()
def migrate() -> None:
    """Bring the database named by LACHAN_DATABASE_URL to the newest shape and units."""
    from lachan.run.prepare import bring_up_to_date  # noqa: PLC0415 - each command loads only its own
    from lachan.settings import Settings  # noqa: PLC0415

    settings = Settings()
    if settings.database.url is None:
        _refuse(
            "set LACHAN_DATABASE_URL to the owner's URL; `lachan run` migrates its own server"
            " by itself"
        )
    bring_up_to_date(settings, settings.database.url.get_secret_value())
    typer.echo("The database is up to date.")


def main() -> None:
    """The entry point of the `lachan` command."""
    app()
