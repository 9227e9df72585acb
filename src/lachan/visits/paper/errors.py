"""What can be wrong with a list or with a decision about a row."""

from lachan.kit.errors import Conflict, Problem


class PaperListTooLong(Problem):
    """A file holds more rows than are taken at once."""

    code = "paper-list-too-long"
    status = 422


class PaperListSettled(Conflict):
    """The list was confirmed already; its rows are decided one by one."""

    code = "paper-list-settled"


class PaperRowSettled(Conflict):
    """The row was decided meanwhile."""

    code = "paper-row-settled"


class PaperRowNeedsCorrection(Problem):
    """What stands on the row is not enough to write a visit; it has to be corrected first."""

    code = "paper-row-needs-correction"
    status = 422
