"""What can be wrong with giving a place to somebody."""

from lachan.kit.errors import Conflict


class PlaceHasOperator(Conflict):
    """Somebody runs the place already; only they invite others."""

    code = "place-has-operator"


class PlaceNotGiven(Conflict):
    """Residents registered the place themselves: it is not the authority's to take back."""

    code = "place-not-given"


class TooManyInvitations(Conflict):
    """A place has a limited number of open invitations."""

    code = "too-many-invitations"
