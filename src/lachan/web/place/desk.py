"""The officers' list of places."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.ids import spoken_code
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.places.kinds import KINDS
from lachan.places.list_store import list_places
from lachan.web.place.sentences import kind_options
from lachan.web.rendering import page

router = APIRouter(include_in_schema=False, prefix="/desk/places")

_A_PAGE = 50


@router.get("")
async def places(
    request: Request,
    viewer: Annotated[Viewer, Depends(officer())],
    connection: Transaction,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    unowned: Annotated[str, Query(max_length=5)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Places in the officer's areas, by name, newest first."""
    key = decode_cursor(cursor, 1)
    if key is not None and not isinstance(key[0], int):
        raise InvalidInput(fields={"cursor": "field-cursor"})
    rows = await list_places(
        connection,
        viewer.roots(),
        words=q,
        kind=kind if kind in KINDS.by_code else "",
        unowned=unowned == "1",
        before=int(key[0]) if key and isinstance(key[0], int) else None,
        limit=_A_PAGE + 1,
    )
    shown = rows[:_A_PAGE]
    more = encode_cursor([shown[-1].id]) if len(rows) > _A_PAGE else None
    here = request.url.include_query_params
    return page(
        request,
        "place/desk.html",
        places=shown,
        q=q,
        kind=kind,
        unowned=unowned == "1",
        kinds=kind_options(request),
        spoken=spoken_code,
        next_url=_local(here(cursor=more)) if more else None,
        first_url=_local(request.url.remove_query_params("cursor")) if cursor else None,
    )


def _local(url: object) -> str:
    """The address without its host."""
    return "/" + str(url).split("/", 3)[3]
