"""What can be wrong with a question about areas."""

from lachan.kit.errors import NotFound


class AreaUnknown(NotFound):
    """No unit of the current edition has this path."""

    code = "area-not-found"


class NoAreaHere(NotFound):
    """The position lies at sea or abroad."""

    code = "area-not-here"
