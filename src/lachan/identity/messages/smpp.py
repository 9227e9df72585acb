"""Text messages by SMPP 3.4: bind, submit each part, wait for the centre's yes, unbind.

smpplib blocks, so a message is sent in a thread. Each message has a connection of its own: codes
are few and must not wait behind a dead link.
"""

import asyncio
import logging
import secrets

import smpplib.client
import smpplib.consts
import smpplib.exceptions

from lachan.identity.messages.gateway import GatewayError
from lachan.identity.messages.outbox import Text
from lachan.identity.messages.segments import cut, with_headers
from lachan.settings import Messages

_TIMEOUT_SECONDS = 10
_MOST_OTHER_PDUS = 50
_UDHI = 0x40
_ALPHANUMERIC, _INTERNATIONAL, _UNKNOWN, _ISDN = 5, 1, 0, 1
# SMPP 3.4, 5.1.3: the centre is busy, throttling or broken. Anything else will not get better.
_TEMPORARY = frozenset({0x08, 0x14, 0x58, 0x64, 0x65})

# smpplib writes whole messages, our codes among them, into the log at the debug level.
_silent = logging.getLogger("lachan.smpp")
_silent.propagate = False
_silent.addHandler(logging.NullHandler())
_silent.setLevel(logging.CRITICAL)


class SmppGateway:
    """Submits to one centre as a transceiver."""

    name = "smpp"

    def __init__(self, settings: Messages) -> None:
        if not settings.smpp_system_id:
            raise ValueError("LACHAN_MESSAGES_SMPP_SYSTEM_ID is not set")
        self._settings = settings

    async def send(self, message: Text) -> str:
        """Hand the message over; the centre's ids of its parts. Raises `GatewayError`."""
        try:
            segments = cut(message.body)
        except ValueError:
            raise GatewayError("unsendable", temporary=False) from None
        parts, esm_class = segments.parts, 0
        if len(parts) > 1:
            parts, esm_class = with_headers(parts, secrets.randbelow(256)), _UDHI
        return await asyncio.to_thread(
            self._submit, message.phone, segments.coding, esm_class, parts
        )

    def _submit(self, phone: str, coding: int, esm_class: int, parts: tuple[bytes, ...]) -> str:
        settings = self._settings
        client = smpplib.client.Client(
            settings.smpp_host,
            settings.smpp_port,
            timeout=_TIMEOUT_SECONDS,
            allow_unknown_opt_params=True,
        )
        client.logger = _silent
        try:
            client.connect()
            client.bind_transceiver(
                system_id=settings.smpp_system_id,
                password=settings.smpp_password.get_secret_value(),
            )
            ids = [self._submit_part(client, phone, coding, esm_class, part) for part in parts]
            client.unbind()
        except smpplib.exceptions.PDUError as error:
            status = int(error.args[1]) if len(error.args) > 1 else 0
            raise GatewayError(f"status-{status:#x}", temporary=status in _TEMPORARY) from None
        except (smpplib.exceptions.ConnectionError, OSError):
            raise GatewayError("unreachable", temporary=True) from None
        finally:
            # Not `disconnect`, which warns when the centre hung up first.
            if client._socket is not None:  # noqa: SLF001 - the library closes it nowhere else
                client._socket.close()  # noqa: SLF001 - as above
                client._socket = None  # noqa: SLF001 - as above
        return ",".join(ids)

    def _submit_part(
        self,
        client: smpplib.client.Client,
        phone: str,
        coding: int,
        esm_class: int,
        part: bytes,
    ) -> str:
        sender = self._settings.sender
        digits = sender.lstrip("+").isdigit()
        sent = client.send_message(
            source_addr_ton=_INTERNATIONAL if digits else _ALPHANUMERIC,
            source_addr_npi=_ISDN if digits else _UNKNOWN,
            source_addr=sender.lstrip("+"),
            dest_addr_ton=_INTERNATIONAL,
            dest_addr_npi=_ISDN,
            destination_addr=phone.lstrip("+"),
            short_message=part,
            data_coding=coding,
            esm_class=esm_class,
        )
        # The centre may ask whether we are there, or deliver something, before it answers.
        for _ in range(_MOST_OTHER_PDUS):
            pdu = client.read_pdu()
            if pdu.command == "submit_sm_resp" and pdu.sequence == sent.sequence:
                if pdu.is_error():
                    raise smpplib.exceptions.PDUError("refused", int(pdu.status))
                found = pdu.message_id
                return found.decode("ascii", "replace") if isinstance(found, bytes) else str(found)
            if pdu.command == "enquire_link":
                client._enquire_link_received(pdu)  # noqa: SLF001 - its only way to answer
            elif pdu.command == "deliver_sm":
                client._message_received(pdu)  # noqa: SLF001 - its only way to answer
            elif pdu.command in {"unbind", "generic_nack"}:
                break
        raise smpplib.exceptions.ConnectionError
