"""The kiosk's one page, which a tablet keeps for when there is no network, and its service worker.

The page is the same for everybody and says nothing about anyone: which device this is, its script
asks the device API with the cookie that pairing left in the browser.
"""

import hashlib
from typing import Final

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from lachan.identity.sessions import Sessions
from lachan.kit.http.access import AnyViewer, Transaction, anyone
from lachan.kit.http.edge import SCANNING_HEADERS
from lachan.kit.i18n import DEFAULT, Language
from lachan.visits.devices import keys
from lachan.web.kiosk.sentences import as_json
from lachan.web.rendering import Pages, language_of, page
from lachan.web.session_cookie import drop_session

router = APIRouter(include_in_schema=False)

_BUILT: Final = ("index.css", "kiosk.ts")
_PICTURES: Final = ("favicon.svg", "favicon-32.png")
_ASK_AGAIN: Final = {"cache-control": "no-cache"}


def _page(request: Request, lang: Language) -> Response:
    catalogs = request.app.state.catalogs
    return page(
        request,
        "kiosk/kiosk.html",
        headers=SCANNING_HEADERS,
        lang=lang,
        sentences={"vi": as_json(catalogs, "vi"), "en": as_json(catalogs, "en")},
        zone=str(request.app.state.settings.zone),
    )


@router.get("/kiosk", dependencies=[Depends(anyone)])
def kiosk(request: Request) -> Response:
    """The kiosk, or how to make one of this tablet."""
    return _page(request, language_of(request))


def _kept_page(request: Request) -> Response:
    nobody = Request(
        {
            **request.scope,
            "path": "/kiosk",
            "query_string": b"",
            "headers": Headers({"host": request.headers.get("host", "")}).raw,
            "state": {"lang": DEFAULT, "viewer": None},
        }
    )
    return _page(nobody, DEFAULT)


@router.get("/kiosk/page", dependencies=[Depends(anyone)])
def kept_page(request: Request) -> Response:
    """The kiosk as a tablet keeps it: the same whoever asks."""
    return _kept_page(request)


def _kept(request: Request) -> dict[str, object]:
    assets = request.app.state.pages.assets
    files = [*assets.everything_for(*_BUILT), *(assets.url(name) for name in _PICTURES)]
    digest = hashlib.sha256(orjson.dumps(files) + bytes(_kept_page(request).body)).hexdigest()
    return {"name": f"kiosk-{digest[:20]}", "page": "/kiosk/page", "files": files}


@router.get("/kiosk/sw.js", dependencies=[Depends(anyone)])
def service_worker(request: Request) -> Response:
    """The kiosk's service worker with the list of what to keep."""
    pages: Pages = request.app.state.pages
    known: bytes | None = getattr(request.app.state, "kiosk_worker", None)
    if known is None or pages.assets.reload:
        script = pages.assets.url("kiosk-worker.ts").removeprefix("/static/")
        head = b"self.LACHAN_KIOSK = " + orjson.dumps(_kept(request)) + b";\n"
        known = head + pages.assets.read(script)
        request.app.state.kiosk_worker = known
    headers = {**_ASK_AGAIN, "service-worker-allowed": "/kiosk"}
    return Response(known, media_type="text/javascript", headers=headers)


@router.post("/kiosk/leave")
async def leave(request: Request, viewer: AnyViewer, connection: Transaction) -> Response:
    """Let go of the device's key, for good; from here on somebody has to sign in.

    The number that keeps passers-by from pressing this lives on the tablet, where it works without
    a network; whoever gets around it has won a tablet that is signed in nowhere.
    """
    if viewer is not None and viewer.device is not None:
        await keys.leave(connection, viewer)
        sessions: Sessions = request.app.state.sessions
        sessions.forget(viewer.token)
    response = RedirectResponse("/login?next=/place", status_code=303)
    drop_session(response, request)
    return response
