"""Commands that run and look after a whole installation: run, doctor, backup, restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lachan.settings import Settings

app = typer.Typer()


@app.command()
def run(
    port: Annotated[int | None, typer.Option(help="Overrides LACHAN_WEB_PORT")] = None,
) -> None:
    """Start database, web and worker, and keep them running until Ctrl-C."""
    from lachan.run import supervisor  # noqa: PLC0415 - each command loads only its own

    raise typer.Exit(supervisor.run(port))


@app.command()
def doctor() -> None:
    """Look at this machine and say what is missing and how to mend it."""
    from lachan.run.doctor import doctor as look  # noqa: PLC0415 - each command loads only its own

    raise typer.Exit(look())


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the database")],
    keys: Annotated[
        Path | None, typer.Option(help="Where to copy the keys; otherwise beside FILE")
    ] = None,
) -> None:
    """Write the database and the keys to files, while the program runs or not."""
    from lachan.run.backup import back_up  # noqa: PLC0415 - each command loads only its own

    with _told_refusals():
        back_up(Settings(), file, keys)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `lachan backup` wrote")],
    keys: Annotated[
        Path | None, typer.Option(help="The keys of that backup; otherwise those beside FILE")
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask")] = False,
) -> None:
    """Put a backup in the place of the present database, which is kept under another name."""
    from lachan.run import backup as backups  # noqa: PLC0415 - each command loads only its own

    def confirm(question: str) -> bool:
        return yes or typer.confirm(f"{question} Go on?")

    with _told_refusals():
        if not backups.restore(Settings(), file, keys, confirm):
            typer.echo("Nothing was changed.")
            raise typer.Exit(1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open PostgreSQL's prompt on the program's database as its owner; takes psql's options."""
    from lachan.run import backup as backups  # noqa: PLC0415 - each command loads only its own

    with _told_refusals():
        raise typer.Exit(backups.psql(Settings(), context.args))


@contextmanager
def _told_refusals() -> Iterator[None]:
    """A refusal is a sentence on the terminal and exit code 1, not a trace."""
    from lachan.kit.crypto import KeyFileError  # noqa: PLC0415 - each command loads only its own
    from lachan.run.backup import BackupError  # noqa: PLC0415
    from lachan.storage.embedded import EmbeddedPostgresError  # noqa: PLC0415

    try:
        yield
    except (BackupError, EmbeddedPostgresError, KeyFileError) as error:
        typer.echo(f"lachan: {error}", err=True)
        raise typer.Exit(1) from None
