"""Many places at once over HTTP: send a list, look at what would come of it, register, print.

Those who run many places, and officers who register for others, have the same routes under two
addresses. The pages do the same step by step; see `lachan.web.place.bulk`.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from lachan.kit.errors import InvalidInput
from lachan.kit.http.access import Access, Transaction, Viewer, officer, resident
from lachan.kit.http.exports import export
from lachan.kit.http.rate import RateLimit
from lachan.kit.i18n import Catalogs, Language
from lachan.kit.ids import spoken_code
from lachan.places.bulk import service, store
from lachan.places.bulk.schemas import ImportReport, RefusedLine, RegisterList
from lachan.places.bulk.store import Import
from lachan.places.poster import poster_url

FILE_BYTES: Final = 8 * 1024 * 1024
RESIDENTS: Final = "/api/v1/me/place-imports"
OFFICERS: Final = "/api/v1/place-imports"
RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
# Reading a list takes a second of processor time.
_FILES: Final = RateLimit(6, burst=12)
_CODE_COLUMNS: Final = ("line", "name", "room", "ward", "code")


async def check_list(
    request: Request, connection: AsyncConnection, viewer: Viewer, name: str, content: bytes
) -> int:
    """The id of a dry run. Raises what `service.check` does, and `TooManyRequests`."""
    state = request.app.state
    return await service.check(
        connection,
        viewer,
        name,
        content,
        keyring=state.keyring,
        catalogs=state.catalogs,
        calling_code=state.settings.identity.home_country_code,
    )


def check_files(viewer: Viewer) -> None:
    """Raises `TooManyRequests` where a sender sends list after list."""
    _FILES.check(viewer.key)


def posters_file(request: Request, viewer: Viewer, found: Import) -> StreamingResponse:
    """The PDF with all posters of a list, sent piece by piece."""
    token = viewer.token

    async def parts() -> AsyncIterator[bytes]:
        async with request.app.state.storage.export(token) as reading:
            async for part in store.pdf_parts(reading, found.id):
                yield part

    name = f"la-chan-{found.id}-{found.size}.pdf"
    return StreamingResponse(
        parts(),
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def codes_file(request: Request, viewer: Viewer, found: Import) -> StreamingResponse:
    """All codes of a list in one table."""
    token, state = viewer.token, request.app.state
    base = state.settings.web.base_url
    header = [say(request, f"bulk-csv-{name}") for name in _CODE_COLUMNS]

    async def rows() -> AsyncIterator[list[object]]:
        async with state.storage.export(token) as reading:
            async for line, name, room, ward, province, code in store.made_places(
                reading, found.id
            ):
                yield [
                    line, name, room, f"{ward}, {province}", spoken_code(code),
                    poster_url(base, code),
                ]  # fmt: skip

    return export("csv", f"la-chan-{found.id}", [*header, "URL"], rows())


def say(request: Request, key: str) -> str:
    """The sentence `key` in the language asked for."""
    catalogs: Catalogs = request.app.state.catalogs
    lang: Language = request.scope["state"]["lang"]
    return catalogs.translate(lang, key)


def _report(request: Request, base: str, found: Import) -> ImportReport:
    told = found.report
    ready = found.state == "done"
    return ImportReport(
        id=found.id,
        file_name=found.file_name,
        state=found.state,
        lines=told["lines"],
        good=found.rows,
        refused_lines=told["refused_lines"],
        doubles=told["doubles"],
        reviews=told["reviews"],
        operators=told["operators"],
        made=found.made,
        posters=told["posters"],
        printed=found.printed,
        refused=[
            RefusedLine(**entry, detail=say(request, entry["reason"])) for entry in told["refused"]
        ],
        posters_url=f"{base}/{found.id}/posters.pdf" if ready else None,
        codes_url=f"{base}/{found.id}/codes.csv" if ready else None,
        created_at=found.created_at,
        finished_at=found.finished_at,
    )


_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
    }
}


def _routes(base: str, access: Access, whose: str) -> APIRouter:
    """The routes of one kind of sender; `whose` tells their names apart in the reference."""
    routes = APIRouter(prefix=base, tags=["places"])
    Sender = Annotated[Viewer, Depends(access)]  # noqa: N806 - a type

    @routes.post("", status_code=201, openapi_extra=_FILE, name=f"check_{whose}_list")
    async def send_list(
        request: Request,
        viewer: Sender,
        file_name: Annotated[str, Query(max_length=400)] = "",
    ) -> ImportReport:
        """Send a list, CSV or XLSX, and get a row report; nothing is registered yet."""
        check_files(viewer)
        content = await request.body()
        if not content:
            raise InvalidInput(fields={"file": "bulk-field-file"})
        # Opened here, not by the route: a slow sender holds no connection.
        async with request.app.state.storage.transaction(viewer.token) as connection:
            import_id = await check_list(request, connection, viewer, file_name, content)
            found = await service.access_import(connection, import_id)
        return _report(request, base, found)

    @routes.get("/{import_id}", name=f"read_{whose}_list")
    async def read_list(
        request: Request, _viewer: Sender, connection: Transaction, import_id: RowId
    ) -> ImportReport:
        """What would come of a list, or how far it is."""
        return _report(request, base, await service.access_import(connection, import_id))

    @routes.post("/{import_id}/register", status_code=202, name=f"register_{whose}_list")
    async def register_list(
        request: Request,
        viewer: Sender,
        connection: Transaction,
        import_id: RowId,
        asked: RegisterList,
    ) -> ImportReport:
        """Register what is good of it and draw the posters; look again until it is done."""
        await service.register(connection, viewer, import_id, asked.size)
        return _report(request, base, await service.access_import(connection, import_id))

    @routes.get(
        "/{import_id}/posters.pdf",
        name=f"print_{whose}_list",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}}}},
    )
    async def posters(
        request: Request, viewer: Sender, connection: Transaction, import_id: RowId
    ) -> Response:
        """All posters in one file."""
        return posters_file(request, viewer, await service.access_import(connection, import_id))

    @routes.get(
        "/{import_id}/codes.csv",
        name=f"export_{whose}_list",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}}},
    )
    async def codes(
        request: Request, viewer: Sender, connection: Transaction, import_id: RowId
    ) -> Response:
        """All codes in one table."""
        return codes_file(request, viewer, await service.access_import(connection, import_id))

    return routes


router = APIRouter()
router.include_router(_routes(RESIDENTS, resident, "own"))
router.include_router(_routes(OFFICERS, officer(service.ROLE), "desk"))
