"""What can be refused around people, sessions and officers."""

from lachan.kit.errors import NotFound, Problem


class PhoneInvalid(Problem):
    """The text is no phone number that can receive a text message."""

    code = "phone-invalid"
    status = 422


class CodeWrong(Problem):
    """The one-time code is wrong, used, or too old; which of these is not told."""

    code = "code-wrong"
    status = 422


class SignInFailed(Problem):
    """Login, password or second factor is wrong, or the account is locked; never told which."""

    code = "sign-in-failed"
    status = 401


class ConfirmFirst(Problem):
    """How somebody signs in is changed only minutes after the password was shown."""

    code = "confirm-first"
    status = 403


class SecondFactorMissing(Problem):
    """The officer has to set a second factor up on the pages before the API can be used."""

    code = "second-factor-missing"
    status = 403


class PersonUnknown(NotFound):
    """There is no such person, or the viewer may not know."""

    code = "person-unknown"


class ReasonMissing(Problem):
    """Personal data is opened only for a reason that its owner will read."""

    code = "reason-missing"
    status = 422


class AreaUnknown(Problem):
    """There is no area of this code."""

    code = "area-unknown"
    status = 422


class NameMissing(Problem):
    """A person who is added needs a name."""

    code = "name-missing"
    status = 422


class HouseholdFull(Problem):
    """A household holds a limited number of people without a phone."""

    code = "household-full"
    status = 409


class LoginTaken(Problem):
    """Another officer has this login."""

    code = "login-taken"
    status = 409


class PasswordWeak(Problem):
    """The password is too short, or holds the login."""

    code = "password-weak"
    status = 422


class PasskeyRefused(Problem):
    """The passkey, or the answer it gave, cannot be accepted."""

    code = "passkey-refused"
    status = 422


class LastFactor(Problem):
    """The only second factor cannot be removed."""

    code = "last-factor"
    status = 409
