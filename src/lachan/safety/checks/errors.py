"""Refusals of daily checks."""

from lachan.kit.errors import Problem


class CheckForeign(Problem):
    """The place is not yours to check, whether or not there is one."""

    code = "check-place-foreign"
    status = 403


class StaffFormer(Problem):
    """You ran this place once; you do no more."""

    code = "check-staff-former"
    status = 403


class NotJoined(Problem):
    """The place takes no part in the safety map."""

    code = "check-not-joined"
    status = 409


class BackDated(Problem):
    """A check is of today, and comes within the hours that are set."""

    code = "check-day-back-dated"
    status = 422


class ItemsUnknown(Problem):
    """Answers to criteria that this moment of the set in force does not have."""

    code = "check-items-unknown"
    status = 422


class Incomplete(Problem):
    """Criteria of this moment are without an answer; `fields` says which."""

    code = "check-incomplete"
    status = 422


class PhotoMissing(Problem):
    """A criterion asks for a photo as evidence, or a photo named is not here."""

    code = "check-photo-missing"
    status = 422


class CommitTaken(Problem):
    """Another check was sent under this id."""

    code = "check-commit-taken"
    status = 409


class PhotoUnreadable(Problem):
    """What was sent is no picture that can be opened."""

    code = "safety-photo-unreadable"
    status = 422


class PhotoTooLarge(Problem):
    """The picture has more bytes or pixels than are taken."""

    code = "safety-photo-too-large"
    status = 413


class CertificateForged(Problem):
    """No certificate of this deployment reads like this."""

    code = "certificate-unknown"
    status = 404


class NothingToCertify(Problem):
    """Only a place that is safe today gets a certificate."""

    code = "certificate-not-safe"
    status = 409
