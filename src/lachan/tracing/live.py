"""The live channel of a case: an open page hears how far a trace is, and what changed."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from lachan.cases.service import topic_of
from lachan.cases.store import find
from lachan.identity.sessions import Sessions
from lachan.kit.http.access import Viewer
from lachan.kit.http.sse import HEARTBEAT_SECONDS, Message, Streams
from lachan.storage.engine import Storage
from lachan.storage.events import Hub


async def messages(
    viewer: Viewer,
    case_id: int,
    last_id: int | None,
    *,
    storage: Storage,
    hub: Hub,
    sessions: Sessions,
    streams: Streams,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[Message]:
    """What happened to a case since `last_id`, then what happens.

    A database connection is taken only to read, never to wait. Ends when the session does, or when
    the officer may no longer see the case.
    """
    reached = last_id
    with streams.held(viewer.key):
        async with aclosing(hub.wait(topic_of(case_id), heartbeat_seconds)) as wakes:
            async for woken in wakes:
                if await sessions.find(viewer.token) is None:
                    return
                if not woken:
                    yield Message()
                    continue
                async with storage.transaction(viewer.token) as connection:
                    if await find(connection, case_id) is None:
                        return
                    if reached is None:
                        reached = await hub.latest(connection, topic_of(case_id))
                    events = await hub.since(connection, topic_of(case_id), reached)
                for event in events:
                    reached = event.id
                    yield Message(event.kind, event.payload, event.id)
