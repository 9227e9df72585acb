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
# Special zones that lie far out at sea, and the end of the message that names each on a map.
ARCHIPELAGOS: Final = {"VN.48.20333": "hoang-sa", "VN.56.22736": "truong-sa"}
_PATH: Final = re.compile(r"VN(?:\.\d{2}(?:\.\d{5})?)?", re.ASCII)
_NOT_A_WORD: Final = re.compile(r"[^0-9a-z]+")
_LEADING_ZEROS: Final = re.compile(r"\b0+(?=[1-9])")  # "Phường 01" is "Phường 1"

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
_NUMBERED: Final = re.compile(r"([pqx])(\d{1,2})", re.ASCII)
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
    plain = "".join(letter for letter in lowered if not unicodedata.combining(letter))
    return _LEADING_ZEROS.sub("", _NOT_A_WORD.sub(" ", plain)).strip()


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

    `words` are all its words, abbreviations written out. `whole` is the first unit named, up to a
    comma; `kind` and `bare` are its two parts ("phuong", "dich vong"), `kind` empty where none is
    named.
    """

    words: tuple[str, ...]
    kind: str
    bare: str

    @property
    def whole(self) -> str:
        return f"{self.kind} {self.bare}".strip()

    def without_kinds(self) -> "Query":
        """The same search, blind to what kind of unit is meant; for when nothing was found."""
        kinds = {word for kind in _KINDS for word in kind}
        words = tuple(word for word in self.words if word not in kinds)
        return Query(words or self.words, "", self.bare)


def _written_out(text: str) -> list[str]:
    words = fold(text).split()
    if len(words) == 1 and len(words[0]) == 1:
        return words  # a letter typed alone is the start of a name, not a shortened kind
    out: list[str] = []
    for position, word in enumerate(words):
        numbered = _NUMBERED.fullmatch(word)
        if numbered:  # "q1", "p12"
            out += [*_SHORT_KINDS[numbered[1]], numbered[2]]
        elif len(word) > 1 or position == 0:
            out += _SHORT_KINDS.get(word, (word,))
        else:  # a letter within a name, as in Ea H'Leo
            out.append(word)
    return out


def parse_query(text: str, *, most_words: int = 12) -> Query | None:
    """Read a search; None when it holds no letter or digit. Words past `most_words` are dropped."""
    parts = [words for part in text.split(",") if (words := _written_out(part))]
    if not parts:
        return None
    first = parts[0][:most_words]
    named = next(
        (kind for kind in _KINDS if tuple(first[: len(kind)]) == kind and len(first) > len(kind)),
        (),
    )
    every = tuple(word for words in parts for word in words)[:most_words]
    return Query(every, " ".join(named), " ".join(first[len(named) :]))


@dataclass(frozen=True, slots=True)
class Area:
    """A unit of the current edition. Position in degrees, WGS 84; `parent_name` in full."""

    path: str
    level: int
    code: str
    name: str
    full_name: str
    name_en: str
    parent: str | None
    parent_name: str | None
    parent_name_en: str | None
    lat: float
    lon: float
    area_km2: float


@dataclass(frozen=True, slots=True)
class FormerArea:
    """A unit of a former edition, named in full; `within` is the unit it lay in."""

    code: str
    level: int
    full_name: str
    within: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """An area found by name; `formerly` is the former unit whose name matched, if that is why."""

    area: Area
    formerly: FormerArea | None


@dataclass(frozen=True, slots=True)
class Located:
    """The ward at a position; `approximate` when no official outline says so."""

    area: Area
    approximate: bool
