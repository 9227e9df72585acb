"""What can go wrong between a traced case and a resident's phone."""

from lachan.kit.errors import Conflict, InvalidInput, NotAllowed


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


class KindUnknown(InvalidInput):
    """A class of message that there is not: watch, test, stay_home and call_me are."""

    code = "warning-kind-unknown"


class LevelOutsideRule(InvalidInput):
    """The version of the rules that the case was traced by warns nobody of this level."""

    code = "warning-level-outside-rule"


class WarningRush(NotAllowed):
    """So much was warned of within the hour that a second officer has to look at each."""

    code = "warning-rush"


class WarningsPaused(Conflict):
    """An admin holds back all warnings of the area; params `area` and `reason`."""

    code = "warnings-paused"


class AlreadyPaused(Conflict):
    """The warnings of this area are held back already."""

    code = "warnings-paused-already"


class NotStopped(Conflict):
    """The warning is not stopped, so there is nothing to let go on."""

    code = "warning-not-stopped"


class ReportNotAccepted(Conflict):
    """The operator's report has not been accepted, so nobody may be warned of it."""

    code = "place-report-not-accepted"


class ReportDecided(Conflict):
    """The operator's report was decided already."""

    code = "place-report-decided"


class RuleWrong(InvalidInput):
    """The version says something that cannot be; `fields` says what."""

    code = "rule-wrong"


class RulePublished(Conflict):
    """The version is in force already; what it says cannot change any more."""

    code = "rule-published"


class RuleUntried(Conflict):
    """The version was not tried on past cases, so nobody knows whom it would warn."""

    code = "rule-untried"


class PlaceNotOfWarning(InvalidInput):
    """A place that this warning is not about cannot be put on the public list."""

    code = "outbreak-place-unknown"


class DrillNotPublic(Conflict):
    """Warnings of a drill stay out of the public list."""

    code = "outbreak-drill"
