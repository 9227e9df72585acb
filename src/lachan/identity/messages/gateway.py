"""Ways for a text message to leave: one Protocol, one implementation per kind of gateway."""

from typing import Protocol

from lachan.identity.messages.outbox import Text
from lachan.settings import Messages


class GatewayError(Exception):
    """The gateway did not take the message; `temporary` when it may the next time."""

    def __init__(self, reason: str, *, temporary: bool) -> None:
        # `reason` is a short word for the log: never the gateway's own text, which may quote ours.
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary


class TextGateway(Protocol):
    """Takes one message for delivery."""

    name: str

    async def send(self, message: Text) -> str:
        """Hand the message over; the gateway's own id of it. Raises `GatewayError`."""


class OutboxGateway:
    """Development: the message stays where the outbox page shows it."""

    name = "outbox"

    async def send(self, message: Text) -> str:
        """Nothing leaves; an empty text is refused as every gateway does."""
        if not message.body:
            raise GatewayError("empty", temporary=False)
        return "outbox"


def open_gateway(settings: Messages) -> TextGateway:
    """The gateway that is set; it connects when it sends.

    Raises `ValueError` when a setting it needs is missing.
    """
    if settings.gateway == "http":
        from lachan.identity.messages.http import HttpGateway  # noqa: PLC0415 - loads httpx

        return HttpGateway(settings)
    if settings.gateway == "smpp":
        from lachan.identity.messages.smpp import SmppGateway  # noqa: PLC0415 - loads smpplib

        return SmppGateway(settings)
    return OutboxGateway()
