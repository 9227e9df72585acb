"""A small short-message centre that speaks SMPP 3.4 over a socket, for tests of the gateway."""

import asyncio
import struct
from dataclasses import dataclass, field
from typing import Self

BIND_RECEIVER, BIND_TRANSMITTER, SUBMIT_SM, UNBIND = 0x01, 0x02, 0x04, 0x06
BIND_TRANSCEIVER, ENQUIRE_LINK = 0x09, 0x15
RESPONSE = 0x80000000
OK, BAD_PASSWORD, NOT_BOUND, THROTTLED, BAD_DESTINATION = 0x0, 0x0E, 0x04, 0x58, 0x0B
_HEADER = struct.Struct(">LLLL")


@dataclass(frozen=True)
class Submitted:
    """One submit_sm as it came."""

    source: str
    source_ton: int
    destination: str
    destination_ton: int
    esm_class: int
    data_coding: int
    body: bytes


@dataclass
class Smsc:
    """Accepts one system id and password; says no as a test tells it to."""

    system_id: str = "lachan"
    password: str = "secret"
    answer: int = OK
    hang_up: bool = False
    submitted: list[Submitted] = field(default_factory=list)
    commands: list[int] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bound = False
        try:
            while True:
                length, command, _, sequence = _HEADER.unpack(await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                self.commands.append(command)
                if command & RESPONSE:
                    continue
                if command in {BIND_TRANSCEIVER, BIND_TRANSMITTER, BIND_RECEIVER}:
                    system_id, rest = _c_string(body)
                    password, _ = _c_string(rest)
                    bound = (system_id, password) == (self.system_id, self.password)
                    status = OK if bound else BAD_PASSWORD
                    self._send(writer, command, status, sequence, b"SMSC\0" if bound else b"")
                elif command == SUBMIT_SM:
                    if self.hang_up:
                        return
                    # A centre may ask whether we are alive just now.
                    writer.write(_HEADER.pack(16, ENQUIRE_LINK, 0, 900 + len(self.commands)))
                    status = self.answer if bound else NOT_BOUND
                    if status == OK:
                        self.submitted.append(_submit(body))
                    name = f"id{len(self.submitted)}\0".encode() if status == OK else b""
                    self._send(writer, command, status, sequence, name)
                elif command == ENQUIRE_LINK:
                    self._send(writer, command, OK, sequence, b"")
                elif command == UNBIND:
                    self._send(writer, command, OK, sequence, b"")
                    await writer.drain()
                    return
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @staticmethod
    def _send(
        writer: asyncio.StreamWriter, command: int, status: int, sequence: int, body: bytes
    ) -> None:
        writer.write(_HEADER.pack(16 + len(body), command | RESPONSE, status, sequence) + body)


def _c_string(data: bytes) -> tuple[str, bytes]:
    text, _, rest = data.partition(b"\0")
    return text.decode("ascii"), rest


def _submit(body: bytes) -> Submitted:
    _, rest = _c_string(body)  # service_type
    source_ton, rest = rest[0], rest[2:]
    source, rest = _c_string(rest)
    destination_ton, rest = rest[0], rest[2:]
    destination, rest = _c_string(rest)
    esm_class, rest = rest[0], rest[3:]  # esm_class, protocol_id, priority_flag
    _, rest = _c_string(rest)  # schedule_delivery_time
    _, rest = _c_string(rest)  # validity_period
    data_coding, length = rest[2], rest[4]  # after registered_delivery, replace_if_present
    return Submitted(
        source, source_ton, destination, destination_ton, esm_class, data_coding,
        rest[5 : 5 + length],
    )  # fmt: skip


def joined(parts: list[Submitted]) -> str:
    """What a phone shows of submitted parts: joined by their headers, decoded by their coding."""
    pieces: dict[int, bytes] = {}
    for part in parts:
        if part.esm_class & 0x40:
            header, body = part.body[: part.body[0] + 1], part.body[part.body[0] + 1 :]
            assert header[1:3] == b"\x00\x03"
            assert header[4] == len(parts)
            assert header[3] == parts[0].body[3], "all parts carry one reference"
            pieces[header[5]] = body
        else:
            pieces[1] = part.body
        assert len(part.body) <= (160 if part.data_coding == 0 else 140)
    whole = b"".join(pieces[number] for number in sorted(pieces))
    return whole.decode("utf-16-be") if parts[0].data_coding == 8 else _gsm(whole)


def _gsm(data: bytes) -> str:
    from lachan.identity.messages import segments

    back = {septets: letter for letter, septets in segments._SEPTETS.items()}
    text, index = "", 0
    while index < len(data):
        size = 2 if data[index] == 0x1B else 1
        text += back[data[index : index + size]]
        index += size
    return text
