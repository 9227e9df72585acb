"""Rules of taking facilities over from lists: a dry run that changes nothing, then one press."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit.clock import now
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import Catalogs
from lachan.kit.ids import new_code
from lachan.places.bulk.domain import Row as PlaceRow
from lachan.places.bulk.domain import Wards
from lachan.places.bulk.service import words_of
from lachan.places.bulk.store import wards as ward_names
from lachan.places.bulk.work_store import insert_places
from lachan.places.domain import cell_of
from lachan.places.kinds import KINDS
from lachan.safety.importing import files, store
from lachan.safety.importing import work_store as work
from lachan.safety.importing.checking import Checker, Near, cells_around
from lachan.safety.importing.domain import Found, Row, Terms
from lachan.safety.importing.errors import FacilityFileTooLarge, FacilityImportNotReady
from lachan.safety.importing.matching import RULES, match
from lachan.safety.importing.store import Decision, Import
from lachan.safety.importing.tags import words

ROLE: Final = "admin"
READ: Final = "safety.read_facilities"
TAKE: Final = "safety.take_facilities"
GROUPS: Final = tuple(kind.code for kind in KINDS.by_code.values() if kind.rollout)
"""The kinds that may take part in the safety map: those that the roll-out names."""
PAGE_BYTES: Final = 16 * 1024 * 1024
"""The largest file that a page takes; the command line takes an extract of the country."""
_AT_ONCE: Final = 1_000
_NAME_LENGTH: Final = 200

Session = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
"""Opens a transaction; each piece of the work commits by itself."""
Told = Callable[[int], None]


async def send(
    connection: AsyncConnection,
    viewer: Viewer,
    file_name: str,
    content: bytes,
    *,
    source: str = "",
    kinds: Sequence[str] = GROUPS,
) -> int:
    """Take a file to be read by the worker; its id. Raises `FacilityFileTooLarge`."""
    if len(content) > PAGE_BYTES:
        raise FacilityFileTooLarge(params={"most": files.MOST})
    import_id = await store.start(
        connection,
        officer_id=viewer.officer,
        file_name=file_name[-_NAME_LENGTH:] or "list",
        source=source.strip()[:60] or files.source_of(file_name),
        kinds=kinds,
        content=content,
    )
    await enqueue(connection, READ, {"import": import_id})
    return import_id


async def access_import(connection: AsyncConnection, import_id: int) -> Import:
    """A list that the asker may see. Raises `NotFound`."""
    found = await store.get(connection, import_id)
    if found is None:
        raise NotFound
    return found


async def take_over(connection: AsyncConnection, viewer: Viewer, import_id: int) -> None:
    """Have the worker take over what is new, matched or decided.

    Raises `NotFound`, `FacilityImportNotReady`.
    """
    found = await access_import(connection, import_id)
    if not await store.queue(connection, import_id):
        raise FacilityImportNotReady
    await enqueue(connection, TAKE, {"import": import_id})
    await audit.record(
        connection,
        viewer,
        "safety.facilities_imported",
        area=next(iter(viewer.roots(ROLE)), None),
        object=f"facility_import:{import_id}",
        details={"lines": found.lines},
    )


async def decide(
    connection: AsyncConnection, viewer: Viewer, import_id: int, line: int, decision: Decision
) -> None:
    """Say whether a doubtful line is the place it looks like. Raises `NotFound`."""
    if not await store.decide(connection, import_id, line, decision):
        raise NotFound
    await audit.record(
        connection,
        viewer,
        "safety.facility_decided",
        area=next(iter(viewer.roots(ROLE)), None),
        object=f"facility_import:{import_id}",
        details={"line": line, "decision": decision},
    )


@lru_cache(maxsize=1)
def _kind_words() -> dict[str, str]:
    # Reading all sentences takes a second.
    return {**words(), **words_of(Catalogs(), "places-kind-", tuple(KINDS.by_code))}


async def _terms(connection: AsyncConnection, roots: Sequence[str] | None) -> Terms:
    return Terms(Wards(await ward_names(connection)), _kind_words(), roots)


async def check(session: Session, import_id: int, file: Path, told: Told = lambda _: None) -> None:
    """Read a file and keep what would come of each line; no place is changed.

    Raises what `files.read` does; then nothing of the list is kept.
    """
    from lachan.safety.importing.locating import Outlines  # noqa: PLC0415 - loads shapely

    begun = now()
    async with session() as connection:
        task = await work.task(connection, import_id)
        assert task is not None, "the list was just begun"
        await work.forget_rows(connection, import_id)
        terms = await _terms(connection, task.roots)
        checker = Checker(terms, await asyncio.to_thread(Outlines, await work.outlines(connection)))
    async for lines in _pieces(file, frozenset(task.kinds), task.file_name):
        async with session() as connection:
            await _check_piece(connection, checker, import_id, task.source, lines)
        told(len(lines))
    async with session() as connection:
        await work.checked(connection, import_id, begun)


async def _pieces(file: Path, kinds: frozenset[str], name: str) -> AsyncIterator[list[Found]]:
    lines = await asyncio.to_thread(files.read, file, kinds, name=name)
    while piece := await asyncio.to_thread(_take, lines):
        yield piece


def _take(lines: Iterator[Found]) -> list[Found]:
    return list(islice(lines, _AT_ONCE))


async def _check_piece(
    connection: AsyncConnection,
    checker: Checker,
    import_id: int,
    source: str,
    lines: Sequence[Found],
) -> None:
    rows = await asyncio.to_thread(checker.judge, lines)
    good = [row for row in rows if row.verdict != "refused"]
    known = await work.by_refs(connection, source, [row.ref for row in good if row.ref])
    near = Near(
        await work.near(
            connection,
            await asyncio.to_thread(_cells, good),
            {row.area for row in good},
        )
    )
    rows = await asyncio.to_thread(checker.hold, rows, known, near)
    await work.write_rows(connection, import_id, rows)


def _cells(rows: Sequence[Row]) -> set[int]:
    return {
        cell
        for row in rows
        if row.lat is not None and row.lon is not None
        for cell in cells_around(row.lat, row.lon, RULES.reach(row.kind).maybe)
    }


async def commit(session: Session, import_id: int, told: Told = lambda _: None) -> None:
    """Take a checked list over; begun again, it goes on where it stopped.

    Places registered since the list was checked are looked at once more: a line that is one of them
    by now makes no second. So is where each place lies: its area may have changed.
    """
    async with session() as guard:
        await guard.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": work.LOCK})
        async with session() as connection:
            task = await work.task(connection, import_id)
            if task is None or task.checked_at is None:
                return
            await work.set_state(connection, import_id, "running")
            await work.refuse_outside(connection, import_id, task.source, task.roots)
            rows = await work.to_make(connection, import_id)
            since = Near(await work.made_since(connection, import_id, task.checked_at))
            rows = await _looked_at_again(connection, import_id, rows, since)
        for start in range(0, len(rows), _AT_ONCE):
            piece = rows[start : start + _AT_ONCE]
            async with session() as connection:
                await _make(connection, import_id, piece)
            told(len(piece))
        async with session() as connection:
            await work.settle(connection, import_id, task.source, GROUPS, task.roots)
            without = await work.without_position(connection, import_id, task.roots)
            await work.give_positions(
                connection,
                [(one, lat, lon, cell_of(lat, lon)) for one, lat, lon in without],
                task.roots,
            )
            await work.set_state(connection, import_id, "done")


async def _looked_at_again(
    connection: AsyncConnection, import_id: int, rows: Sequence[Row], since: Near
) -> list[Row]:
    """The lines that still make places."""
    still: list[Row] = []
    changed: list[Row] = []
    for row in rows:
        # What a person decided stays decided.
        judged = match(row, since.to(row)) if row.verdict == "new" else row
        (still if judged == row else changed).append(judged)
    await work.rejudge(connection, import_id, changed)
    return still


async def _make(connection: AsyncConnection, import_id: int, rows: Sequence[Row]) -> None:
    places = [
        PlaceRow(row.line, row.name, row.kind, row.area, row.address, row.lat, row.lon)
        for row in rows
    ]
    codes = [[new_code()] for _ in rows]
    ids = await insert_places(connection, places, codes, by_authority=True)
    made = {row.line: place for row, place in zip(rows, ids, strict=True)}
    await work.note_made(connection, import_id, made)
