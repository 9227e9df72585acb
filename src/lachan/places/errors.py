"""What can be wrong with a place or the code on its poster."""

from lachan.kit.errors import Conflict, NotFound, Overloaded, Problem


class PlaceCodeMistyped(Problem):
    """The letters do not make a code: one of them is wrong, or two changed places."""

    code = "place-code-mistyped"
    status = 422


class PlaceCodeUnknown(NotFound):
    """A well-formed code that no poster of ours shows."""

    code = "place-code-unknown"


class PlaceCodeWithdrawn(Problem):
    """The poster was replaced by a newer one."""

    code = "place-code-withdrawn"
    status = 410


class PlaceClosed(Problem):
    """The place is no longer run."""

    code = "place-no-longer-run"
    status = 410


class TooManyRooms(Conflict):
    """A place has room for a limited number of rooms."""

    code = "too-many-rooms"


class TooManyDevices(Conflict):
    """A place has room for a limited number of devices."""

    code = "too-many-devices"


class PrintersBusy(Overloaded):
    """Many posters are being drawn; the same request succeeds a moment later."""

    code = "printers-busy"
