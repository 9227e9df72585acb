"""What `lachan safety import` does, and what it says while doing it."""

import asyncio
import csv
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from lachan.kit.errors import Problem
from lachan.kit.i18n import Catalogs
from lachan.kit.tables import escape_cell
from lachan.places.kinds import KINDS
from lachan.safety.importing import files, service, store
from lachan.safety.importing.domain import VERDICTS
from lachan.safety.importing.report import COLUMNS, cells
from lachan.safety.importing.store import Line
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgresError, running_or_started
from lachan.storage.roles import asyncpg_url

_SHOWN: Final = 25
_SAYS: Final = {
    "new": "new", "matched": "a place already", "known": "known by its number",
    "doubtful": "a person has to say", "refused": "refused",
}  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What a run told at its end."""

    import_id: int = 0
    counts: dict[tuple[str, str], int] | None = None
    waiting: int = 0
    made: int = 0
    shown: tuple[Line, ...] = ()


def run(file: Path, *, commit: bool, source: str, kinds: str, report: Path | None) -> None:
    """Read, judge and, with `commit`, take over. Raises typer.Exit(1) where it cannot."""
    console = Console()
    wanted = tuple(filter(None, (kind.strip() for kind in kinds.split(",")))) or service.GROUPS
    unknown = [kind for kind in wanted if kind not in KINDS.by_code]
    if unknown:
        console.print(f"[red]No such kind:[/] {', '.join(unknown)}", highlight=False)
        raise typer.Exit(1)
    settings = Settings()
    columns = (SpinnerColumn(), TextColumn("{task.description:<12} {task.completed:>8,} lines"))
    try:
        with ExitStack() as undo, Progress(*columns, TimeElapsedColumn(), console=console) as bars:
            if settings.database.url is not None:
                url = settings.database.url.get_secret_value()
            else:
                url = undo.enter_context(running_or_started(settings.data_dir / "pg")).url()
            outcome = asyncio.run(
                _run(url, file, bars, source=source, kinds=wanted, commit=commit, report=report)
            )
    except Problem as problem:
        sentence = Catalogs().translate("en", f"error-{problem.code}", **problem.params)
        console.print(f"[red]{sentence}[/] Nothing was changed.", highlight=False)
        raise typer.Exit(1) from None
    except (OSError, DBAPIError, EmbeddedPostgresError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        console.print(f"[red]The database refused:[/] {reason}", markup=True, highlight=False)
        raise typer.Exit(1) from None
    _tell(console, outcome, commit=commit, report=report)


async def _run(
    url: str,
    file: Path,
    bars: Progress,
    *,
    source: str,
    kinds: tuple[str, ...],
    commit: bool,
    report: Path | None,
) -> Outcome:
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            if await connection.scalar(text("SELECT to_regclass('facility_import_row')")) is None:
                raise OSError("it has no such tables yet; start the program once (`lachan run`)")
        async with _session(engine, keep=commit) as session:
            return await _import(session, file, bars, source, kinds, commit, report)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _session(engine: AsyncEngine, *, keep: bool) -> AsyncIterator[service.Session]:
    """Transactions that stay, or one for all that is undone at the end: a dry run."""
    if keep:
        yield engine.begin
        return
    async with engine.connect() as connection:
        whole = await connection.begin()

        @asynccontextmanager
        async def piece() -> AsyncIterator[AsyncConnection]:
            yield connection

        try:
            yield piece
        finally:
            await whole.rollback()


async def _import(
    session: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
    file: Path,
    bars: Progress,
    source: str,
    kinds: tuple[str, ...],
    commit: bool,  # noqa: FBT001 - passed on
    report: Path | None,
) -> Outcome:
    async with session() as connection:
        import_id = await store.start(
            connection,
            officer_id=None,
            file_name=file.name[-200:],
            source=source.strip()[:60] or files.source_of(file.name),
            kinds=kinds,
            content=None,
        )
    reading = bars.add_task("Reading", total=None)
    try:
        await service.check(session, import_id, file, lambda more: bars.advance(reading, more))
    except Exception:
        # A dry run is undone as a whole; of any other, nobody would ever read on.
        if commit:
            async with session() as connection:
                await connection.execute(
                    text("DELETE FROM facility_import WHERE id = :id"), {"id": import_id}
                )
        raise
    if commit:
        writing = bars.add_task("Taking over", total=None)
        await service.commit(session, import_id, lambda more: bars.advance(writing, more))
    async with session() as connection:
        found = await service.access_import(connection, import_id)
        if report is not None:
            await _write(connection, import_id, report)
        shown = [
            *await store.page(connection, import_id, "refused", after=0, limit=_SHOWN),
            *await store.page(connection, import_id, "doubtful", after=0, limit=_SHOWN),
        ]
        return Outcome(
            import_id,
            await store.counts(connection, import_id),
            await store.undecided(connection, import_id),
            found.made,
            tuple(shown),
        )


async def _write(connection: AsyncConnection, import_id: int, report: Path) -> None:
    with report.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        async for line in store.every(connection, import_id):
            writer.writerow([escape_cell(cell) for cell in cells(line)])


def _tell(console: Console, outcome: Outcome, *, commit: bool, report: Path | None) -> None:
    counts = outcome.counts or {}
    table = Table("what", "lines", "why")
    for verdict in VERDICTS:
        reasons = {reason: n for (one, reason), n in counts.items() if one == verdict}
        why = ", ".join(f"{n:,} {reason}" for reason, n in sorted(reasons.items()) if reason)
        table.add_row(_SAYS[verdict], f"{sum(reasons.values()):,}", why)
    console.print(table)
    for line in outcome.shown:
        beside = f" ~ {line.other_name}" if line.other_name else ""
        number = f" ({line.ref})" if line.ref else ""
        console.print(
            f"  line {line.line}{number}: {line.verdict}, {line.reason}: {line.name}{beside}",
            markup=False,
            highlight=False,
        )
    if report is not None:
        console.print(f"Every line is in {report}.", highlight=False)
    if not commit:
        console.print("Nothing was changed. Take it over with --commit.")
        return
    console.print(f"{outcome.made:,} places made.", highlight=False)
    if outcome.waiting:
        console.print(
            f"{outcome.waiting:,} wait for a person at /desk/safety/import/{outcome.import_id}",
            highlight=False,
        )
