"""What can be wrong with closing a day."""

from lachan.kit.errors import Conflict


class TooLateToUndo(Conflict):
    """Closing a day can be taken back for ten minutes."""

    code = "too-late-to-undo"
