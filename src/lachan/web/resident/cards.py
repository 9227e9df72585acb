"""My cards: for oneself and for those of the household who have no phone."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse, Response

from lachan.identity import residents
from lachan.identity.cards import service, store
from lachan.identity.cards.errors import CardGone
from lachan.kit.errors import Problem
from lachan.kit.http.access import ResidentViewer, Transaction, Viewer
from lachan.web.place.sentences import say, say_problem
from lachan.web.rendering import page

router = APIRouter(prefix="/me/cards", include_in_schema=False)

CardId = Annotated[int, Path(ge=1, lt=2**63)]
_LONGEST_ID = 18


async def _people(
    request: Request, connection: AsyncConnection, viewer: Viewer
) -> list[tuple[int, str]]:
    profile = await residents.access_profile(connection, request.app.state.keyring, viewer)
    return [
        (viewer.person, say(request, "cards-me")),
        *((member.person_id, member.name) for member in profile.household),
    ]


async def _show(
    request: Request,
    viewer: Viewer,
    connection: AsyncConnection,
    *,
    number: str = "",
    person: str = "",
    refused: Problem | None = None,
) -> Response:
    people = await _people(request, connection, viewer)
    return page(
        request,
        "identity/cards.html",
        status=refused.status if refused else 200,
        cards=await service.own_cards(connection),
        people=people,
        names=dict(people),
        number=number,
        person=person,
        errors=say_problem(request, refused) if refused else {},
    )


@router.get("")
async def my_cards(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """Cards of the household, and a form to attach another."""
    return await _show(request, viewer, connection)


@router.post("")
async def take_card(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    number: Annotated[str, Form(max_length=60)] = "",
    person: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Attach a blank card."""
    typed = person if person.isascii() and person.isdigit() and len(person) <= _LONGEST_ID else ""
    try:
        await service.take_card(
            connection,
            request.app.state.keyring,
            viewer,
            number,
            int(typed) if typed else viewer.person,
        )
    except Problem as refused:
        return await _show(
            request, viewer, connection, number=number, person=person, refused=refused
        )
    return RedirectResponse("/me/cards", status_code=303)


@router.get("/{card_id}/withdraw")
async def ask_withdrawal(
    request: Request, viewer: ResidentViewer, connection: Transaction, card_id: CardId
) -> Response:
    """Ask once more before a card ends."""
    card = await store.card(connection, card_id)
    if card is None or card.state != "held":
        raise CardGone
    names = dict(await _people(request, connection, viewer))
    return page(
        request, "identity/card_withdraw.html", card=card, name=names.get(card.person_id or 0, "")
    )


@router.post("/{card_id}/withdraw")
async def withdraw(viewer: ResidentViewer, connection: Transaction, card_id: CardId) -> Response:
    """End it."""
    await service.withdraw_card(connection, viewer, card_id)
    return RedirectResponse("/me/cards", status_code=303)
