"""What can be wrong with what is asked of the map."""

from lachan.kit.errors import BadRequest, NotFound, Overloaded


class TileUnknown(NotFound):
    """There is no such tile: a layer, zoom, column or row that the map does not have."""

    code = "map-tile-not-found"


class MapAskedWrongly(BadRequest):
    """A day, part of the map or layer that cannot be read."""

    code = "map-asked-wrongly"


class MapFull(Overloaded):
    """As many maps are open as this process may keep up to date."""

    code = "map-full"


class PlaceNotOnMap(NotFound):
    """The place does not take part in the safety map."""

    code = "map-place-not-found"
