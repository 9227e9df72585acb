"""The public list of places, and a check of a place and a day for people without the app."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from lachan.kit.http.access import AnyViewer, Transaction
from lachan.warnings import outbreak
from lachan.warnings.advice import advice_for
from lachan.warnings.api import wording_of
from lachan.warnings.public import public_file
from lachan.web.rendering import language_of, page

router = APIRouter(include_in_schema=False)

Name = Annotated[str, Query(max_length=100)]
Day = Annotated[str, Query(max_length=10)]


def _day_of(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None


@router.get("/outbreak")
async def outbreak_page(
    request: Request, _viewer: AnyViewer, connection: Transaction, q: Name = "", day: Day = ""
) -> Response:
    """Places where people may have met a case: all of them, or those somebody asks about."""
    wanted = _day_of(day)
    wrong = bool(day) and wanted is None
    rows = (
        []
        if wrong
        else await outbreak.public(
            connection, name=q, day=wanted, area=None, zone=request.app.state.settings.zone
        )
    )
    words = wording_of(request)
    lang = language_of(request)
    catalogs = request.app.state.catalogs
    return page(
        request,
        "public/outbreak.html",
        status=422 if wrong else 200,
        headers={"cache-control": "no-cache"},
        errors={"day": catalogs.translate(lang, "outbreak-day-wrong")} if wrong else {},
        asked=bool(q.strip() or day),
        q=q,
        day=day,
        rows=[
            (
                row,
                words.disease(row.disease),
                words.kind(row.kind),
                [
                    words.say(key)
                    for key in advice_for(row.disease, row.kind, 1, row.advice_version).keys
                ],
            )
            for row in rows
        ],
    )


@router.get("/outbreak/places.csv")
async def outbreak_file(
    request: Request, _viewer: AnyViewer, connection: Transaction, q: Name = "", day: Day = ""
) -> Response:
    """The same list as a file."""
    zone = request.app.state.settings.zone
    return public_file(
        await outbreak.public(connection, name=q, day=_day_of(day), area=None, zone=zone)
    )
