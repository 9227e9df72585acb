"""Posters: the QR picture of a place's short address, drawn to be read across a counter.

The address is the plain `<base_url>/p/<CODE>`, so that any phone's camera opens it. With an address
of ours of up to 29 letters the picture stays at QR version 3 with error level M, whose squares are
5 mm on A4: a cheap phone reads it from one and a half metres.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import segno
import typst

from lachan.kit.i18n import Catalogs
from lachan.kit.ids import spoken_code
from lachan.places.errors import PrintersBusy

Size = Literal["a4", "a5"]

QR_WIDTH_CM: Final = 15.0
"""Of the dark part on A4; on A5 it shrinks with the page."""
QUIET_MODULES: Final = 4
_A4_WIDTH_CM: Final = 21.0
_MASK: Final = 2
# The compiler remembers what it drew in its last ten runs: short runs keep the memory small.
_AT_ONCE: Final = 100
_STEPS: Final = ("one", "two", "three")
_FOLDER: Final = Path(__file__).parent
_WEB: Final = _FOLDER.parent / "web"
_FONTS: Final = _WEB / "static" / "fonts"
_LOGO: Final = _WEB / "assets" / "public" / "logo.svg"


@dataclass(frozen=True, slots=True)
class Poster:
    """What one page shows. `room` is None for the poster of a place as a whole."""

    code: str
    place: str
    room: str | None
    registered: bool = True
    """Whether the poster may say so: not while the desk still looks at the place's name."""


def poster_url(base_url: str, code: str) -> str:
    """The short address that the picture holds."""
    return f"{base_url.rstrip('/')}/p/{code}"


def qr_of(url: str, *, quickly: bool = False) -> segno.QRCode:
    """The QR code of an address, at error level M: a scratch or a staple may cover a seventh.

    `quickly` takes one pattern of the mask for all instead of trying eight; every reader takes any.
    """
    return segno.make_qr(url, error="m", boost_error=False, mask=_MASK if quickly else None)


class PosterPress:
    """Draws posters one at a time beside the event loop; refuses when too many wait."""

    def __init__(self, catalogs: Catalogs, base_url: str, *, most_waiting: int = 16) -> None:
        self._catalogs = catalogs
        self._base_url = base_url
        self._most_waiting = most_waiting
        self._waiting = 0
        self._compiler: typst.Compiler | None = None
        # The compiler is not to be entered twice; it draws a page in about 10 ms.
        self._turn = threading.Lock()

    async def print(self, posters: Sequence[Poster], size: Size) -> bytes:
        """A PDF with a page for each poster. Raises `PrintersBusy`."""
        if self._waiting >= self._most_waiting:
            raise PrintersBusy(retry_after=1)
        self._waiting += 1
        try:
            return await asyncio.to_thread(self.draw, posters, size)
        finally:
            self._waiting -= 1

    def draw(self, posters: Sequence[Poster], size: Size, *, ppi: float | None = None) -> bytes:
        """The same at once: a PDF, or with `ppi` a PNG picture of the one page."""
        return self._compile(self._given(posters, size), ppi=ppi)

    def draw_many(
        self, posters: Sequence[Poster], size: Size, progress: Callable[[int], None]
    ) -> bytes:
        """One PDF of thousands of posters; `progress` is told how many are drawn.

        About 4 ms of processor a page. The PDF carries no tags, which would triple its size: it is
        for a printing house, not for reading.
        """
        from pypdf import PdfWriter  # noqa: PLC0415 - only the worker prints in bulk

        def draw(start: int) -> tuple[int, bytes]:
            some = posters[start : start + _AT_ONCE]
            facts = self._given(some, size, quickly=True)
            return start + len(some), self._compile(facts, tagged=False)

        whole = PdfWriter()
        # Two threads: while the compiler draws one run, the pictures of the next are made.
        with ThreadPoolExecutor(2) as pool:
            for printed_so_far, pages in pool.map(draw, range(0, len(posters), _AT_ONCE)):
                whole.append(BytesIO(pages), import_outline=False)
                progress(printed_so_far)
        printed = BytesIO()
        whole.write(printed)
        return printed.getvalue()

    def _compile(
        self, facts: dict[str, object], *, ppi: float | None = None, tagged: bool = True
    ) -> bytes:
        given = json.dumps(facts, ensure_ascii=False)
        with self._turn:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    font_paths=typst.Fonts(
                        include_system_fonts=False,
                        font_paths=[_FONTS] if _FONTS.is_dir() else [],
                    )
                )
            drawn = self._compiler.compile(
                (_FOLDER / "poster.typ").read_bytes(),
                format="pdf" if ppi is None else "png",
                ppi=ppi,
                sys_inputs={"posters": given},
                pdf_tags=tagged,
            )
        assert isinstance(drawn, bytes)
        return drawn

    def _given(
        self, posters: Sequence[Poster], size: Size, *, quickly: bool = False
    ) -> dict[str, object]:
        pages = [self._page(poster, quickly=quickly) for poster in posters]
        modules = pages[0]["modules"]
        assert isinstance(modules, int)
        dark = modules - 2 * QUIET_MODULES
        return {
            "size": size,
            "title": f"{posters[0].place} · {spoken_code(posters[0].code)}",
            "logo": _LOGO.read_text(encoding="utf-8"),
            "name": self._catalogs.translate("vi", "frame-name"),
            "heading": self._said("heading"),
            "type": self._said("type"),
            "registered": self._said("registered"),
            "steps": [self._said(step) for step in _STEPS],
            # In hundredths of the page's width for each module.
            "pitch": 100 * QR_WIDTH_CM / _A4_WIDTH_CM / dark,
            "posters": pages,
        }

    def _page(self, poster: Poster, *, quickly: bool) -> dict[str, object]:
        url = poster_url(self._base_url, poster.code)
        qr = qr_of(url, quickly=quickly)
        picture = BytesIO()
        qr.save(picture, kind="svg", border=QUIET_MODULES, xmldecl=False, svgns=True)
        return {
            "url": url,
            "site": self._base_url.split("://", 1)[-1].rstrip("/") + "/p",
            "code": spoken_code(poster.code),
            "place": poster.place,
            "room": poster.room,
            "registered": poster.registered,
            "qr": picture.getvalue().decode(),
            "modules": qr.symbol_size(border=QUIET_MODULES)[0],
        }

    def _said(self, name: str) -> dict[str, str]:
        key = f"places-poster-{name}"
        return {lang: self._catalogs.translate(lang, key) for lang in ("vi", "en")}
