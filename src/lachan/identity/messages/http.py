"""Text messages by HTTP: a POST of JSON with a bearer token, as most providers take it.

    POST <LACHAN_MESSAGES_HTTP_URL>
    Authorization: Bearer <LACHAN_MESSAGES_HTTP_TOKEN>
    {"to": "+84912345678", "from": "LACHAN", "text": "..."}

Any 2xx is success; the id is taken from "id", "message_id" or "messageId" where the answer has one.
"""

from http import HTTPStatus

import httpx

from lachan.identity.messages.gateway import GatewayError
from lachan.identity.messages.outbox import Text
from lachan.settings import Messages

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_IDS = ("id", "message_id", "messageId")
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class HttpGateway:
    """Posts each message; never follows a redirect, which would carry the token elsewhere."""

    name = "http"

    def __init__(self, settings: Messages) -> None:
        if not settings.http_url:
            raise ValueError("LACHAN_MESSAGES_HTTP_URL is not set")
        self._url = settings.http_url
        self._token = settings.http_token.get_secret_value()
        self._sender = settings.sender

    async def send(self, message: Text) -> str:
        """Hand the message over; the gateway's id. Raises `GatewayError`."""
        if not message.body:
            raise GatewayError("empty", temporary=False)
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        body = {"to": message.phone, "from": self._sender, "text": message.body}
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as client:
                answer = await client.post(self._url, json=body, headers=headers)
        except httpx.TimeoutException:
            raise GatewayError("timeout", temporary=True) from None
        except httpx.TransportError:
            raise GatewayError("unreachable", temporary=True) from None
        if not answer.is_success:
            again = answer.is_server_error or answer.status_code in _AGAIN
            raise GatewayError(f"status-{answer.status_code}", temporary=again)
        return _id_of(answer)


def _id_of(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    return next((str(found[name])[:100] for name in _IDS if name in found), "")
