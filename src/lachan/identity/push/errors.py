"""What can be wrong with a browser's wish to be told at once."""

from lachan.kit.errors import Conflict, InvalidInput


class EndpointRefused(InvalidInput):
    """The address is none of the push services that this deployment sends to."""

    code = "push-endpoint-refused"


class KeysRefused(InvalidInput):
    """The keys of the subscription are not a P-256 point and 16 bytes."""

    code = "push-keys-refused"


class NotThere(Conflict):
    """The visit is over, so there is nothing to be reminded of."""

    code = "visit-over"


class NobodyToRemind(Conflict):
    """No browser of the person is told at once."""

    code = "push-not-on"
