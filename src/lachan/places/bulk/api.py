"""Many places at once over HTTP: send a list, look at what would come of it, register, print."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from lachan.kit.http.access import Viewer
from lachan.places.bulk import store
from lachan.places.bulk.store import Import


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
