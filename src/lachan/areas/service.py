"""Rules about administrative units: who may ask is everybody, what is asked must exist."""

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.areas import store
from lachan.areas.domain import Area, Located, is_path
from lachan.areas.errors import AreaUnknown, NoAreaHere


async def access_area(connection: AsyncConnection, path: str) -> Area:
    """The unit at `path`. Raises AreaUnknown."""
    area = await store.get(connection, path) if is_path(path) else None
    if area is None:
        raise AreaUnknown
    return area


async def locate(connection: AsyncConnection, lat: float, lon: float) -> Located:
    """The ward at a position. Raises NoAreaHere."""
    located = await store.at_point(connection, lat, lon)
    if located is None:
        raise NoAreaHere
    return located


def feature_collection(outlines: list[store.Outline]) -> bytes:
    """GeoJSON of outlines, to 0.00001 degree (1 m); `approximate` marks those not official."""
    import shapely  # noqa: PLC0415 - slow to load, and few requests need it

    shapes = shapely.from_wkb([outline.geometry for outline in outlines])
    rounded = shapely.transform(shapes, lambda points: points.round(5))
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": outline.path,
                    "properties": {
                        "path": outline.path,
                        "name": outline.name,
                        "full_name": outline.full_name,
                        "approximate": not outline.official,
                    },
                    "geometry": orjson.Fragment(shapely.to_geojson(geometry)),
                }
                for outline, geometry in zip(outlines, rounded, strict=True)
            ],
        }
    )
