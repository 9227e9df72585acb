"""The roll-out report for officers: the numbers, the lists behind them, files to take along."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from lachan.kit import i18n
from lachan.kit.clock import now
from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Transaction, Viewer, officer
from lachan.kit.http.exports import export
from lachan.kit.paging import decode_cursor, encode_cursor
from lachan.reports.rollout import store
from lachan.reports.rollout.api import COLUMNS, lines
from lachan.reports.rollout.domain import COLOURS, Count, Which
from lachan.reports.rollout.printing import pdf, table
from lachan.reports.rollout.service import (
    GROUPS,
    ROLES,
    Rollout,
    access_asked,
    access_rollout,
)
from lachan.reports.rollout.sheets import MEDIA_TYPE, workbook
from lachan.web.place.sentences import say
from lachan.web.rendering import language_of, page

BASE: Final = "/desk/rollout"
router = APIRouter(include_in_schema=False, prefix=BASE)

Reader = Annotated[Viewer, Depends(officer(*ROLES))]
Area = Annotated[str | None, Query(max_length=20)]
Group = Annotated[str | None, Query(max_length=40)]
Last = Annotated[str, Query(max_length=10)]
_A_PAGE: Final = 50
_SHORT: Final = ("before", "now", "increase", "growth", "share_reported", "share_green")
_PLACE_COLUMNS: Final = (
    "id", "name", "group", "area", "ward", "address", "registered", "colour", "checked",
)  # fmt: skip


def _day(typed: str) -> date | None:
    """The day of the form; None where it is left empty. Raises `InvalidInput`."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidInput(fields={"last": "field-invalid"}) from None


async def _found(
    request: Request,
    viewer: Viewer,
    connection: Transaction,
    area: str | None,
    group: str | None,
    last: str,
) -> Rollout:
    return await access_rollout(
        connection,
        viewer,
        area=area,
        group=group,
        last=_day(last),
        moment=now(),
        zone=request.app.state.settings.zone,
    )


@router.get("")
async def report(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    area: Area = None,
    group: Group = None,
    last: Last = "",
) -> Response:
    """The numbers of an area: by group, and by province or ward."""
    found = await _found(request, viewer, connection, area, group, last)

    def link(to: str, **more: str | None) -> str:
        kept = {"area": found.area.path, "group": found.group, "last": last or None, **more}
        return f"{BASE}{to}?{urlencode({key: value for key, value in kept.items() if value})}"

    return page(
        request,
        "desk/rollout.html",
        found=found,
        link=link,
        last=last,
        groups=[(group, say(request, f"places-kind-{group}")) for group in GROUPS],
    )


@router.get("/places")
async def places(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    which: Which,
    area: Area = None,
    group: Group = None,
    last: Last = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The places behind a number."""
    found, asked, day = await access_asked(
        connection, viewer, area=area, group=group, last=_day(last), moment=now(),
        zone=request.app.state.settings.zone,
    )  # fmt: skip
    key = decode_cursor(cursor, 1)
    if key is not None and not isinstance(key[0], int):
        raise InvalidInput(fields={"cursor": "field-cursor"})
    before = key[0] if key and isinstance(key[0], int) else 2**63 - 1
    rows = await store.page(connection, asked, which, before=before, limit=_A_PAGE + 1)
    kept = {"area": found.path, "group": group or "", "last": last}
    query = urlencode({name: value for name, value in kept.items() if value})
    here = f"{BASE}/places?{query}&which={which}"
    more = encode_cursor([rows[_A_PAGE - 1].id]) if len(rows) > _A_PAGE else None
    return page(
        request,
        "desk/rollout_places.html",
        area=found,
        group=group,
        which=which,
        day=day,
        places=rows[:_A_PAGE],
        back=f"{BASE}?{query}",
        file=f"{BASE}/places.csv?{query}&which={which}",
        next_url=f"{here}&cursor={more}" if more else None,
        first_url=here if cursor else None,
    )


@router.get("/places.csv")
async def places_file(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    which: Which,
    area: Area = None,
    group: Group = None,
    last: Last = "",
) -> Response:
    """The same list as a table."""
    found, asked, day = await access_asked(
        connection, viewer, area=area, group=group, last=_day(last), moment=now(),
        zone=request.app.state.settings.zone,
    )  # fmt: skip
    token, state = viewer.token, request.app.state
    names = {kind: say(request, f"places-kind-{kind}") for kind in asked.kinds}
    colours = {colour: say(request, f"rollout-colour-{colour}") for colour in COLOURS}

    async def rows() -> AsyncIterator[list[object]]:
        async with state.storage.export(token) as reading:
            async for one in store.every(reading, asked, which):
                yield [
                    one.id, one.name, names[one.kind], one.area, one.area_name, one.address,
                    one.registered_at.astimezone(state.settings.zone).date(),
                    colours.get(one.colour or "", ""),
                    one.checked_on,
                ]  # fmt: skip

    header = [say(request, f"rollout-place-{name}") for name in _PLACE_COLUMNS]
    return export("csv", f"rollout-{found.path}-{which}-{day}", header, rows())


def _attached(body: bytes, media_type: str, name: str) -> Response:
    return Response(
        body,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _title(request: Request, found: Rollout) -> str:
    lang = language_of(request)
    zone = request.app.state.settings.zone
    return say(
        request,
        "rollout-file-title",
        area=found.area.full_name,
        first=i18n.format_date(lang, found.first, tz=zone),
        last=i18n.format_date(lang, found.last, tz=zone),
    )


@router.get("/report.csv")
async def report_csv(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    area: Area = None,
    group: Group = None,
    last: Last = "",
) -> Response:
    """Every part by every group."""
    found = await _found(request, viewer, connection, area, group, last)

    async def rows() -> AsyncIterator[list[object]]:
        for path, name, kind, *rest in lines(found):
            yield [path, name, say(request, f"places-kind-{kind}"), *rest]

    header = [say(request, f"rollout-column-{name}") for name in COLUMNS]
    return export("csv", f"rollout-{found.area.path}-{found.last}", header, rows())


@router.get("/report.xlsx")
async def report_xlsx(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    area: Area = None,
    group: Group = None,
    last: Last = "",
) -> Response:
    """The same as a workbook."""
    found = await _found(request, viewer, connection, area, group, last)
    body = await asyncio.to_thread(
        workbook, found, lambda key: say(request, key), _title(request, found)
    )
    return _attached(body, MEDIA_TYPE, f"rollout-{found.area.path}-{found.last}.xlsx")


@router.get("/report.pdf")
async def report_pdf(
    request: Request,
    viewer: Reader,
    connection: Transaction,
    area: Area = None,
    group: Group = None,
    last: Last = "",
) -> Response:
    """The same on paper."""
    found = await _found(request, viewer, connection, area, group, last)
    lang = language_of(request)

    def row(name: str, count: Count) -> list[str]:
        shares = {
            name: "–" if share is None else f"{i18n.format_number(lang, round(100 * share, 1))} %"
            for name, share in (
                ("growth", count.growth),
                ("share_reported", count.share_reported),
                ("share_green", count.share_green),
            )
        }
        figures = {
            name: i18n.format_number(lang, value)
            for name, value in (
                ("before", count.before), ("now", count.now), ("increase", count.increase),
            )
        }  # fmt: skip
        return [name, *({**figures, **shares}[column] for column in _SHORT)]

    whole = row(say(request, "rollout-whole"), found.whole)
    groups = [
        row(say(request, f"places-kind-{kind}"), count) for kind, count in found.groups.items()
    ]
    parts = [row(part.name, part.whole) for part in found.parts]

    def said(key: str) -> str:
        return say(request, f"rollout-column-{key}")

    facts = {
        "lang": lang,
        "title": say(request, "rollout-title"),
        "lead": _title(request, found),
        "foot": _title(request, found),
        "how": say(request, "rollout-how"),
        "tables": [
            {
                "title": say(request, "rollout-by-group"),
                **table(("group", *_SHORT), [*groups, whole], said),
            },
            {
                "title": say(request, "rollout-by-part"),
                **table(("name", *_SHORT), [*parts, whole], said),
            },
        ],
    }
    body = await asyncio.to_thread(pdf, facts)
    return _attached(body, "application/pdf", f"rollout-{found.area.path}-{found.last}.pdf")
