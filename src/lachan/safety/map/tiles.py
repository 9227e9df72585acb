"""Makes tiles from the board and keeps them while nothing on them changes."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lachan.safety.map import mvt
from lachan.safety.map.board import Board, Codes, Ints
from lachan.safety.map.domain import BIN_RESOLUTION, COLOURS, EXTENT, Tile

_KEPT: Final = 4_096
_GZIP_LEVEL: Final = 5
# So far over the edge of its tile a bin is drawn, in the tile's units: its outline is 2 px wide.
_MARGIN: Final = 32


@dataclass(frozen=True, slots=True)
class MadeTile:
    """A tile as it is sent; `seq` is the newest change on it."""

    seq: int
    body: bytes
    packed: bytes
    etag: str


def finished(seq: int, body: bytes) -> MadeTile:
    """A tile from its content; the tag is that of the content, so that all processes agree."""
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    return MadeTile(seq, body, gzip.compress(body, _GZIP_LEVEL, mtime=0), f'"{digest}"')


class TileCache:
    """The tiles asked for last."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._made: OrderedDict[object, MadeTile] = OrderedDict()

    def get(self, key: object, seq: int, make: Callable[[], bytes]) -> MadeTile:
        """The tile of `key` as of change `seq`."""
        found = self._made.get(key)
        if found is None or found.seq != seq:
            found = self._made[key] = finished(seq, make())
            if len(self._made) > self._kept:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return found

    def forget(self) -> None:
        self._made.clear()


@dataclass(frozen=True, slots=True)
class _BinTile:
    """What of a bin tile never changes: which bins, and each one's geometry."""

    bins: Ints
    geometry: list[bytes]
    rows: Ints


class Painter:
    """Draws the tiles of one board.

    What of a tile never changes is kept for the tiles asked for last. Nothing is kept of tiles
    without places: there are millions of them, and anybody may ask for each.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self._points: OrderedDict[tuple[int, int], tuple[Ints, mvt.PointTile]] = OrderedDict()
        self._bins: OrderedDict[Tile, _BinTile] = OrderedDict()

    @property
    def kept(self) -> tuple[int, int]:
        """Of how many tiles of points, and of bins, anything is kept."""
        return len(self._points), len(self._bins)

    def points_seq(self, tile: Tile) -> int:
        rows = self.board.in_point_tile(tile.x, tile.y)
        return int(self.board.seqs[rows].max()) if len(rows) else 0

    def points(self, tile: Tile, colours: Codes) -> bytes:
        """Layer `points`: `c` the colour's number, `k` the kind, feature id the place's."""
        at = tile.x, tile.y
        if not len(self.board.in_point_tile(*at)):
            return b""
        known = self._points.get(at)
        if known is None:
            known = self._points[at] = self._point_tile(tile)
        _keep_latest(self._points, at)
        rows, drawn = known
        body = np.frombuffer(drawn.body, np.uint8).copy()
        body[drawn.colour_at] = colours[rows]
        return body.tobytes()

    def _point_tile(self, tile: Tile) -> tuple[Ints, mvt.PointTile]:
        board = self.board
        rows = board.in_point_tile(tile.x, tile.y)
        side = (1 << tile.z) * EXTENT
        at = np.floor(board.xy[rows] * side).astype(np.int64) - [tile.x * EXTENT, tile.y * EXTENT]
        names = board.kind_names
        points = zip(
            board.ids[rows].tolist(),
            at[:, 0].tolist(),
            at[:, 1].tolist(),
            [names[kind] for kind in board.kinds[rows].tolist()],
            strict=True,
        )
        return rows, mvt.point_tile("points", points, len(COLOURS))

    def bins_seq(self, tile: Tile) -> int:
        rows = self._bin_tile(tile).rows
        return int(self.board.seqs[rows].max()) if len(rows) else 0

    def bins(self, tile: Tile, colours: Codes, kinds: tuple[str, ...]) -> bytes:
        """Layer `bins`: `g y r n p` how many of each colour, feature id as `domain.bin_id`."""
        known = self._bin_tile(tile)
        resolution = BIN_RESOLUTION[tile.z]
        ids = self.board.bins(resolution).ids
        counts = self.board.bin_counts(resolution, colours, kinds)
        values = mvt.Values()
        features = []
        for which, geometry in zip(known.bins.tolist(), known.geometry, strict=True):
            row = counts[which].tolist()
            if any(row):
                pairs = ((key, values.index(count)) for key, count in enumerate(row))
                features.append(mvt.polygon(int(ids[which]), pairs, geometry))
        return mvt.layer("bins", features, BIN_KEYS, values.written) if features else b""

    def _bin_tile(self, tile: Tile) -> _BinTile:
        known = self._bins.get(tile)
        if known is None:
            known = self._make_bin_tile(tile)
            if not len(known.bins):
                return known
            self._bins[tile] = known
        _keep_latest(self._bins, tile)
        return known

    def _make_bin_tile(self, tile: Tile) -> _BinTile:
        bins = self.board.bins(BIN_RESOLUTION[tile.z])
        west, north, east, south = tile.bounds
        side = (1 << tile.z) * EXTENT
        over = bins.reach + _MARGIN / side
        x, y = bins.middles[:, 0], bins.middles[:, 1]
        touching = np.flatnonzero(
            (x >= west - over) & (x <= east + over) & (y >= north - over) & (y <= south + over)
        )
        if not len(touching):
            return _BinTile(touching, [], touching)
        geometry = []
        for which in touching.tolist():
            corners = np.rint(bins.corners(which) * side).astype(np.int64)
            corners -= [tile.x * EXTENT, tile.y * EXTENT]
            # H3 goes round against the clock on a map with north above; a tile wants the clock.
            ring = [(int(x), int(y)) for x, y in corners[::-1]]
            geometry.append(mvt.rings([ring]))
        rows = np.flatnonzero(np.isin(bins.of_place, touching))
        return _BinTile(touching, geometry, rows)


def _keep_latest(kept: OrderedDict[Any, Any], key: object) -> None:
    kept.move_to_end(key)
    if len(kept) > _KEPT:
        kept.popitem(last=False)


BIN_KEYS: Final = ("g", "y", "r", "n", "p")
