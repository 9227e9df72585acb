"""Refusals about inspections."""

from lachan.kit.errors import Problem


class InspectionClosed(Problem):
    """The inspection is closed already, or nothing was ordered."""

    code = "inspection-closed"
    status = 409


class InspectionPlace(Problem):
    """The place takes no part in the safety map."""

    code = "inspection-place"
    status = 409
