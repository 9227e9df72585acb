"""Reads a GeoJSON file feature by feature, so that a file of any size fits into memory."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

_CHUNK: Final = 1 << 20
_START: Final = re.compile(r'"features"\s*:\s*\[')
# The coordinate systems that mean degrees of longitude and latitude on WGS 84.
_WGS84: Final = re.compile(r"CRS:?84|EPSG:+(?:\d*:)?4326$", re.IGNORECASE)
_CRS: Final = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]*)"')
_SPACE: Final = " \t\r\n"


class GeoJsonError(ValueError):
    """The file is not a GeoJSON FeatureCollection on WGS 84; the message says what is wrong."""


class _Reader:
    def __init__(self, file: Path, told: Callable[[int], None]) -> None:
        self._lines = file.open("rb")
        self._told = told
        self._rest = b""
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Read on, dropping what was used; whether there was anything."""
        block = self._lines.read(_CHUNK)
        self._told(len(block))
        data = self._rest + block
        # A character cut in two by the end of the block waits for its other half.
        whole = len(data)
        if block:
            while whole and data[whole - 1] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8's own marks
                whole -= 1
            if whole and data[whole - 1] & 0xC0 == 0xC0:  # noqa: PLR2004
                whole -= 1
        try:
            self.text = self.text[self.at :] + data[:whole].decode("utf-8")
        except UnicodeDecodeError:
            raise GeoJsonError("the file is not UTF-8 text") from None
        self._rest, self.at = data[whole:], 0
        return bool(block)

    def skip_to_value(self) -> str:
        """The next character that is neither space nor comma; empty at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE + ",":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def close(self) -> None:
        self._lines.close()


def read_features(
    file: Path, *, told: Callable[[int], None] = lambda _: None, largest: int = 200_000_000
) -> Iterator[Any]:
    """The members of `features`, one after the other; `told` hears how many bytes were read.

    A feature may have `largest` characters. Raises GeoJsonError for a file of another kind, another
    coordinate system, or one that ends too early; features read before stay read.
    """
    reader = _Reader(file, told)
    decoder = json.JSONDecoder()
    try:
        _find_features(reader)
        while (following := reader.skip_to_value()) != "]":
            if not following:
                raise GeoJsonError("the file ends in the middle of its features")
            while True:
                try:
                    feature, reader.at = decoder.raw_decode(reader.text, reader.at)
                    break
                except (ValueError, RecursionError) as error:
                    # Only what is cut off gets better by reading on, not a number of thousands of
                    # digits.
                    cut_off = isinstance(error, json.JSONDecodeError)
                    too_long = len(reader.text) - reader.at > largest
                    if too_long or not cut_off or not reader.more():
                        raise GeoJsonError("a feature is not valid JSON") from None
            yield feature
    finally:
        reader.close()


def _find_features(reader: _Reader) -> None:
    reader.more()
    reader.text = reader.text.removeprefix("\ufeff")
    while (start := _START.search(reader.text)) is None:
        if len(reader.text) > 4 * _CHUNK or not reader.more():
            raise GeoJsonError("the file is no GeoJSON FeatureCollection")
    head = reader.text[: start.start()]
    if not head.lstrip().startswith("{") or "FeatureCollection" not in head:
        raise GeoJsonError("the file is no GeoJSON FeatureCollection")
    crs = _CRS.search(head)
    if crs is not None and not _WGS84.search(crs[1]):
        raise GeoJsonError(f"the coordinates are in {crs[1][:60]}; WGS 84 (EPSG:4326) is needed")
    reader.at = start.end()
