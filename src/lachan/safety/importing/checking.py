"""The dry run: what would come of each line. Reads the database through what is handed in."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import h3

from lachan.areas.domain import in_jurisdiction
from lachan.places.domain import H3_RESOLUTION, cell_of
from lachan.safety.importing.domain import Found, Row, Terms, judge, settle_ward
from lachan.safety.importing.matching import (
    RULES,
    Candidate,
    likeness,
    match,
    metres_between,
)

if TYPE_CHECKING:  # loads shapely, which pages do not need
    from lachan.safety.importing.locating import Outlines

_METRES_A_RING: Final = 250
"""A ring of cells of this resolution is never narrower, wherever in the country it lies."""


def cells_around(lat: float, lon: float, metres: float) -> tuple[int, ...]:
    """Cells that hold every position within `metres`, as the database stores them."""
    middle = h3.latlng_to_cell(lat, lon, H3_RESOLUTION)
    return _disk(middle, math.ceil(metres / _METRES_A_RING))


# Each line asks three times: for the database, for its places, for the lines before.
@lru_cache(maxsize=20_000)
def _disk(middle: str, rings: int) -> tuple[int, ...]:
    return tuple(int(h3.str_to_int(cell)) for cell in h3.grid_disk(middle, rings))


class Near:
    """Places to be asked which of them may be one of a list: by cell and by ward."""

    def __init__(self, known: Iterable[Candidate] = ()) -> None:
        self._by_cell: defaultdict[int, list[Candidate]] = defaultdict(list)
        self._by_ward: defaultdict[str, list[Candidate]] = defaultdict(list)
        for candidate in known:
            self.add(candidate)

    def add(self, candidate: Candidate) -> None:
        """Note a place."""
        if candidate.lat is not None and candidate.lon is not None:
            self._by_cell[cell_of(candidate.lat, candidate.lon)].append(candidate)
        self._by_ward[candidate.area].append(candidate)

    def to(self, row: Row) -> list[Candidate]:
        """What lies near enough to `row`, or in its ward, to be looked at; each once."""
        found = {id(one): one for one in self._by_ward.get(row.area, ())}
        if row.lat is not None and row.lon is not None:
            for cell in cells_around(row.lat, row.lon, RULES.reach(row.kind).maybe):
                found.update((id(one), one) for one in self._by_cell.get(cell, ()))
        return list(found.values())


class Checker:
    """Judges the lines of one list in their order; remembers the lines before."""

    def __init__(self, terms: Terms, outlines: "Outlines") -> None:
        self._terms = terms
        self._outlines = outlines
        self._earlier = Near()
        self._refs: set[str] = set()

    def judge(self, lines: Sequence[Found]) -> list[Row]:
        """Each line in its ward, `new`, `doubtful` or `refused`, before any place is looked at."""
        rows = [self._once(judge(line, self._terms)) for line in lines]
        placed = [row for row in rows if row.verdict != "refused" and row.lat is not None]
        at = dict(
            zip(
                (row.line for row in placed),
                self._outlines.locate([(row.lat or 0, row.lon or 0) for row in placed]),
                strict=True,
            )
        )
        return [self._in_ward(row, at.get(row.line)) for row in rows]

    def _once(self, row: Row) -> Row:
        if row.verdict == "refused" or not row.ref:
            return row
        if row.ref in self._refs:
            return row.refused("ref-twice")
        self._refs.add(row.ref)
        return row

    def _in_ward(self, row: Row, at: str | None) -> Row:
        away = None
        if row.area and row.lat is not None and row.lon is not None and row.area != at:
            away = self._outlines.metres_outside(row.area, row.lat, row.lon)
        return settle_ward(row, at, away, RULES.ward_metres, self._terms)

    def hold(self, rows: Sequence[Row], known: Mapping[str, Candidate], near: Near) -> list[Row]:
        """The rows held against places: `known` by number of the register, `near` by position."""
        return [self._held(row, known, near) for row in rows]

    def _held(self, row: Row, known: Mapping[str, Candidate], near: Near) -> Row:
        if row.verdict == "refused":
            return row
        if row.ref in known:
            place = known[row.ref]
            return kept_inside(of_known(row, place), [place], self._terms)
        places = near.to(row)
        row = kept_inside(match(row, places), places, self._terms)
        if row.place_id is None:
            row = match(row, self._earlier.to(row))
        if row.verdict == "new":
            self._earlier.add(
                Candidate(row.name, row.kind, row.area, row.lat, row.lon, twin=row.line)
            )
        return row


def kept_inside(row: Row, places: Iterable[Candidate], terms: Terms) -> Row:
    """The row, refused where the one of `places` that it is or may be is not the sender's.

    Whoever looks after that place says what it is called and where it lies. Nor is the row a new
    place: that would be a second one, and would take the first one's number.
    """
    if terms.roots is None or row.place_id is None:
        return row
    area = next(place.area for place in places if place.place_id == row.place_id)
    return row if in_jurisdiction(terms.roots, area) else row.refused("outside-area")


def of_known(row: Row, place: Candidate) -> Row:
    """A row whose number belongs to a place: that place, unless name and position say otherwise."""
    alike, metres = likeness(row.name, place.name), None
    if None not in {row.lat, row.lon, place.lat, place.lon}:
        metres = metres_between((row.lat or 0, row.lon or 0), (place.lat or 0, place.lon or 0))
    near = metres is not None and metres <= RULES.reach(row.kind).sure
    same = alike >= RULES.maybe_likeness or near
    return replace(
        row,
        verdict="known" if same else "doubtful",
        reason="" if same else "ref-differs",
        place_id=place.place_id,
        likeness=round(alike, 3),
        metres=None if metres is None else round(metres),
    )
