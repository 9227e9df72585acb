"""Errors that a person may meet: one base, one shape (RFC 9457), one stable code each."""

from collections.abc import Mapping
from typing import ClassVar


class Problem(Exception):
    """A refusal with a stable `code`, an HTTP `status` and the fields it is about.

    The sentence shown is the Fluent message `error-<code>`, filled with `params`. `fields` maps the
    name of an input to the key of a Fluent message. Neither may hold anything personal: both reach
    logs and screens.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(
        self,
        *,
        fields: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(self.code)
        self.fields = dict(fields or {})
        self.params = dict(params or {})
        self.retry_after = retry_after


def all_problems(base: type[Problem] = Problem) -> dict[str, type[Problem]]:
    """Every problem class loaded so far, by code: the source of the reference page."""
    found = {base.code: base}
    for child in base.__subclasses__():
        found |= all_problems(child)
    return found


class InternalProblem(Problem):
    """Something went wrong on our side; nothing about it is told outside the log."""


class BadRequest(Problem):
    """The request could not be read."""

    code = "bad-request"
    status = 400


class InvalidInput(Problem):
    """Some fields hold something that cannot be taken; `fields` says which."""

    code = "invalid-input"
    status = 422


class SignInNeeded(Problem):
    """Nobody is signed in, or the session has ended."""

    code = "sign-in-needed"
    status = 401


class NotAllowed(Problem):
    """Signed in, but not for this."""

    code = "not-allowed"
    status = 403


class CrossSite(Problem):
    """A form was sent from another site."""

    code = "cross-site"
    status = 403


class NotFound(Problem):
    """Nothing is here, or nothing that you may see: the two look the same."""

    code = "not-found"
    status = 404


class MethodNotAllowed(Problem):
    """The address exists, the verb does not."""

    code = "method-not-allowed"
    status = 405


class BodyLate(Problem):
    """The body did not arrive in the time that is given to it."""

    code = "body-late"
    status = 408


class Conflict(Problem):
    """The thing was changed meanwhile, or exists already."""

    code = "conflict"
    status = 409


class TooLarge(Problem):
    """The body is over the limit of this route."""

    code = "too-large"
    status = 413


class UnsupportedMediaType(Problem):
    """The body is of a kind, or in a character set, that this route does not take."""

    code = "unsupported-media-type"
    status = 415


class TooManyRequests(Problem):
    """Slower, please."""

    code = "too-many-requests"
    status = 429


class TooManyStreams(TooManyRequests):
    """One viewer holds more live connections open than one needs."""

    code = "too-many-streams"


class Overloaded(Problem):
    """The queue is full; the same request may be sent again after `retry_after` seconds."""

    code = "overloaded"
    status = 503


class UntrustedHost(Problem):
    """The request names a host that this deployment does not serve."""

    code = "untrusted-host"
    status = 400


class SpreadsheetUnreadable(Problem):
    """The file is neither CSV in Unicode nor XLSX, or it is broken."""

    code = "spreadsheet-unreadable"
    status = 422


class SpreadsheetTooLarge(Problem):
    """More lines or columns than are read at once."""

    code = "spreadsheet-too-large"
    status = 413


class SpreadsheetEmpty(Problem):
    """The file holds no line with content."""

    code = "spreadsheet-empty"
    status = 422
