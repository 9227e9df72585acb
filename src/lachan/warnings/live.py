"""The live channel of a resident: warnings reach an open page or app as they are sent."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from lachan.identity.sessions import Sessions
from lachan.kit.http.access import Viewer
from lachan.kit.http.sse import Message, Streams
from lachan.storage.engine import Storage
from lachan.storage.events import Hub
from lachan.warnings import store


async def messages(
    viewer: Viewer,
    last_id: int | None,
    *,
    storage: Storage,
    hub: Hub,
    sessions: Sessions,
    streams: Streams,
    heartbeat_seconds: float,
) -> AsyncIterator[Message]:
    """What a resident's open page is told: what it missed since `last_id`, then what comes.

    `unread`, the number of warnings in force that were not opened, comes at the beginning, so that
    a page which names no last event misses nothing either, and after every event. A database
    connection is taken only to read, never to wait. Ends when the session does, which is asked
    before anything is sent and at each heartbeat.
    """
    topic = f"person:{viewer.person}"
    reached = last_id
    greeted = False
    with streams.held(viewer.key):
        async with aclosing(hub.wait(topic, heartbeat_seconds)) as wakes:
            async for woken in wakes:
                if await sessions.find(viewer.token) is None:
                    return
                if not woken:
                    yield Message()
                    continue
                async with storage.transaction(viewer.token) as connection:
                    if reached is None:
                        reached = await hub.latest(connection, topic)
                    events = await hub.since(connection, topic, reached)
                    unread = await store.count_unseen(connection)
                for event in events:
                    reached = event.id
                    yield Message(event.kind, event.payload, event.id)
                if events or not greeted:
                    greeted = True
                    yield Message("unread", {"count": unread}, reached)
