"""When one name looks like another's. No input, no output, no clock.

A poster with the name of the market round the corner sends people to somebody else's door. Names in
one ward are compared by the three-letter pieces they share, after accents, case and punctuation are
gone; numbers tell branches apart ("số 3", "số 5").
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final, Literal

from lachan.areas.domain import fold

Why = Literal["similar_name", "odd_letters"]
ENOUGH: Final = 0.72
"""Share of pieces in common (Dice's coefficient) from which a person should look."""
# Letters of these scripts look like Latin ones and are not: "Сhợ" with a Cyrillic С.
_ODD: Final = ("CYRILLIC", "GREEK", "FULLWIDTH", "MATHEMATICAL", "CHEROKEE", "ARMENIAN")


def has_odd_letters(name: str) -> bool:
    """Whether a name uses letters that only look Latin."""
    return any(
        letter.isalnum() and not letter.isascii() and unicodedata.name(letter, "").startswith(_ODD)
        for letter in name
    )


def pieces_of(folded: str) -> frozenset[str]:
    """The three-letter pieces of a folded name."""
    # Words in any order, each with its ends: "cho hom" and "hom cho" share all pieces.
    return frozenset(
        f" {word} "[start : start + 3] for word in folded.split() for start in range(len(word))
    )


def numbers_in(folded: str) -> frozenset[str]:
    """The numbers in a folded name."""
    return frozenset(word for word in folded.split() if word.isdigit())


class Names:
    """Names of places in one ward, to ask which of them another is like."""

    def __init__(self, known: Iterable[tuple[int, str]] = ()) -> None:
        self._pieces: dict[int, frozenset[str]] = {}
        self._numbers: dict[int, frozenset[str]] = {}
        self._folded: dict[str, int] = {}
        self._with: defaultdict[str, list[int]] = defaultdict(list)
        for place_id, name in known:
            self.add(place_id, name)

    def add(self, place_id: int, name: str) -> None:
        """Note a place's name."""
        folded = fold(name)
        self._folded.setdefault(folded, place_id)
        self._pieces[place_id] = pieces_of(folded)
        self._numbers[place_id] = numbers_in(folded)
        for piece in self._pieces[place_id]:
            self._with[piece].append(place_id)

    def same(self, name: str) -> int | None:
        """The place that is called just this, accents and case aside."""
        return self._folded.get(fold(name))

    def like(self, name: str) -> int | None:
        """The place whose name is nearest to `name`, if it is near enough to be taken for it."""
        folded = fold(name)
        pieces, numbers = pieces_of(folded), numbers_in(folded)
        if not pieces:
            return None
        shared = Counter(place_id for piece in pieces for place_id in self._with.get(piece, ()))
        best, best_share = None, ENOUGH
        for place_id, common in shared.items():
            theirs = self._numbers[place_id]
            if numbers and theirs and numbers != theirs:
                continue
            share = 2 * common / (len(pieces) + len(self._pieces[place_id]))
            if share >= best_share:
                best, best_share = place_id, share
        return best
