"""Every text gateway keeps the same promises, against a real HTTP server and a real SMPP centre."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import tasks
from lachan.identity.messages.gateway import GatewayError, TextGateway, open_gateway
from lachan.identity.messages.outbox import Text, send_text
from lachan.jobs.queue import JobContext
from lachan.kit.crypto import Keyring
from lachan.settings import Messages
from tests.integration.identity.smsc import BAD_DESTINATION, THROTTLED, UNBIND, Smsc, joined

CODE = "123456 là mã đăng nhập Lá Chắn, dùng trong 5 phút. Đừng đưa cho ai."
PLAIN = "Your code is 123456 {valid for 5 min} ~ costs 0€"
LONG = "Cảnh báo tiếp xúc: " + "chợ Đồng Xuân lúc 8 giờ sáng, 😷 hãy theo dõi sức khỏe. " * 9
PHONE = "+84912345678"


@dataclass
class HttpProvider:
    """A provider's HTTP server, as little of it as a gateway meets."""

    status: int = 200
    silent: bool = False
    seen: list[dict[str, object]] = field(default_factory=list)
    headers: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        self.headers.append(head)
        if not self.silent:
            if self.status < 300:
                self.seen.append(body)
            answer = b'{"id": "abc"}'
            location = b"Location: http://127.0.0.1:1/\r\n" if self.status in {302, 307} else b""
            writer.write(
                b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n"
                b"Connection: close\r\n\r\n%s" % (self.status, location, len(answer), answer)
            )
            await writer.drain()
        writer.close()


@dataclass
class Side:
    """The far side of a gateway, made to do what a test needs."""

    gateway: TextGateway
    provider: HttpProvider | None = None
    centre: Smsc | None = None

    def arrived(self) -> list[tuple[str, str]] | None:
        """Number and text of what came out at the other end; None where nothing does."""
        if self.provider is not None:
            return [(str(one["to"]), str(one["text"])) for one in self.provider.seen]
        if self.centre is not None:
            parts = self.centre.submitted
            return [("+" + parts[0].destination, joined(parts))] if parts else []
        return None

    def refuse(self, *, temporarily: bool) -> None:
        if self.provider is not None:
            self.provider.status = 503 if temporarily else 400
        if self.centre is not None:
            self.centre.answer = THROTTLED if temporarily else BAD_DESTINATION


@asynccontextmanager
async def _side(name: str) -> AsyncIterator[Side]:
    if name == "http":
        provider = HttpProvider()
        server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
        provider.port = server.sockets[0].getsockname()[1]
        settings = Messages(
            gateway="http",
            http_url=f"http://127.0.0.1:{provider.port}/send",
            http_token=SecretStr("token-1"),
        )
        async with server:
            yield Side(open_gateway(settings), provider=provider)
    elif name == "smpp":
        async with Smsc() as centre:
            settings = Messages(
                gateway="smpp",
                smpp_port=centre.port,
                smpp_system_id="lachan",
                smpp_password=SecretStr("secret"),
            )
            yield Side(open_gateway(settings), centre=centre)
    else:
        yield Side(open_gateway(Messages()))


@pytest.fixture(params=["outbox", "http", "smpp"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with _side(request.param) as one:
        yield one


@pytest.fixture(params=["http", "smpp"])
async def far_side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with _side(request.param) as one:
        yield one


@pytest.mark.parametrize("body", [CODE, PLAIN, LONG, "x", "😷" * 80, "{" * 155])
async def test_every_letter_arrives(side: Side, body: str) -> None:
    await side.gateway.send(Text(PHONE, body))
    assert side.arrived() in ([(PHONE, body)], None)


async def test_an_empty_text_is_refused_for_good(side: Side) -> None:
    with pytest.raises(GatewayError) as refused:
        await side.gateway.send(Text(PHONE, ""))
    assert refused.value.temporary is False


@pytest.mark.parametrize("temporarily", [True, False])
async def test_a_refusal_says_whether_to_try_again(far_side: Side, temporarily: bool) -> None:
    far_side.refuse(temporarily=temporarily)
    with pytest.raises(GatewayError) as refused:
        await far_side.gateway.send(Text(PHONE, CODE))
    assert refused.value.temporary is temporarily
    assert "123456" not in str(refused.value)
    assert PHONE[3:] not in str(refused.value)
    assert far_side.arrived() == []


async def test_nobody_there_is_temporary() -> None:
    for settings in (
        Messages(gateway="http", http_url="http://127.0.0.1:9/"),
        Messages(gateway="smpp", smpp_port=9, smpp_system_id="x"),
    ):
        with pytest.raises(GatewayError) as refused:
            await open_gateway(settings).send(Text(PHONE, CODE))
        assert refused.value.temporary is True


async def test_a_centre_that_hangs_up_is_temporary_and_a_wrong_password_is_not() -> None:
    async with Smsc(hang_up=True) as centre:
        settings = Messages(
            gateway="smpp",
            smpp_port=centre.port,
            smpp_system_id="lachan",
            smpp_password=SecretStr("secret"),
        )
        with pytest.raises(GatewayError) as refused:
            await open_gateway(settings).send(Text(PHONE, CODE))
        assert refused.value.temporary is True
        wrong = settings.model_copy(update={"smpp_password": SecretStr("wrong")})
        with pytest.raises(GatewayError) as refused:
            await open_gateway(wrong).send(Text(PHONE, CODE))
        assert refused.value.temporary is False


async def test_smpp_names_the_sender_and_says_goodbye() -> None:
    async with _side("smpp") as side:
        await side.gateway.send(Text(PHONE, CODE))
        assert side.centre is not None
        (one,) = side.centre.submitted
        assert (one.source, one.source_ton, one.destination_ton) == ("LACHAN", 5, 1)
        assert (one.data_coding, one.esm_class) == (8, 0)
        assert side.centre.commands[-1] == UNBIND


async def test_http_carries_the_token_and_follows_no_redirect() -> None:
    async with _side("http") as side:
        assert side.provider is not None
        assert await side.gateway.send(Text(PHONE, CODE)) == "abc"
        assert b"Bearer token-1" in side.provider.headers[0]
        side.provider.status = 307
        with pytest.raises(GatewayError):
            await side.gateway.send(Text(PHONE, CODE))


async def test_a_gateway_without_its_settings_says_which_is_missing() -> None:
    with pytest.raises(ValueError, match="LACHAN_MESSAGES_HTTP_URL"):
        open_gateway(Messages(gateway="http"))
    with pytest.raises(ValueError, match="LACHAN_MESSAGES_SMPP_SYSTEM_ID"):
        open_gateway(Messages(gateway="smpp"))


async def test_the_job_sends_once_tries_again_and_gives_up(
    owner: AsyncEngine, job_context: JobContext, keyring: Keyring
) -> None:
    async def state() -> tuple[str, int]:
        async with owner.begin() as connection:
            row = (await connection.execute(text("SELECT state, attempts FROM text_message"))).one()
            return row.state, row.attempts

    async def later() -> None:
        async with owner.begin() as connection:
            await connection.execute(
                text("UPDATE text_message SET created_at = created_at - interval '30 seconds'")
            )

    async with owner.begin() as connection:
        await send_text(connection, keyring, phone=PHONE, body=CODE, purpose="code")
        message = await connection.scalar(text("SELECT id FROM text_message"))
        payload = await connection.scalar(text("SELECT payload FROM pgqueuer"))
    assert json.loads(payload) == {"message": str(message)}
    async with _side("smpp") as side:
        side.refuse(temporarily=True)
        await tasks.deliver(job_context, side.gateway, message)
        assert await state() == ("queued", 1)
        assert side.centre is not None
        side.centre.answer = 0
        assert await tasks.deliver(job_context, side.gateway, message)
        assert await state() == ("sent", 2)
        assert not await tasks.deliver(job_context, side.gateway, message)
        assert len(side.centre.submitted) == 1
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE text_message SET state = 'queued', attempts = 3"))
    await later()
    await tasks.send_waiting(job_context, {})
    assert await state() == ("sent", 4)
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE text_message SET state = 'queued', attempts = 0,"
                " created_at = now() - interval '6 minutes'"
            )
        )
    await tasks.send_waiting(job_context, {})
    assert await state() == ("failed", 0), "a code that is over is not sent any more"


async def test_clean_up_keeps_what_is_young_and_deletes_what_is_over(
    owner: AsyncEngine, job_context: JobContext, keyring: Keyring
) -> None:
    async with owner.begin() as connection:
        for _ in range(2):
            await send_text(connection, keyring, phone=PHONE, body=CODE, purpose="code")
        await connection.execute(
            text(
                "UPDATE text_message SET created_at = now() - interval '25 hours'"
                " WHERE id = (SELECT min(id::text)::uuid FROM text_message)"
            )
        )
        # Used codes are kept for a day: that is what the limit of a day counts.
        for age in ("25 hours", "1 minute"):
            await connection.execute(
                text(
                    "INSERT INTO one_time_code (phone_index, code_hash, expires_at, created_at)"
                    f" VALUES ('x', 'x', now(), now() - interval '{age}')"
                )
            )
    await tasks.clean_up(job_context, {})
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM text_message")) == 1
        assert await connection.scalar(text("SELECT count(*) FROM one_time_code")) == 1
