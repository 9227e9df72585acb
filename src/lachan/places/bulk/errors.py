"""What can be wrong with a list of places."""

from lachan.kit.errors import Conflict, Problem


class ImportColumnsMissing(Problem):
    """The heading does not name the columns that every place needs."""

    code = "import-columns-missing"
    status = 422


class ImportNothingLeft(Conflict):
    """Not one line of the list can be registered."""

    code = "import-nothing-left"


class ImportNotReady(Conflict):
    """The list is being registered already, or has been."""

    code = "import-not-ready"
