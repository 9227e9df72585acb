"""Tells every open map of changes: one frame for all that look at the same, made once.

Changes of a fifth of a second are told together. A viewer names the layer it draws (points, or bins
of a resolution) and the regions it looks at, and hears of nothing else.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import orjson

from lachan.safety.map.board import Board, Ints
from lachan.safety.map.domain import RESOLUTIONS

POINTS: Final = 0
LAYERS: Final = frozenset({POINTS, *RESOLUTIONS})
# What is told is put together once for each; beyond so many, who comes is told of everywhere.
_MOST_CHANNELS: Final = 2_000
# A viewer that has not read so many frames is told to load the map again instead.
_MOST_WAITING: Final = 60
_AT_ONCE: Final = 100
_RELOAD: Final = b"event: reload\ndata: {}\n\n"


def reload(seq: int) -> bytes:
    """Load the map again: what follows begins at event `seq`."""
    return b"id: %d\n" % seq + _RELOAD


def hello(seq: int) -> bytes:
    """The first thing a viewer is told: up to which event it knows everything."""
    return b"retry: 2000\nid: %d\nevent: hello\ndata: {}\n\n" % seq


Regions = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Channel:
    """What a viewer hears of: a layer, and regions (empty: the whole country)."""

    layer: int
    regions: Regions


@dataclass(slots=True, eq=False)
class Viewer:
    """One open map: frames that wait for it, and the bell that tells it."""

    waiting: list[bytes] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    def tell(self, frame: bytes) -> None:
        """Lay a frame ready; the bell is rung afterwards."""
        if len(self.waiting) >= _MOST_WAITING:
            self.waiting = [_RELOAD]
        else:
            self.waiting.append(frame)

    def leave(self) -> None:
        self.gone = True
        self.bell.set()

    def take(self) -> bytes:
        """All that waits, as one piece."""
        frames, self.waiting = self.waiting, []
        self.bell.clear()
        return frames[0] if len(frames) == 1 else b"".join(frames)


class Telling:
    """What there is to tell of some changed rows, each place and bin encoded once."""

    def __init__(self, board: Board, changed: Ints, seq: int) -> None:
        self._board = board
        self._changed = changed
        self._seq = seq
        self._told: bytes | None = None
        self._parts: dict[int, list[tuple[tuple[int, int], bytes]]] = {}

    def frame(self, channel: Channel) -> bytes | None:
        """What a channel is told; None when nothing of it is its own.

        Points: `{"p": [[place, colour], ...]}`; bins: `{"b": [[bin, green, yellow, red, grey,
        repair], ...]}`, colours by their number in `domain.COLOURS`; `t` how many places of the
        whole country have each.
        """
        layer, regions = channel.layer, channel.regions
        parts = self._parts.get(layer)
        if parts is None:
            parts = self._parts[layer] = self._points() if layer == POINTS else self._bins(layer)
        own = [part for region, part in parts if not regions or region in regions]
        if not own:
            return None
        key = b"p" if layer == POINTS else b"b"
        return b'id: %d\nevent: colours\ndata: {"%b":[%b],"t":%b}\n\n' % (
            self._seq, key, b",".join(own), self._totals()
        )  # fmt: skip

    def _totals(self) -> bytes:
        if self._told is None:
            self._told = orjson.dumps(list(self._board.counts(self._board.colours).values()))
        return self._told

    def _points(self) -> list[tuple[tuple[int, int], bytes]]:
        board, rows = self._board, self._changed
        regions = map(tuple, board.regions[rows].tolist())
        pairs = zip(board.ids[rows].tolist(), board.colours[rows].tolist(), strict=True)
        return [(region, b"[%d,%d]" % pair) for region, pair in zip(regions, pairs, strict=True)]

    def _bins(self, layer: int) -> list[tuple[tuple[int, int], bytes]]:
        board = self._board
        bins = board.bins(layer)
        shown = self._changed[board.shown[self._changed]]
        which = sorted(set(bins.of_place[shown].tolist()))
        counts = board.bin_counts(layer, board.colours)
        return [
            (bins.regions[one], orjson.dumps([int(bins.ids[one]), *counts[one].tolist()]))
            for one in which
        ]


async def _ring(told: list[Viewer]) -> None:
    """Wake who has something to read, some at a time: whoever asks meanwhile has a turn between."""
    for start in range(0, len(told), _AT_ONCE):
        for viewer in told[start : start + _AT_ONCE]:
            viewer.bell.set()
        await asyncio.sleep(0)


class Audience:
    """Who watches what."""

    def __init__(self) -> None:
        self._by_channel: dict[Channel, set[Viewer]] = defaultdict(set)
        self.viewers = 0

    @property
    def channels(self) -> int:
        """How many different channels are watched."""
        return len(self._by_channel)

    @contextmanager
    def watching(self, channel: Channel) -> Iterator[Viewer]:
        """A viewer of a channel for as long as it is open."""
        if channel not in self._by_channel and self.channels >= _MOST_CHANNELS:
            channel = Channel(channel.layer, frozenset())
        viewer = Viewer()
        self._by_channel[channel].add(viewer)
        self.viewers += 1
        try:
            yield viewer
        finally:
            self.viewers -= 1
            self._by_channel[channel].discard(viewer)
            if not self._by_channel[channel]:
                del self._by_channel[channel]

    async def tell_of(self, board: Board, changed: Ints) -> None:
        """Tell each channel of the changed rows that are its own."""
        telling = Telling(board, changed, board.seq)
        told: list[Viewer] = []
        for channel, viewers in list(self._by_channel.items()):
            made = telling.frame(channel)
            if made is not None:
                for viewer in viewers:
                    viewer.tell(made)
                told += viewers
        await _ring(told)

    async def tell_all(self, made: bytes) -> None:
        """Tell everybody the same."""
        told = [viewer for viewers in self._by_channel.values() for viewer in viewers]
        for viewer in told:
            viewer.tell(made)
        await _ring(told)

    def dismiss(self) -> None:
        """End every open stream."""
        for viewers in list(self._by_channel.values()):
            for viewer in viewers:
                viewer.leave()
