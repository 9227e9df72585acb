"""Paths of administrative units, and their names without accents. No input, no output, no clock.

A path names a unit and everything above it: `VN`, `VN.01` (Hà Nội), `VN.01.00004` (phường Ba Đình).
A jurisdiction is a set of such paths: each with everything below it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

COUNTRY: Final = "VN"
_PATH: Final = re.compile(r"VN(?:\.\d{2}(?:\.\d{5})?)?", re.ASCII)
_NOT_A_WORD: Final = re.compile(r"[^0-9a-z]+")

# How people shorten the kind of a unit when they type an address.
_SHORT_KINDS: Final = {
    "p": ("phuong",),
    "x": ("xa",),
    "q": ("quan",),
    "h": ("huyen",),
    "t": ("tinh",),
    "tt": ("thi", "tran"),
    "tx": ("thi", "xa"),
    "tp": ("thanh", "pho"),
    "dk": ("dac", "khu"),
}
_KINDS: Final = (
    ("thanh", "pho"),
    ("thi", "tran"),
    ("thi", "xa"),
    ("dac", "khu"),
    ("phuong",),
    ("xa",),
    ("quan",),
    ("huyen",),
    ("tinh",),
)


class Level(IntEnum):
    """How deep a unit of the current edition lies."""

    COUNTRY = 0
    PROVINCE = 1
    WARD = 2


def fold(text: str) -> str:
    """Lower-case Latin words without accents, one space between: "Đắk Lắk" becomes "dak lak"."""
    lowered = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return _NOT_A_WORD.sub(
        " ", "".join(letter for letter in lowered if not unicodedata.combining(letter))
    ).strip()


def path_of(province: str | None = None, ward: str | None = None) -> str:
    """The path of the country, a province or a ward, from official codes.

    Raises ValueError for codes of another shape, and for a ward without its province.
    """
    if ward is not None and province is None:
        raise ValueError("a ward's path needs its province")
    path = ".".join(part for part in (COUNTRY, province, ward) if part is not None)
    if not is_path(path):
        raise ValueError("not the codes of an area")
    return path


def is_path(text: str) -> bool:
    """Whether `text` has the shape of a path; not whether such an area exists."""
    return _PATH.fullmatch(text) is not None


def level_of(path: str) -> Level:
    """The level of the unit at `path`."""
    return Level(path.count("."))


def parent_of(path: str) -> str | None:
    """The path one level up; None for the country."""
    head, dot, _ = path.rpartition(".")
    return head if dot else None


def covers(root: str, path: str) -> bool:
    """Whether `path` is `root` or lies below it. `VN.1` does not cover `VN.12`."""
    return path == root or path.startswith(root + ".")


def in_jurisdiction(roots: Iterable[str], path: str) -> bool:
    """Whether any of `roots` covers `path`; nothing is covered by no roots."""
    return any(covers(root, path) for root in roots)


def simplify_roots(roots: Iterable[str]) -> frozenset[str]:
    """The fewest roots that cover the same areas."""
    kept: list[str] = []
    for root in sorted(set(roots), key=lambda path: (path.count("."), path)):
        if not in_jurisdiction(kept, root):
            kept.append(root)
    return frozenset(kept)


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed into the search box, folded.

    `words` are all words, abbreviations written out; `bare` is the text without the kind of the
    first unit named ("phuong dich vong" becomes "dich vong"), or the whole text when nothing else
    is there; `whole` is the text with it.
    """

    words: tuple[str, ...]
    bare: str
    whole: str


def parse_query(text: str, *, most_words: int = 8) -> Query | None:
    """Read a search; None when it holds no letter or digit. Words past `most_words` are dropped."""
    words: list[str] = []
    for word in fold(text).split()[:most_words]:
        words.extend(_SHORT_KINDS.get(word, (word,)))
    # A single letter typed alone is the start of a name, not a shortened kind.
    if len(fold(text).split()) == 1:
        words = fold(text).split()
    if not words:
        return None
    bare = words
    for kind in _KINDS:
        if tuple(words[: len(kind)]) == kind and len(words) > len(kind):
            bare = words[len(kind) :]
            break
    return Query(tuple(words), " ".join(bare), " ".join(words))
