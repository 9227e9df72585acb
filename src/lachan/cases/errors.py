"""What can go wrong with a case record."""

from lachan.kit.errors import Conflict, NotAllowed


class CaseExists(Conflict):
    """The person has an open record of this disease; param `code` names it."""

    code = "case-exists"


class CaseExistsElsewhere(Conflict):
    """The same, in an area that the asking officer does not see."""

    code = "case-exists-elsewhere"


class CaseClosed(Conflict):
    """The record is closed or discarded; nothing more is done with it."""

    code = "case-closed"


class OutsideArea(NotAllowed):
    """The case would lie outside the officer's areas."""

    code = "case-outside-area"
