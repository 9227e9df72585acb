"""All places of the map in memory, as columns: what tiles, counts and the live stream read.

A place costs about 100 bytes. One board is made by reading everything; changes of colour are then
written into it, so that no tile and no viewer asks the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from lachan.safety.map.domain import (
    CODE,
    COLOURS,
    GREY,
    POINT_ZOOM,
    REGION_ZOOM,
    RESOLUTIONS,
    bin_id,
    mercator,
)
from lachan.safety.map.store import Change

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
_ROUND_THE_EARTH_KM: Final = 40_075
# The longest edge of a cell against the average of its resolution, and what the Mercator square
# stretches at 24 degrees north.
_LONGEST_EDGE: Final = 1.5


@dataclass(frozen=True, slots=True)
class Bins:
    """The cells of one resolution that hold places.

    `of_place` is the bin of each place, `middles` where each bin is in the Mercator square, and
    `reach` how far a corner may be from there.
    """

    cells: list[int]
    ids: Ints
    of_place: Ints
    middles: Floats
    reach: float
    regions: list[tuple[int, int]]

    def corners(self, which: int) -> Floats:
        """Corners of a bin in the Mercator square, against the clock."""
        return np.array([mercator(*at) for at in h3.cell_to_boundary(self.cells[which])])


@dataclass(frozen=True, slots=True)
class Moved:
    """What changes did: the indexes of places, and whether a place was met that is not here."""

    places: list[int]
    unknown: bool


class Board:
    """The columns, a row a place, by ascending id.

    `seqs` is the live event that set the colour (0: it has not changed since `base`), `seq` the
    newest event taken, `base` the first from which on every change is known.
    """

    def __init__(
        self,
        day: date,
        base: int,
        ids: Sequence[int],
        positions: Sequence[tuple[float, float]],
        kinds: Sequence[str],
        areas: Sequence[str],
        colours: Sequence[str],
        drills: Sequence[bool],
    ) -> None:
        self.day = day
        self.read_at = base
        self.base = base
        self.seq = base
        self.ids: Ints = np.array(ids, np.int64)
        self.xy: Floats = mercators(positions)
        self.kind_names, self.kinds = _coded(kinds)
        self.area_names, self.areas = _coded(areas)
        self.colours: Codes = np.array([CODE[colour] for colour in colours], np.uint8)
        # What a drill makes is told live to who listens, and is on no public picture.
        self.shown: NDArray[np.bool_] = ~np.array(drills, np.bool_)
        self.seqs: Ints = np.zeros(len(self.ids), np.int64)
        self._cells: Ints = _cells(positions)
        self._bins: dict[int, Bins] = {}
        self._tiles = self._by_point_tile()
        self.regions = np.floor(self.xy * (1 << REGION_ZOOM)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, changes: Iterable[Change]) -> Moved:
        """Write changes of colour into the columns."""
        moved: dict[int, None] = {}
        unknown = False
        for change in changes:
            self.seq = max(self.seq, change.id)
            index = self.find(change.place_id)
            if index is None:
                unknown = unknown or change.id > self.read_at
                continue
            # Changes of one place follow its row's lock: a later id is a later colour.
            if change.id < self.seqs[index]:
                continue
            self.colours[index] = CODE.get(change.colour, GREY)
            self.seqs[index] = change.id
            moved[index] = None
        return Moved(list(moved), unknown)

    def differs(self, change: Change) -> bool:
        """Whether a change says anything new."""
        index = self.find(change.place_id)
        return index is not None and self.colours[index] != CODE.get(change.colour, GREY)

    def find(self, place_id: int) -> int | None:
        """The row of a place."""
        at = int(np.searchsorted(self.ids, place_id))
        return at if at < len(self.ids) and self.ids[at] == place_id else None

    def carry_over(self, older: "Board") -> bool:
        """Keep what the older board knew of when colours changed; True for the same places.

        A viewer who reconnects is then told only what truly changed.
        """
        same = len(self) == len(older) and bool(
            np.array_equal(self.ids, older.ids)
            and np.array_equal(self.xy, older.xy)
            and np.array_equal(self.shown, older.shown)
        )
        self.base = older.base
        if same:
            moved = self.colours != older.colours
            self.seqs = np.where(moved, self.read_at, older.seqs)
        return same

    def bins(self, resolution: int) -> Bins:
        """The bins of a resolution; made when first asked for."""
        found = self._bins.get(resolution)
        if found is None:
            found = self._bins[resolution] = self._make_bins(resolution)
        return found

    def _make_bins(self, resolution: int) -> Bins:
        finest, of_finest = np.unique(self._cells, return_inverse=True)
        parents = np.array(
            [h3.cell_to_parent(cell, resolution) for cell in finest.tolist()], np.int64
        )
        unique, of_parent = np.unique(parents, return_inverse=True)
        cells: list[int] = unique.tolist()
        middles = mercators([h3.cell_to_latlng(cell) for cell in cells])
        return Bins(
            cells,
            np.array([bin_id(cell, resolution) for cell in cells], np.int64),
            of_parent[of_finest] if len(self) else np.zeros(0, np.int64),
            middles,
            h3.average_hexagon_edge_length(resolution) * _LONGEST_EDGE / _ROUND_THE_EARTH_KM,
            [(x, y) for x, y in np.floor(middles * (1 << REGION_ZOOM)).astype(np.int64).tolist()],
        )

    def bin_counts(self, resolution: int, colours: Codes, kinds: tuple[str, ...] = ()) -> Ints:
        """How many places of each colour each bin holds: a row a bin, a column a colour."""
        bins = self.bins(resolution)
        among = self._among(kinds)
        flat = bins.of_place[among] * len(COLOURS) + colours[among]
        counted = np.bincount(flat, minlength=len(bins.ids) * len(COLOURS))
        return counted.reshape(-1, len(COLOURS))

    def counts(self, colours: Codes, kinds: tuple[str, ...] = (), area: str = "") -> dict[str, int]:
        """How many places have each colour."""
        among = self._among(kinds)
        if area:
            inside = np.array(
                [name == area or name.startswith(f"{area}.") for name in self.area_names], np.bool_
            )
            among &= inside[self.areas] if len(self) else False
        counted = np.bincount(colours[among], minlength=len(COLOURS))
        return {colour: int(counted[code]) for code, colour in enumerate(COLOURS)}

    def _among(self, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
        if not kinds:
            return self.shown.copy()
        codes = [code for code, name in enumerate(self.kind_names) if name in kinds]
        return self.shown & np.isin(self.kinds, codes)

    def in_point_tile(self, x: int, y: int) -> Ints:
        """Rows of the places on a tile of `POINT_ZOOM` that are shown."""
        return self._tiles.get((x, y), _NONE)

    def _by_point_tile(self) -> dict[tuple[int, int], Ints]:
        rows = np.flatnonzero(self.shown)
        tiles = np.floor(self.xy[rows] * (1 << POINT_ZOOM)).astype(np.int64)
        keys = tiles[:, 0] << POINT_ZOOM | tiles[:, 1]
        order = np.argsort(keys, kind="stable")
        starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        pieces = np.split(rows[order], starts[1:]) if len(rows) else []
        mask = (1 << POINT_ZOOM) - 1
        return {
            (int(keys[order][start]) >> POINT_ZOOM, int(keys[order][start]) & mask): piece
            for start, piece in zip(starts, pieces, strict=True)
        }

    def with_colours(self, found: Iterable[tuple[int, str]]) -> Codes:
        """A column of other colours, grey where `found` has none."""
        column = np.full(len(self), GREY, np.uint8)
        for place_id, colour in found:
            index = self.find(place_id)
            if index is not None:
                column[index] = CODE.get(colour, GREY)
        return column

    def changed_since(self, seq: int, regions: frozenset[tuple[int, int]]) -> Ints:
        """Rows of places that changed after event `seq` in those regions (empty: anywhere)."""
        rows = np.flatnonzero(self.seqs > seq)
        if not regions:
            return rows
        inside = [tuple(at) in regions for at in self.regions[rows].tolist()]
        return rows[np.array(inside, np.bool_)] if len(rows) else rows


_NONE: Final = np.zeros(0, np.int64)


def _coded(names: Sequence[str]) -> tuple[list[str], Ints]:
    """The different names, and for each row which it is."""
    index: dict[str, int] = {}
    codes = np.array([index.setdefault(name, len(index)) for name in names], np.int64)
    return list(index), codes


def mercators(positions: Sequence[tuple[float, float]] | Floats) -> Floats:
    """`domain.mercator` of many positions."""
    at = np.array(positions, np.float64).reshape(-1, 2)
    sine = np.sin(np.radians(np.clip(at[:, 0], -85, 85)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.column_stack((at[:, 1] / 360 + 0.5, y))


def _cells(positions: Sequence[tuple[float, float]]) -> Ints:
    """The H3 cell of each position at the finest resolution of the map."""
    finest = RESOLUTIONS[-1]
    return np.array([h3.latlng_to_cell(lat, lon, finest) for lat, lon in positions], np.int64)
