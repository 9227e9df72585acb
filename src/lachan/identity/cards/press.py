"""Draws cards: ten on a sheet of A4, to be cut out."""

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import segno
import typst

from lachan.identity.credentials.domain import CARD, spoken_card
from lachan.kit.errors import Overloaded
from lachan.kit.i18n import Catalogs

CARDS_A_SHEET: Final = 10
QUIET_MODULES: Final = 4
_MASK: Final = 4
_MOST_WAITING: Final = 4
_FOLDER: Final = Path(__file__).parent
_WEB: Final = _FOLDER.parents[1] / "web"
_FONTS: Final = _WEB / "static" / "fonts"
_LOGO: Final = _WEB / "assets" / "public" / "logo.svg"
_SAID: Final = ("heading", "holder", "use", "lost")


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What one card shows: its number, and the reference by which staff speak of it."""

    number: str
    reference: str

    def __repr__(self) -> str:
        return f"PrintedCard({self.reference})"


def qr_of(number: str) -> segno.QRCode:
    """The picture of a card: 16 characters at error level Q, version 1 of 21 squares.

    A quarter of it may be worn off, which matters on what lives in a pocket for months.
    """
    # Which of the eight masks is a matter of taste at this size, and trying them all takes most of
    # the time of printing a thousand cards.
    return segno.make_qr(CARD + number, error="q", boost_error=False, version=1, mask=_MASK)


class CardPress:
    """Draws sheets one file at a time beside the event loop."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._catalogs = catalogs
        self._compiler: typst.Compiler | None = None
        self._waiting = 0
        # One file takes one thread for seconds: those who wait must not hold the other threads,
        # which check passwords and draw posters.
        self._queue = asyncio.Semaphore(1)
        # The compiler is not to be entered twice.
        self._turn = threading.Lock()

    async def print(self, title: str, cards: Sequence[PrintedCard]) -> bytes:
        """A PDF of these cards, ten a sheet. Raises `Overloaded` when too many wait."""
        if self._waiting >= _MOST_WAITING:
            raise Overloaded(retry_after=10)
        self._waiting += 1
        try:
            async with self._queue:
                return await asyncio.to_thread(self.draw, title, cards)
        finally:
            self._waiting -= 1

    def draw(self, title: str, cards: Sequence[PrintedCard], *, ppi: float | None = None) -> bytes:
        """The same at once: a PDF, or with `ppi` a PNG picture of the one sheet."""
        given = json.dumps(self._given(title, cards), ensure_ascii=False)
        with self._turn:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    font_paths=typst.Fonts(
                        include_system_fonts=False,
                        font_paths=[_FONTS] if _FONTS.is_dir() else [],
                    )
                )
            drawn = self._compiler.compile(
                (_FOLDER / "card.typ").read_bytes(),
                format="pdf" if ppi is None else "png",
                ppi=ppi,
                sys_inputs={"cards": given},
            )
        assert isinstance(drawn, bytes)
        return drawn

    def _given(self, title: str, cards: Sequence[PrintedCard]) -> dict[str, object]:
        return {
            "title": title,
            "logo": _LOGO.read_text(encoding="utf-8"),
            "name": self._catalogs.translate("vi", "frame-name"),
            **{name: self._said(name) for name in _SAID},
            "cards": [
                {
                    "number": spoken_card(card.number),
                    "reference": card.reference,
                    "qr": _picture(card.number),
                }
                for card in cards
            ],
        }

    def _said(self, name: str) -> dict[str, str]:
        key = f"cards-print-{name}"
        return {lang: self._catalogs.translate(lang, key) for lang in ("vi", "en")}


def _picture(number: str) -> str:
    picture = BytesIO()
    qr_of(number).save(picture, kind="svg", border=QUIET_MODULES, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
