"""In which ward positions lie: all outlines at once, for thousands of positions."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

_NEAR_DEGREES: Final = 0.02
"""As for a single position, see `areas.store.at_point`: outlines are drawn roughly."""
_METRES_A_DEGREE: Final = 111_320.0


class Outlines:
    """The outlines of all wards."""

    def __init__(self, wards: Sequence[tuple[str, bytes]]) -> None:
        self._paths = [path for path, _ in wards]
        self._shapes = shapely.from_wkb([geometry for _, geometry in wards])
        self._by_path = dict(zip(self._paths, self._shapes, strict=True))
        self._tree = shapely.STRtree(self._shapes)

    def locate(self, positions: Sequence[tuple[float, float]]) -> list[str | None]:
        """The ward at each (lat, lon) in degrees; None at sea and abroad."""
        if not positions or not self._paths:
            return [None] * len(positions)
        points = shapely.points([lon for _, lon in positions], [lat for lat, _ in positions])
        found: list[str | None] = [None] * len(positions)
        hits = self._tree.query_nearest(points, max_distance=_NEAR_DEGREES, all_matches=False)
        for position, shape in np.asarray(hits).T:
            found[position] = self._paths[shape]
        return found

    def metres_outside(self, ward: str, lat: float, lon: float) -> float | None:
        """How far a position lies outside a ward, roughly; None where its outline is not known."""
        shape = self._by_path.get(ward)
        if shape is None:
            return None
        return float(shapely.distance(shape, shapely.Point(lon, lat))) * _METRES_A_DEGREE
