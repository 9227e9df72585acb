"""Routes of cards: residents attach and withdraw their own, officers print and give out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from lachan.identity.cards import service, store
from lachan.identity.cards.press import CardPress
from lachan.identity.cards.schemas import (
    BatchesOut,
    BatchIn,
    BatchOut,
    CardOut,
    CardsOut,
    IssueIn,
    TakeIn,
    WithdrawIn,
)
from lachan.identity.cards.service import CARDS_A_FILE, ROLES, Holder
from lachan.identity.cards.store import Batch, CardRow
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer, officer
from lachan.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/v1", tags=["cards"])

Id = Annotated[int, Path(ge=1, lt=2**63)]
Station = Annotated[Viewer, Depends(officer(*ROLES))]


def press_of(request: Request) -> CardPress:
    """The application's press for cards, made at its first use."""
    state = request.app.state
    if not hasattr(state, "card_press"):
        state.card_press = CardPress(state.catalogs)
    press: CardPress = state.card_press
    return press


def files_of(batch: Batch) -> int:
    """How many files the sheets of a batch are spread over."""
    return -(-batch.size // CARDS_A_FILE)


def card_out(row: CardRow) -> CardOut:
    """What the API says of a card."""
    return CardOut.model_validate(row)


def _batch_out(batch: Batch) -> BatchOut:
    return BatchOut(
        id=batch.id,
        area=batch.area,
        label=batch.label,
        size=batch.size,
        made_at=batch.made_at,
        printed_at=batch.printed_at,
        blank=batch.blank,
        held=batch.held,
        withdrawn=batch.withdrawn,
        files=files_of(batch),
    )


@router.get("/me/cards")
async def list_my_cards(
    viewer: ResidentViewer,  # noqa: ARG001 - says who may ask
    connection: Transaction,
) -> CardsOut:
    """Cards of the asker and of the household's members without a phone."""
    return CardsOut(cards=[card_out(row) for row in await service.own_cards(connection)])


@router.post("/me/cards", status_code=201)
async def take_card(
    request: Request, viewer: ResidentViewer, connection: Transaction, given: TakeIn
) -> CardOut:
    """Attach a blank card; the one that this person used before ends at once."""
    row = await service.take_card(
        connection,
        request.app.state.keyring,
        viewer,
        given.number,
        given.person_id or viewer.person,
    )
    return card_out(row)


@router.delete("/me/cards/{card_id}", status_code=204)
async def withdraw_my_card(viewer: ResidentViewer, connection: Transaction, card_id: Id) -> None:
    """Report a card lost: it is taken nowhere from this moment on."""
    await service.withdraw_card(connection, viewer, card_id)


@router.get("/cards/batches")
async def list_batches(
    viewer: Station,  # noqa: ARG001 - says who may ask
    connection: Transaction,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> BatchesOut:
    """Batches of cards of the officer's areas, newest first."""
    key = decode_cursor(cursor, 1)
    before = key[0] if key and isinstance(key[0], int) else None
    found = await store.batches(connection, before=before, limit=limit + 1)
    shown = found[:limit]
    return BatchesOut(
        batches=[_batch_out(batch) for batch in shown],
        next_cursor=encode_cursor([shown[-1].id]) if len(found) > limit else None,
    )


@router.post("/cards/batches", status_code=201)
async def make_batch(
    request: Request, viewer: Station, connection: Transaction, given: BatchIn
) -> BatchOut:
    """Make blank cards to print."""
    made = await service.make_batch(
        connection,
        request.app.state.keyring,
        viewer,
        label=given.label,
        size=given.size,
        area=given.area,
    )
    return _batch_out(await service.access_batch(connection, made))


async def sheets(request: Request, viewer: Viewer, batch_id: int, part: int) -> Response:
    """The PDF of one part of a batch."""
    state = request.app.state
    # Who printed is on record before a number leaves, whatever becomes of the drawing; and no
    # connection waits while the press draws.
    async with state.storage.transaction(viewer.token) as connection:
        batch = await service.access_batch(connection, batch_id)
        cards = await service.cards_to_print(connection, state.keyring, viewer, batch, part)
    return Response(
        await press_of(request).print(f"{batch.label} · {batch.id}", cards),
        media_type="application/pdf",
        headers={
            "content-disposition": f'attachment; filename="cards-{batch.id}-{part}.pdf"',
            "cache-control": "no-store",
        },
    )


@router.get("/cards/batches/{batch_id}/sheets/{part}.pdf", response_class=Response)
async def print_batch(request: Request, viewer: Station, batch_id: Id, part: Id) -> Response:
    """Sheets of ten, of the cards that nobody was given yet; a thousand cards a part."""
    return await sheets(request, viewer, batch_id, part)


@router.post("/cards", status_code=201)
async def issue_card(
    request: Request, viewer: Station, connection: Transaction, given: IssueIn
) -> CardOut:
    """Give a blank card to somebody at a health station; replaces the card held before."""
    row = await service.issue_card(
        connection,
        request.app.state.keyring,
        viewer,
        given.number,
        Holder(given.name, given.born, given.phone, given.document, given.area),
        old_number=given.old_number,
    )
    return card_out(row)


@router.post("/cards/withdrawals", status_code=201)
async def withdraw_card(
    request: Request, viewer: Station, connection: Transaction, given: WithdrawIn
) -> CardOut:
    """End a card that was lost or found, by its number or its holder's document."""
    keyring = request.app.state.keyring
    if given.number:
        row = await service.withdraw_number(connection, keyring, viewer, given.number)
    else:
        row = await service.withdraw_by_document(
            connection, keyring, viewer, given.document, given.born
        )
    found = await store.card(connection, row.id)
    assert found is not None
    return card_out(found)
