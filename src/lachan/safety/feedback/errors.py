"""Refusals about answers from the public."""

from lachan.kit.errors import Problem


class FeedbackUnknown(Problem):
    """No report is followed by this code."""

    code = "feedback-unknown"
    status = 404


class FeedbackNotTaken(Problem):
    """The place takes no part in the safety map, or is closed."""

    code = "feedback-not-taken"
    status = 404


class FeedbackSettled(Problem):
    """The report is in a state in which this cannot be done any more, or not yet."""

    code = "feedback-settled"
    status = 409


class FeedbackPhotos(Problem):
    """Photos are joined within an hour of the report, three at most."""

    code = "feedback-photos"
    status = 409
