"""What can be refused around client programs."""

from lachan.kit.errors import Problem


class ClientKeyWrong(Problem):
    """The program named itself and has no key for that name, or its key was taken away."""

    code = "client-key-wrong"
    status = 403


class ClientNameInvalid(Problem):
    """The name is not of the agreed shape, or it is one of ours."""

    code = "client-name-invalid"
    status = 422
