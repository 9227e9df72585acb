"""Writes Mapbox Vector Tiles 2.1 (https://github.com/mapbox/vector-tile-spec).

Written out here because a tile is made again whenever a place on it changes: the general libraries
take 20 to 200 us a feature, these take 1 to 10. `mapbox-vector-tile` reads them back in the tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lachan.safety.map.domain import EXTENT

_POINT: Final = 1
_POLYGON: Final = 3
_MOVE: Final = 1
_LINE: Final = 2
_CLOSE: Final = 7 | 1 << 3
_BYTE: Final = 0x80
_FEWEST_CORNERS: Final = 3

Ring = Sequence[tuple[int, int]]
Value = str | int


def varint(value: int) -> bytes:
    """A number that is not negative, seven bits a byte, the lowest first."""
    out = bytearray()
    while value >= _BYTE:
        out.append(value & 0x7F | _BYTE)
        value >>= 7
    out.append(value)
    return bytes(out)


_SMALL: Final = [varint(value) for value in range(2 * EXTENT + 2)]


def _short(value: int) -> bytes:
    return _SMALL[value] if value < len(_SMALL) else varint(value)


def _zigzag(value: int) -> bytes:
    return _short(value << 1 if value >= 0 else (-value << 1) - 1)


def _field(tag: int, content: bytes) -> bytes:
    return bytes((tag,)) + _short(len(content)) + content


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return _field(0x22, _field(0x0A, value.encode()))
    return _field(0x22, b"\x28" + varint(value))  # uint64


def layer(name: str, features: Iterable[bytes], keys: Sequence[str], values: list[bytes]) -> bytes:
    """A layer, which alone is a tile too; tiles joined end to end are one tile."""
    content = b"".join(
        (
            _field(0x0A, name.encode()),
            *features,
            *(_field(0x1A, key.encode()) for key in keys),
            *values,
            b"\x28" + varint(EXTENT),
            b"\x78\x02",  # version 2
        )
    )
    return _field(0x1A, content)


class Values:
    """The table of values of a layer: each is written once."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self._index: dict[Value, int] = {}

    def index(self, value: Value) -> int:
        found = self._index.get(value)
        if found is None:
            found = self._index[value] = len(self.written)
            self.written.append(_value(value))
        return found


def feature(identity: int | None, tags: bytes, kind: int, geometry: bytes) -> bytes:
    """A feature as a field of its layer."""
    head = b"" if identity is None else b"\x08" + varint(identity)
    return _field(0x12, head + _field(0x12, tags) + bytes((0x18, kind)) + _field(0x22, geometry))


def tags(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Pairs of a key's and a value's index."""
    return b"".join(_short(key) + _short(value) for key, value in pairs)


def rings(polygon: Iterable[Ring]) -> bytes:
    """Geometry of a polygon: outer rings clockwise on the screen, holes the other way round.

    A ring comes without its first corner repeated; one that shrinks to a line is left out.
    """
    out = []
    pen = (0, 0)
    for ring in polygon:
        x, y = pen
        steps: list[bytes] = []
        for to_x, to_y in ring:
            if steps and (to_x, to_y) == (x, y):
                continue
            steps.append(_zigzag(to_x - x) + _zigzag(to_y - y))
            x, y = to_x, to_y
        if len(steps) < _FEWEST_CORNERS:
            continue
        pen = (x, y)
        out.append(_short(_MOVE | 1 << 3) + steps[0])
        out.append(_short(_LINE | (len(steps) - 1) << 3) + b"".join(steps[1:]) + _short(_CLOSE))
    return b"".join(out)


def polygon(identity: int | None, pairs: Iterable[tuple[int, int]], geometry: bytes) -> bytes:
    """A feature with the geometry of `rings`."""
    return feature(identity, tags(pairs), _POLYGON, geometry)


def point(x: int, y: int) -> bytes:
    """Geometry of one point."""
    return b"\x09" + _zigzag(x) + _zigzag(y)


@dataclass(frozen=True, slots=True)
class PointTile:
    """A tile of points whose places stay and whose colours change.

    Every colour is one byte at a known place: making the tile again is writing those bytes.
    """

    body: bytes
    colour_at: list[int]


def point_tile(
    name: str,
    points: Iterable[tuple[int, int, int, str]],
    colours: int,
) -> PointTile:
    """Points (id, x, y, kind) with keys `c`, the colour (a number below `colours`), and `k`."""
    values = Values()
    for code in range(colours):
        values.index(code)
    features = []
    marks = []
    for identity, x, y, kind in points:
        kind_index = _short(values.index(kind))
        # Tags first: colour key 0, its value, kind key 1, its value.
        tagged = b"\x00\x00\x01" + kind_index
        head = b"\x08" + varint(identity)
        body = head + _field(0x12, tagged) + bytes((0x18, _POINT)) + _field(0x22, point(x, y))
        features.append(_field(0x12, body))
        # From the end of the feature: robust against the length of its own length.
        marks.append(len(body) - len(head) - 3)
    whole = layer(name, features, ("c", "k"), values.written)
    at = whole.index(features[0]) if features else 0
    colour_at = []
    for written, from_end in zip(features, marks, strict=True):
        at += len(written)
        colour_at.append(at - from_end)
    return PointTile(whole, colour_at)
