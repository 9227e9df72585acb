"""What can be wrong with a scan or with a correction of the diary."""

from lachan.kit.errors import Problem


class ScanInFuture(Problem):
    """The device's clock runs too far ahead."""

    code = "scan-in-future"
    status = 422


class ScanTooOld(Problem):
    """The scan waited on the device longer than is taken."""

    code = "scan-too-old"
    status = 422


class NotYourHousehold(Problem):
    """One may check in oneself and those of one's household."""

    code = "not-your-household"
    status = 403


class NothingToUndo(Problem):
    """The last scan is too long ago to be undone; the diary can still be corrected."""

    code = "nothing-to-undo"
    status = 409


class ImpossibleTimes(Problem):
    """A visit ends after it begins, within 24 hours, and not in the future."""

    code = "impossible-times"
    status = 422


class ScanOfAnother(Problem):
    """The scan was made by somebody else than who is signed in now; their phone keeps it."""

    code = "scan-of-another"
    status = 409


class DoorCodeNeeded(Problem):
    """The place asks for the code of its door display, and none or a wrong one was given."""

    code = "door-code-needed"
    status = 403
