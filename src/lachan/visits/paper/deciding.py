"""Rows that wait for a person: whoever typed them, or a tracer of the area, settles them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.identity import audit
from lachan.identity.service import check_reason
from lachan.kit.clock import local_day
from lachan.kit.crypto import Keyring
from lachan.kit.errors import InvalidInput, NotFound
from lachan.kit.http.access import Viewer
from lachan.settings import Settings
from lachan.visits.paper import row_store, rules, sealed, store
from lachan.visits.paper.domain import (
    FIELD_OF,
    NEEDS_CORRECTION,
    SETTLED_TOGETHER,
    Judged,
    Reason,
    State,
    Written,
    judge,
    tidy_cells,
    unpack_shown,
)
from lachan.visits.paper.errors import PaperRowNeedsCorrection, PaperRowSettled
from lachan.visits.paper.service import opened, queue_taking, setting_of, typist_of
from lachan.visits.paper.store import PaperRow, Typist

OPENED = "paper_row.opened"
_TRACER = "tracer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, as a tracer meets it: nothing of what stands on it.

    `overlap`: the person seems to have been elsewhere at the time.
    """

    row: PaperRow
    overlap: bool


def _is_own(row: PaperRow, mine: Typist) -> bool:
    return (row.typed_by_person, row.typed_by_officer) == (mine.person, mine.officer) and (
        mine.person is not None or mine.officer is not None
    )


async def access_own_row(
    connection: AsyncConnection, viewer: Viewer, place_id: int, row_id: UUID
) -> PaperRow:
    """A row that the viewer wrote. Raises `NotFound`."""
    row = await row_store.find_row(connection, row_id)
    if row is None or row.place_id != place_id or not _is_own(row, typist_of(viewer)):
        raise NotFound
    return row


async def access_waiting_row(connection: AsyncConnection, viewer: Viewer, row_id: UUID) -> Waiting:
    """A row that waits for a tracer of its area. Raises `NotFound`, `PaperRowSettled`."""
    row = await row_store.find_row(connection, row_id)
    if row is None or not rules.covers(viewer.roots(_TRACER), row.area):
        raise NotFound
    match = await row_store.match_of(connection, row_id)
    overlap = match is not None and match.state == "overlap" and row.state == State.ACCEPTED
    if row.state != State.DOUBTFUL and not overlap:
        raise PaperRowSettled
    return Waiting(row, overlap)


async def open_row(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, waiting: Waiting, reason: str
) -> Written:
    """What stands on a row, for a tracer who says why; written to the audit trail.

    Raises `ReasonMissing`.
    """
    told = check_reason(reason)
    row = waiting.row
    match = await row_store.match_of(connection, row.id)
    await audit.record(
        connection,
        viewer,
        OPENED,
        subject_person=match.person_id if match else None,
        area=row.area,
        object=f"paper_row:{row.id}",
        reason=told,
    )
    return unpack_shown(opened(keyring, row).written)


async def own_written(keyring: Keyring, row: PaperRow) -> Written:
    """What the viewer wrote on an own row."""
    return unpack_shown(opened(keyring, row).written)


async def own_waiting(
    connection: AsyncConnection, viewer: Viewer, place_id: int, *, limit: int
) -> list[PaperRow]:
    """The viewer's rows of a place that wait for them, oldest first."""
    return await row_store.own_waiting(connection, place_id, typist_of(viewer), limit=limit)


async def settle(
    connection: AsyncConnection,
    keyring: Keyring,
    settings: Settings,
    viewer: Viewer,
    row: PaperRow,
    cells: Written,
) -> None:
    """Take a doubtful row as it is written now.

    What the decider has seen and leaves as it is counts as settled; what no visit can be made of
    is not. Raises `PaperRowSettled`, or `InvalidInput` naming the cells to correct.
    """
    if row.state != State.DOUBTFUL:
        raise PaperRowSettled
    judged = await _judge(connection, settings, viewer, row, tidy_cells(cells))
    hopeless = [reason for reason in judged.reasons if reason in NEEDS_CORRECTION]
    if hopeless:
        raise InvalidInput(
            fields={FIELD_OF.get(one, "name"): f"paper-reason-{one}" for one in hopeless}
        )
    if not judged.who.key or judged.arrived_at is None:
        raise PaperRowNeedsCorrection
    kept = set(judged.reasons)
    if Reason.SAME_NAME in row.reasons and judged.who.by_name_only:
        kept.add(Reason.SAME_NAME)
    await row_store.rewrite_row(
        connection,
        row.id,
        {
            "sealed": sealed.seal(keyring, row.id, tidy_cells(cells)),
            "index": rules.row_index(keyring, row.place_id, judged),
            "room": judged.room_id or row.room_id,
            "direction": row.direction,
            "arrived": judged.arrived_at,
            "left": judged.left_at,
            "state": State.READY.value,
            "reasons": sorted(reason.value for reason in kept),
        },
        typist_of(viewer),
    )
    await queue_taking(connection, row.list_id)


async def _judge(
    connection: AsyncConnection, settings: Settings, viewer: Viewer, row: PaperRow, cells: Written
) -> Judged:
    place = await store.place(connection, row.place_id, None)
    if place is None:
        raise NotFound
    setting = await setting_of(
        connection,
        settings,
        place,
        day=await day_of(connection, settings, row),
        by_officer=viewer.officer_id is not None,
    )
    # Moments that were read before are what a device or a spreadsheet said, to the second.
    return judge(cells, setting)


async def day_of(connection: AsyncConnection, settings: Settings, row: PaperRow) -> date:
    """The day of a row that names none: its list's, or the one it was kept on."""
    if row.list_id is not None:
        of = await store.find_list(connection, row.list_id)
        if of is not None:
            return rules.reading_of(of.reading).day or of.day
    return local_day(row.created_at, settings.zone)


async def refuse(
    connection: AsyncConnection, keyring: Keyring, viewer: Viewer, row: PaperRow, reason: str
) -> None:
    """Refuse a doubtful row for a reason; both are kept.

    Raises `PaperRowSettled`, `ReasonMissing`.
    """
    if row.state != State.DOUBTFUL:
        raise PaperRowSettled
    told = check_reason(reason)
    written = replace(opened(keyring, row).written, refusal=told)
    await row_store.refuse_row(
        connection,
        row.id,
        sealed.seal(keyring, row.id, written),
        [*row.reasons, Reason.BY_HAND.value],
        typist_of(viewer),
    )


async def settle_overlap(
    connection: AsyncConnection, viewer: Viewer, row: PaperRow, *, accept: bool
) -> None:
    """Say whether somebody who seems to have been elsewhere was here."""
    await row_store.settle_match(
        connection, row.id, "approved" if accept else "refused", viewer.officer
    )
    if accept:
        await queue_taking(connection, row.list_id)


async def settle_together(
    connection: AsyncConnection,
    viewer: Viewer,
    reason: str,
    *,
    list_id: UUID | None = None,
    place_id: int | None = None,
) -> int:
    """Accept all rows of a list or a place that wait for this reason alone; how many.

    Raises `PaperRowNeedsCorrection` for a reason that is settled row by row.
    """
    if reason not in {one.value for one in SETTLED_TOGETHER}:
        raise PaperRowNeedsCorrection
    accepted = await row_store.accept_all(
        connection, reason, typist_of(viewer), list_id=list_id, place_id=place_id
    )
    if accepted:
        await queue_taking(connection, list_id)
    return accepted


def cells_to_show(settings: Settings, row: PaperRow, written: Written, day: date) -> Written:
    """A row's cells as a form shows them: the day apart, a device's moment as a list has it."""
    if row.device_id is not None and row.arrived_at is not None and not written.arrival:
        local = row.arrived_at.astimezone(settings.zone)
        return replace(written, day=f"{local:%d/%m/%Y}", arrival=f"{local.hour}:{local.minute:02}")
    return replace(written, day=written.day or f"{day:%d/%m/%Y}")


def reasons_of(codes: Sequence[str]) -> list[Reason]:
    """Stored reasons, those of a later version left out."""
    known = {reason.value: reason for reason in Reason}
    return [known[code] for code in codes if code in known]
