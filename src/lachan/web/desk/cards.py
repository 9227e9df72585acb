"""Cards for people without a phone: print them, give one out, end one that was lost."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.areas import store as areas
from lachan.identity.cards import service, store
from lachan.identity.cards.api import Id, Station, files_of, sheets
from lachan.identity.cards.service import CARDS_A_FILE, MOST_CARDS, ROLES, Holder
from lachan.identity.cards.store import CardRow
from lachan.kit.errors import InvalidInput, Problem
from lachan.kit.http.access import Transaction, Viewer
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.web.place.sentences import say_problem
from lachan.web.rendering import page

router = APIRouter(prefix="/desk/cards", include_in_schema=False)

_A_PAGE = 30
Done = Annotated[int | None, Query(ge=1, lt=2**63)]
Within = Annotated[str, Query(max_length=20)]


class BatchForm(BaseModel):
    """What was typed for a new batch, as it was typed."""

    model_config = ConfigDict(frozen=True)

    label: str = Field("", max_length=300)
    size: str = Field("100", max_length=20)
    area: str = Field("", max_length=20)
    within: str = Field("", max_length=20)


class IssueForm(BaseModel):
    """What was typed of somebody who gets a card, as it was typed."""

    model_config = ConfigDict(frozen=True)

    number: str = Field("", max_length=60)
    old_number: str = Field("", max_length=60)
    name: str = Field("", max_length=300)
    born: str = Field("", max_length=40)
    document: str = Field("", max_length=60)
    phone: str = Field("", max_length=60)
    area: str = Field("", max_length=20)
    within: str = Field("", max_length=20)


class WithdrawForm(BaseModel):
    """A card by its number, or by its holder's document."""

    model_config = ConfigDict(frozen=True)

    number: str = Field("", max_length=60)
    document: str = Field("", max_length=60)
    born: str = Field("", max_length=40)


async def _choices(
    connection: AsyncConnection, viewer: Viewer, within: str
) -> list[tuple[str, str]]:
    """Areas to choose from: `within` (or the officer's own) and what lies directly below."""
    roots = (within,) if within and service.covers(viewer, within) else viewer.roots(*ROLES)
    found: dict[str, str] = {}
    for root in roots:
        top = await areas.get(connection, root)
        if top is not None:
            found[top.path] = top.full_name
        found |= {one.path: one.full_name for one in await areas.children(connection, root)}
    return list(found.items())


@router.get("")
async def list_batches(
    request: Request,
    viewer: Station,  # noqa: ARG001 - says who may ask
    connection: Transaction,
    cursor: str | None = None,
) -> Response:
    """What was printed in the officer's areas, newest first."""
    key = decode_cursor(cursor, 1)
    before = key[0] if key and isinstance(key[0], int) else None
    found = await store.batches(connection, before=before, limit=_A_PAGE + 1)
    shown = found[:_A_PAGE]
    return page(
        request,
        "desk/cards.html",
        batches=shown,
        next_url=f"/desk/cards?cursor={encode_cursor([shown[-1].id])}"
        if len(found) > _A_PAGE
        else None,
        first_url="/desk/cards" if cursor else None,
    )


async def _new_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    form: BatchForm,
    refused: Problem | None = None,
) -> Response:
    return page(
        request,
        "desk/cards_new.html",
        status=refused.status if refused else 200,
        form=form,
        areas=await _choices(connection, viewer, form.within),
        within=form.within,
        most=MOST_CARDS,
        errors=say_problem(request, refused) if refused else {},
    )


@router.get("/new")
async def ask_batch(
    request: Request, viewer: Station, connection: Transaction, within: Within = ""
) -> Response:
    """Form for new cards."""
    return await _new_page(request, viewer, connection, BatchForm(within=within))


@router.post("/new")
async def take_batch(
    request: Request,
    viewer: Station,
    connection: Transaction,
    form: Annotated[BatchForm, Form()],
) -> Response:
    """Make them, and go to where they are printed."""
    size = form.size.replace(".", "").replace(",", "").strip()
    try:
        if not form.area:
            raise InvalidInput(fields={"area": "identity-field-area"})
        made = await service.make_batch(
            connection,
            request.app.state.keyring,
            viewer,
            label=form.label,
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 7 else 0,  # noqa: PLR2004
            area=form.area,
        )
    except Problem as refused:
        return await _new_page(request, viewer, connection, form, refused)
    return RedirectResponse(f"/desk/cards/batches/{made}", status_code=303)


@router.get("/batches/{batch_id}")
async def show_batch(
    request: Request,
    viewer: Station,  # noqa: ARG001 - says who may ask
    connection: Transaction,
    batch_id: Id,
) -> Response:
    """One batch: what became of it, and its sheets."""
    batch = await service.access_batch(connection, batch_id)
    parts = [
        (part, (part - 1) * CARDS_A_FILE + 1, min(part * CARDS_A_FILE, batch.size))
        for part in range(1, files_of(batch) + 1)
    ]
    return page(request, "desk/cards_batch.html", batch=batch, parts=parts)


@router.get("/batches/{batch_id}/{part}.pdf")
async def print_batch(request: Request, viewer: Station, batch_id: Id, part: Id) -> Response:
    """Sheets to print and cut."""
    return await sheets(request, viewer, batch_id, part)


async def _issue_page(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    form: IssueForm,
    *,
    refused: Problem | None = None,
    done: CardRow | None = None,
) -> Response:
    return page(
        request,
        "desk/cards_issue.html",
        status=refused.status if refused else 200,
        headers={"cache-control": "no-store"},
        form=form,
        areas=await _choices(connection, viewer, form.within),
        within=form.within,
        done=done,
        errors=say_problem(request, refused) if refused else {},
    )


@router.get("/issue")
async def ask_holder(
    request: Request,
    viewer: Station,
    connection: Transaction,
    within: Within = "",
    done: Done = None,
) -> Response:
    """Form for whom a card is given to; `done` is the card given out just now."""
    given = None if done is None else await store.card(connection, done)
    return await _issue_page(request, viewer, connection, IssueForm(within=within), done=given)


@router.post("/issue")
async def take_holder(
    request: Request,
    viewer: Station,
    connection: Transaction,
    form: Annotated[IssueForm, Form()],
) -> Response:
    """Give the card out, and show the empty form for the next one."""
    try:
        # A refusal leaves nobody enrolled, yet the page that explains it still reads.
        async with connection.begin_nested():
            card = await service.issue_card(
                connection,
                request.app.state.keyring,
                viewer,
                form.number,
                Holder(form.name, form.born, form.phone, form.document, form.area or None),
                old_number=form.old_number,
            )
    except Problem as refused:
        return await _issue_page(request, viewer, connection, form, refused=refused)
    return RedirectResponse(f"/desk/cards/issue?done={card.id}", status_code=303)


@router.get("/withdraw")
async def ask_withdrawal(
    request: Request,
    viewer: Station,  # noqa: ARG001 - says who may ask
    connection: Transaction,
    done: Done = None,
) -> Response:
    """Form to end a card; `done` is the one that was ended just now."""
    ended = None if done is None else await store.card(connection, done)
    return page(request, "desk/cards_withdraw.html", form=WithdrawForm(), done=ended, errors={})


@router.post("/withdraw")
async def take_withdrawal(
    request: Request,
    viewer: Station,
    connection: Transaction,
    form: Annotated[WithdrawForm, Form()],
) -> Response:
    """End it at once."""
    keyring = request.app.state.keyring
    try:
        if form.number.strip() or not form.document.strip():
            card = await service.withdraw_number(connection, keyring, viewer, form.number)
        else:
            card = await service.withdraw_by_document(
                connection, keyring, viewer, form.document, form.born
            )
    except Problem as refused:
        return page(
            request,
            "desk/cards_withdraw.html",
            status=refused.status,
            form=form,
            done=None,
            errors=say_problem(request, refused),
        )
    return RedirectResponse(f"/desk/cards/withdraw?done={card.id}", status_code=303)
