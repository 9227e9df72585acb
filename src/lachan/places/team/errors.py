"""What can be wrong with an invitation or with who runs a place."""

from lachan.kit.errors import Conflict, NotFound


class InvitationUnknown(NotFound):
    """No invitation has this code, or it was used, withdrawn or has expired."""

    code = "invitation-unknown"


class LastOwner(Conflict):
    """A place keeps at least one owner."""

    code = "last-owner"


class TooManyStaff(Conflict):
    """Invitations and staff of one place are limited."""

    code = "too-many-staff"
