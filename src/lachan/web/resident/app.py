"""The resident's app: scanning and the own code as pages that also work without a network.

A phone keeps two of these pages as empty shells, one for each language, with no word about anybody
in them; what is personal comes from the phone's own memory. The service worker serves them, and is
served from here, because only a worker at the root may answer for the whole site.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Form, Request
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from lachan.kit.clock import now
from lachan.kit.errors import NotFound
from lachan.kit.http.access import ResidentViewer, Transaction, anyone
from lachan.kit.http.edge import SCANNING_HEADERS
from lachan.kit.i18n import LANGUAGES, Language
from lachan.kit.ids import normalise_code
from lachan.visits import store
from lachan.web.rendering import Pages, language_of, page

router = APIRouter(include_in_schema=False)

Shell = Literal["scan", "code", "safety", "offline"]
_TEMPLATES: Final[Mapping[Shell, str]] = {
    "scan": "app/scan.html",
    "code": "app/code.html",
    "safety": "app/safety.html",
    "offline": "app/offline.html",
}
_ADDRESSES: Final[Mapping[Shell, str]] = {
    "scan": "/me/scan",
    "code": "/me/code",
    "safety": "/safety",
    "offline": "/me/scan",
}
_BUILT: Final = ("index.css", "main.ts", "resident-scan.ts", "resident-code.ts", "safety-app.ts")
_PICTURES: Final = ("favicon.svg", "favicon-32.png", "touch-icon.png", "icon-192.png")
_ASK_AGAIN: Final = {"cache-control": "no-cache"}


async def _scan_page(
    request: Request, viewer: ResidentViewer, connection: Transaction, *, typed: str, error: str
) -> Response:
    latest = await store.latest(connection, viewer.person)
    return page(
        request,
        "app/scan.html",
        status=422 if error else 200,
        headers=SCANNING_HEADERS,
        open_visit=latest if latest is not None and latest.is_open(now()) else None,
        typed=typed,
        errors={"code": error} if error else {},
    )


@router.get("/me/scan")
async def scan(request: Request, viewer: ResidentViewer, connection: Transaction) -> Response:
    """The camera; without scripts, how to scan with the phone's own, and a field for the code."""
    return await _scan_page(request, viewer, connection, typed="", error="")


@router.post("/me/scan")
async def typed_code(
    request: Request,
    viewer: ResidentViewer,
    connection: Transaction,
    code: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Go to the place of a typed code."""
    normal = normalise_code(code)
    if normal is not None:
        return RedirectResponse(f"/p/{normal}", status_code=303)
    sentence = request.app.state.catalogs.translate(
        language_of(request), "error-place-code-mistyped"
    )
    return await _scan_page(request, viewer, connection, typed=code, error=sentence)


@router.get("/me/code")
def my_code(request: Request, viewer: ResidentViewer) -> Response:  # noqa: ARG001 - says who may ask
    """The own code, to be shown at a door."""
    return page(request, "app/code.html")


@router.get("/me/move")
def move(request: Request, viewer: ResidentViewer) -> Response:  # noqa: ARG001 - as above
    """The old phone's half of a move to a new one."""
    return page(request, "app/move.html")


def _language(lang: str) -> Language:
    for language in LANGUAGES:
        if lang == language:
            return language
    raise NotFound


def _neutral(request: Request, lang: Language, shell: Shell) -> Request:
    """The request as it would come from nobody in particular: no cookie, no viewer, no theme."""
    return Request(
        {
            **request.scope,
            "path": _ADDRESSES[shell],
            "query_string": b"",
            "headers": Headers({"host": request.headers.get("host", "")}).raw,
            "state": {"lang": lang, "viewer": None},
        }
    )


def _shell(request: Request, lang: Language, shell: Shell) -> Response:
    return page(
        _neutral(request, lang, shell),
        _TEMPLATES[shell],
        headers=SCANNING_HEADERS if shell == "scan" else None,
        frame="resident",
        open_visit=None,
        typed="",
        errors={},
    )


@router.get("/app/{lang}/manifest.webmanifest", dependencies=[Depends(anyone)])
def manifest(request: Request, lang: str) -> Response:
    """What a phone needs to know to install the app."""
    language = _language(lang)
    pages: Pages = request.app.state.pages

    def said(key: str) -> str:
        return pages.catalogs.translate(language, key)

    def shortcut(name: str, url: str, icon: str) -> dict[str, object]:
        source = pages.assets.url(f"shortcut-{icon}.png")
        return {
            "name": said(f"app-{name}"),
            "url": url,
            "icons": [{"src": source, "sizes": "96x96", "type": "image/png"}],
        }

    large = {"src": pages.assets.url("icon-512.png"), "sizes": "512x512", "type": "image/png"}
    body = {
        "id": "/me",
        "name": said("app-name"),
        "short_name": said("frame-name"),
        "description": said("app-description"),
        "lang": language,
        "dir": "ltr",
        "start_url": "/me/scan",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f8f5ec",
        "theme_color": "#14573a",
        "categories": ["health", "government"],
        "icons": [
            {"src": pages.assets.url("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": pages.assets.url("icon-192.png"), "sizes": "192x192", "type": "image/png"},
            large,
            {**large, "purpose": "maskable"},
        ],
        "shortcuts": [
            shortcut("scan-title", "/me/scan", "scan"),
            shortcut("code-title", "/me/code", "code"),
            shortcut("diary", "/me/diary", "diary"),
            shortcut("safety", "/safety", "safety"),
        ],
    }
    return Response(
        orjson.dumps(body), media_type="application/manifest+json", headers={**_ASK_AGAIN}
    )


@router.get("/app/{lang}/{shell}", dependencies=[Depends(anyone)])
def show_shell(request: Request, lang: str, shell: Shell) -> Response:
    """A page as the phone keeps it: the same for everybody."""
    return _shell(request, _language(lang), shell)


def _precache(request: Request) -> list[dict[str, str | None]]:
    """What the phone keeps: files by the name that holds their hash, shells by their own."""
    assets = request.app.state.pages.assets
    urls = [*assets.everything_for(*_BUILT), *(assets.url(name) for name in _PICTURES)]
    kept: list[dict[str, str | None]] = [{"url": url, "revision": None} for url in urls]
    for lang in LANGUAGES:
        for shell in _TEMPLATES:
            digest = hashlib.sha256(_shell(request, lang, shell).body).hexdigest()
            kept.append({"url": f"/app/{lang}/{shell}", "revision": digest[:20]})
    return kept


@router.get("/sw.js", dependencies=[Depends(anyone)])
def service_worker(request: Request) -> Response:
    """The service worker with the list of what to keep; it changes whenever one of those does."""
    pages: Pages = request.app.state.pages
    known: bytes | None = getattr(request.app.state, "service_worker", None)
    if known is None or pages.assets.reload:
        head = b"self.LACHAN_PRECACHE = " + orjson.dumps(_precache(request)) + b";\n"
        known = head + pages.assets.read("sw.js")
        request.app.state.service_worker = known
    return Response(known, media_type="text/javascript", headers={**_ASK_AGAIN})
