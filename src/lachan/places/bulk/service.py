"""Rules of registering many places at once: a dry run that changes nothing, then one press."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas.domain import fold
from lachan.identity import audit
from lachan.jobs.queue import enqueue
from lachan.kit import spreadsheets
from lachan.kit.crypto import Keyring
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Viewer
from lachan.kit.i18n import LANGUAGES, Catalogs
from lachan.kit.spreadsheets import Sheet
from lachan.places.bulk import store
from lachan.places.bulk.domain import (
    MOST_LINES,
    NEEDED,
    Checked,
    Terms,
    Wards,
    against_known,
    columns_of,
    read_lines,
)
from lachan.places.bulk.errors import ImportColumnsMissing, ImportNothingLeft, ImportNotReady
from lachan.places.bulk.store import Import
from lachan.places.kinds import KINDS, VENTILATIONS
from lachan.places.reviews.domain import Names

JOB: Final = "places.import"
ROLE: Final = "admin"
_FILE_NAME: Final = 200
_MOST_TOLD: Final = 2_000
"""Refusals kept for the report; a list that is wrong throughout needs no longer one."""


def words_of(catalogs: Catalogs, prefix: str, codes: tuple[str, ...]) -> dict[str, str]:
    """Codes by all that they are called, in every language."""
    found = {fold(code): code for code in codes}
    for code in codes:
        for language in LANGUAGES:
            label = catalogs.translate(language, f"{prefix}{code}")
            found[fold(label)] = code
            # "Chợ" is enough of "Chợ, siêu thị, trung tâm thương mại".
            for part in label.split(","):
                found.setdefault(fold(part), code)
    return found


async def check(
    connection: AsyncConnection,
    viewer: Viewer,
    file_name: str,
    content: bytes,
    *,
    keyring: Keyring,
    catalogs: Catalogs,
    calling_code: int,
) -> int:
    """Read a list and say what would come of it; nothing is registered. The id of the dry run.

    An officer registers in the own areas, and may name by phone who will run each place; a resident
    anywhere, as the owner. Raises what `spreadsheets.read` does, and `ImportColumnsMissing`.
    """
    sheet = await asyncio.to_thread(spreadsheets.read, content, most_lines=MOST_LINES)
    missing = [name for name in NEEDED if name not in columns_of(sheet)]
    if missing:
        raise ImportColumnsMissing(params={"columns": ", ".join(missing)})
    by_officer = viewer.officer_id is not None
    terms = Terms(
        wards=Wards(await store.wards(connection)),
        kinds=words_of(catalogs, "places-kind-", tuple(KINDS.by_code)),
        airs=words_of(catalogs, "places-air-", VENTILATIONS),
        roots=viewer.roots(ROLE) if by_officer else None,
        calling_code=f"+{calling_code}" if by_officer else None,
    )
    checked = await asyncio.to_thread(read_lines, sheet, terms)
    areas = sorted({row.area for row in checked.rows})
    own, others = await store.names_by_ward(connection, areas, run_by=viewer.person_id)
    result = await asyncio.to_thread(_held_against, checked, sheet, viewer, own, others)
    import_id = await store.add(
        connection,
        person_id=viewer.person_id,
        officer_id=viewer.officer_id,
        file_name=file_name[-_FILE_NAME:] or "list",
        rows=result.rows,
        report=_report(sheet, result),
    )
    phones = {row.line: row.operator for row in result.rows if row.operator}
    if phones:
        await store.keep_phones(connection, keyring, import_id, phones)
    return import_id


def _held_against(
    checked: Checked,
    sheet: Sheet,
    viewer: Viewer,
    own: Mapping[str, Names],
    others: Mapping[str, Names],
) -> Checked:
    # An officer's list is the authority's own word: what is there is a double, nothing is doubted.
    if viewer.officer_id is not None:
        return against_known(checked, columns_of(sheet), others, {})
    return against_known(checked, columns_of(sheet), own, others)


def _report(sheet: Sheet, result: Checked) -> dict[str, Any]:
    reasons = Counter(refusal.reason for refusal in result.refused)
    return {
        "lines": len(sheet.lines),
        "refused_lines": len({refusal.line for refusal in result.refused}),
        "doubles": reasons["bulk-reason-twice"] + reasons["bulk-reason-known"],
        "reviews": sum(row.review is not None for row in result.rows),
        "posters": sum(1 + len(row.rooms) for row in result.rows),
        "operators": sum(row.operator is not None for row in result.rows),
        "refused": [asdict(refusal) for refusal in result.refused[:_MOST_TOLD]],
    }


async def access_import(connection: AsyncConnection, import_id: int) -> Import:
    """A list that the asker sent. Raises `NotFound`."""
    found = await store.get(connection, import_id)
    if found is None:
        raise NotFound
    return found


async def register(
    connection: AsyncConnection, viewer: Viewer, import_id: int, size: Literal["a4", "a5"]
) -> None:
    """Have the worker register what the dry run found good.

    Raises `NotFound`, `ImportNothingLeft`, `ImportNotReady`.
    """
    found = await access_import(connection, import_id)
    if not found.rows:
        raise ImportNothingLeft
    if not await store.queue(connection, import_id, size):
        raise ImportNotReady
    await enqueue(connection, JOB, {"import": import_id})
    await audit.record(
        connection,
        viewer,
        "place.bulk_registered",
        area=next(iter(viewer.roots(ROLE)), None),
        object=f"place_import:{import_id}",
        details={"places": found.rows},
    )
