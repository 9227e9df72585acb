"""What can go wrong between a traced case and a resident's phone."""

from lachan.kit.errors import Conflict, NotAllowed


class NotTraced(Conflict):
    """The case has no finished trace, so nobody knows yet whom to warn."""

    code = "warning-not-traced"


class CaseDiscarded(Conflict):
    """The case turned out not to be one; there is nothing to warn of."""

    code = "warning-case-discarded"


class NoRecipients(Conflict):
    """Nobody would be warned: no contact of these levels, or all of them were warned before."""

    code = "warning-no-recipients"


class NotDraft(Conflict):
    """The warning was approved or withdrawn already."""

    code = "warning-not-draft"


class RecipientsChanged(Conflict):
    """The dry run that the officer saw is out of date; params `seen` and `now` are counts."""

    code = "warning-recipients-changed"


class SecondOfficerNeeded(NotAllowed):
    """So many people are warned only when an officer other than the drafter approves."""

    code = "warning-second-officer"


class AlreadyWithdrawn(Conflict):
    """The warning was withdrawn; nothing more can be done to it."""

    code = "warning-withdrawn"


class AlreadyDisputed(Conflict):
    """The person has said before that the warning is wrong."""

    code = "warning-disputed"


class NothingToAnswer(Conflict):
    """Nobody disputes this message, or it is answered."""

    code = "warning-nothing-to-answer"
