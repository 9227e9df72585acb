"""What a door can refuse."""

from lachan.kit.errors import Problem


class ShownUnreadable(Problem):
    """The text is no code that a door takes."""

    code = "shown-unreadable"
    status = 422


class CardMistypedProblem(Problem):
    """The check symbol says that the card's number holds a slip."""

    code = "card-mistyped"
    status = 422


class PhoneCodeForged(Problem):
    """No phone of ours made this code."""

    code = "phone-code-forged"
    status = 403


class PhoneCodeExpired(Problem):
    """The code was not on a screen at that moment: it is a picture, or a clock is wrong."""

    code = "phone-code-expired"
    status = 403


class PhoneCodeUsed(Problem):
    """Another device took this very code already."""

    code = "phone-code-used"
    status = 403


class PhoneCodeWithdrawn(Problem):
    """The phone that made this code was signed out."""

    code = "phone-code-withdrawn"
    status = 403


class CardUnknown(Problem):
    """There is no card with this number."""

    code = "card-unknown"
    status = 403


class CardBlank(Problem):
    """The card was printed and has not been given to anybody yet."""

    code = "card-blank"
    status = 403


class CardWithdrawn(Problem):
    """The card was reported lost, or another one took its place."""

    code = "card-withdrawn"
    status = 403
