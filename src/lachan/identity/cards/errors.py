"""What can go wrong around cards for people without a phone."""

from lachan.kit.errors import Conflict, NotFound, Problem


class CardNotFree(Conflict):
    """The number belongs to no card that could still be given to somebody."""

    code = "card-not-free"


class CardGone(NotFound):
    """There is no such card, or it is not yours."""

    code = "card-gone"


class BatchUnknown(NotFound):
    """There is no such batch of cards in your areas."""

    code = "card-batch-unknown"


class HolderInvalid(Problem):
    """A card cannot be given to this person here."""

    code = "card-holder-invalid"
    status = 422
