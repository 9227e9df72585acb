"""What `lachan areas import` does, and what it says while doing it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from lachan.areas.geojson import GeoJsonError, read_features
from lachan.areas.importing import (
    REASONS,
    Outlines,
    check_outlines,
    import_outlines,
    known_wards,
)
from lachan.areas.reference import load_reference
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgresError, running_or_started
from lachan.storage.roles import asyncpg_url

console = Console()
_SHOWN = 50


def import_file(file: Path, *, check: bool, source: str) -> None:
    """Read, judge and, unless `check`, write. Raises typer.Exit(1) where nothing is taken."""
    with Progress(
        TextColumn("{task.description:<20}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        outlines = _read(file, progress)
        _refuse_trouble(outlines)
        if not check:
            task = progress.add_task("Writing", total=len(outlines.taken))
            try:
                complete = _write(outlines, source or file.name, _advancer(progress, task))
            except (OSError, DBAPIError, EmbeddedPostgresError) as error:
                progress.stop()
                reason = error.orig if isinstance(error, DBAPIError) else error
                console.print(f"[red]The database refused:[/] {escape(str(reason))}")
                console.print("Nothing was imported.")
                raise typer.Exit(1) from None
            progress.update(task, description="Written")
    wards, provinces = len(outlines.taken), len(outlines.provinces())
    console.print(
        f"{outlines.read} features read: {wards} wards of {provinces} provinces, "
        f"{outlines.mended} outlines mended, {outlines.renamed} by another code of theirs."
    )
    missing = len(known_wards()) - wards
    if missing:
        console.print(f"{missing} wards of the country are not in the file.")
    if check:
        console.print("The file can be imported. Nothing was changed (--check).")
    else:
        console.print(f"Imported. {complete} provinces are drawn from official outlines now.")


def _read(file: Path, progress: Progress) -> Outlines:
    task = progress.add_task("Reading", total=file.stat().st_size)
    try:
        return check_outlines(
            read_features(file, told=_advancer(progress, task)),
            known_wards(),
        )
    except GeoJsonError as error:
        progress.stop()
        said = escape(f"{file.name}: {error}.")
        console.print(f"[red]{said}[/] Nothing was imported.", highlight=False)
        raise typer.Exit(1) from None


def _advancer(progress: Progress, task: TaskID) -> Callable[[int], None]:
    def advance(amount: int) -> None:
        progress.advance(task, amount)

    return advance


def _refuse_trouble(outlines: Outlines) -> None:
    """Show what is wrong, feature by feature, and leave."""
    if outlines.read and not outlines.troubles:
        return
    if not outlines.read:
        console.print("[red]The file holds no feature.[/] Nothing was imported.")
        raise typer.Exit(1)
    table = Table("feature", "code", "what is wrong", title=None)
    for trouble in outlines.troubles[:_SHOWN]:
        table.add_row(str(trouble.number), escape(trouble.code) or "–", REASONS[trouble.reason])
    console.print(table)
    if len(outlines.troubles) > _SHOWN:
        console.print(f"... and {len(outlines.troubles) - _SHOWN} more")
    for reason, times in Counter(trouble.reason for trouble in outlines.troubles).most_common():
        console.print(f"{times:6} {REASONS[reason]}")
    console.print(
        f"[red]{len(outlines.troubles)} of {outlines.read} features cannot be taken.[/] "
        "Nothing was imported."
    )
    raise typer.Exit(1)


def _write(outlines: Outlines, source: str, told: Callable[[int], None]) -> int:
    settings = Settings()
    with ExitStack() as undo:
        if settings.database.url is not None:
            url = settings.database.url.get_secret_value()
        else:
            server = undo.enter_context(running_or_started(settings.data_dir / "pg"))
            url = server.url()
        return asyncio.run(_import(url, outlines, source, told))


async def _import(
    owner_url: str, outlines: Outlines, source: str, told: Callable[[int], None]
) -> int:
    engine = create_async_engine(asyncpg_url(owner_url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            if await connection.scalar(text("SELECT to_regclass('area_outline')")) is None:
                console.print(
                    "[red]The database has no tables yet:[/] start the program once\n"
                    "with `lachan run`, or run `lachan migrate` on a server of your own."
                )
                raise typer.Exit(1)
            await load_reference(connection)
            return await import_outlines(connection, outlines, source=source, told=told)
    finally:
        await engine.dispose()
