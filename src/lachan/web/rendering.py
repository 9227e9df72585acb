"""Turns a template and its facts into a page: language, assets, forgery token, who is looking."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from lachan.kit import i18n
from lachan.kit.i18n import Catalogs, Language
from lachan.web.wording import callable_numbers, unbroken

TEMPLATES: Final = Path(__file__).parent / "templates"
Theme = Literal["auto", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("auto", "light", "dark")


class MissingAssetError(RuntimeError):
    """A page names a file that the build of the assets did not make."""


class Assets:
    """Finds the built file behind a source name, by the manifest that the build wrote."""

    def __init__(self, static_dir: Path, *, prefix: str = "/static/", reload: bool) -> None:
        self.reload = reload
        self._dir = static_dir
        self._prefix = prefix
        self._urls: dict[str, str] = {}
        self._chunks: dict[str, dict[str, Any]] = {}
        self._stamp = 0

    def url(self, name: str) -> str:
        """Address of a script (`main.ts`), its style (`main.css`) or a plain file (`logo.svg`).

        Raises MissingAssetError.
        """
        self._refresh()
        if name not in self._urls:
            self._urls[name] = self._find_plain(name)
        return self._urls[name]

    def _refresh(self) -> None:
        if self._stamp and not self.reload:
            return
        manifest = self._dir / "manifest.json"
        try:
            stamp = manifest.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise MissingAssetError(
                f"{manifest} is missing: build the assets first (npm run build in web/assets)"
            ) from error
        if stamp == self._stamp:
            return
        self._urls = {}
        self._chunks = json.loads(manifest.read_text(encoding="utf-8"))
        for key, chunk in self._chunks.items():
            source = Path(key)
            self._urls[source.name] = self._prefix + chunk["file"]
            for style in chunk.get("css", [])[:1]:
                self._urls[source.with_suffix(".css").name] = self._prefix + style
        self._stamp = stamp

    def everything_for(self, *names: str) -> list[str]:
        """Addresses of built files with all that they load: scripts, styles, fonts, binaries."""
        self._refresh()
        found: dict[str, None] = {}
        waiting = [key for key in self._chunks if Path(key).name in names]
        seen = set(waiting)
        while waiting:
            chunk = self._chunks[waiting.pop()]
            files = [chunk["file"], *chunk.get("css", []), *chunk.get("assets", [])]
            found.update(dict.fromkeys(self._prefix + file for file in files))
            more = {*chunk.get("imports", []), *chunk.get("dynamicImports", [])} - seen
            waiting.extend(more)
            seen |= more
        return sorted(found)

    def read(self, name: str) -> bytes:
        """The bytes of a plain file. Raises MissingAssetError."""
        self._find_plain(name)
        return (self._dir / name).read_bytes()

    def _find_plain(self, name: str) -> str:
        path = (self._dir / name).resolve()
        if not path.is_relative_to(self._dir.resolve()) or not path.is_file():
            raise MissingAssetError(f"no asset named {name!r} in {self._dir}")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        return f"{self._prefix}{name}?v={digest}"


class Pages:
    """Renders every page of the product; one instance lives at `app.state.pages`."""

    def __init__(
        self, *, catalogs: Catalogs, static_dir: Path, timezone: ZoneInfo, development: bool
    ) -> None:
        self.catalogs = catalogs
        self.timezone = timezone
        self.assets = Assets(static_dir, reload=development)
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=development,
        )
        self._environment.globals["asset"] = self.assets.url
        self._environment.filters["callable_numbers"] = callable_numbers
        self._environment.filters["unbroken"] = unbroken

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: object,
    ) -> HTMLResponse:
        """Render `template` for this request; names in `context` win over the page's own."""
        lang = language_of(request)
        text = self._environment.get_template(template).render(
            {**self._page_facts(request, lang), "status": status, **context}
        )
        return HTMLResponse(
            text, status_code=status, headers={"Content-Language": lang, **(headers or {})}
        )

    def _page_facts(self, request: Request, lang: Language) -> dict[str, object]:
        state: Mapping[str, Any] = request.scope.get("state") or {}
        return {
            "t": partial(self.catalogs.translate, lang),
            "lang": lang,
            "other_lang": other_language(lang),
            "other_lang_url": language_url(request, other_language(lang)),
            "csrf_token": state.get("csrf_token", ""),
            "viewer": state.get("viewer"),
            "path": request.url.path,
            "theme": theme_of(request),
            "zone": self.timezone.key,
            **self._formats(lang),
        }

    def _formats(self, lang: Language) -> dict[str, Callable[..., str]]:
        tz = self.timezone

        def written_date(moment: date | datetime) -> str:
            return i18n.format_date(lang, moment, tz=tz)

        def written_range(start: datetime, end: datetime | None) -> str:
            return i18n.format_time_range(lang, start, end, tz=tz)

        return {
            "fmt_datetime": partial(i18n.format_datetime, lang, tz=tz),
            "fmt_date": written_date,
            "fmt_day": partial(i18n.format_day, lang, tz=tz),
            "fmt_time": partial(i18n.format_time, lang, tz=tz),
            "fmt_time_range": written_range,
            "fmt_minutes": partial(i18n.format_minutes, lang),
            "fmt_number": partial(i18n.format_number, lang),
        }


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """Render a page with the application's own `Pages`."""
    pages: Pages = request.app.state.pages
    return pages.render(request, template, status=status, headers=headers, **context)


def language_of(request: Request) -> Language:
    """Language of this request: what the middleware settled, else cookie, else browser."""
    settled = (request.scope.get("state") or {}).get("lang")
    for language in i18n.LANGUAGES:
        if settled == language:
            return language
    return i18n.negotiate(request.headers.get("accept-language"), request.cookies.get("lang"))


def theme_of(request: Request) -> Theme:
    """Theme the reader chose, `auto` where none was chosen."""
    wanted = request.cookies.get("theme")
    return next((theme for theme in THEMES if theme == wanted), "auto")


def other_language(lang: Language) -> Language:
    """Language that the switch at the top of the page offers."""
    return "en" if lang == "vi" else "vi"


def language_url(request: Request, lang: Language) -> str:
    """Address of this page in another language; its other parameters stay."""
    kept = [(key, value) for key, value in parse_qsl(request.url.query) if key != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', lang)])}"
