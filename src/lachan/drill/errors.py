"""What can go wrong with a drill on the server."""

from lachan.kit.errors import InvalidInput


class NoSuchArea(InvalidInput):
    """The area is unknown, or holds no ward in which people could live."""

    code = "drill-area"
