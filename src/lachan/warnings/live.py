"""The live channel of a resident: warnings reach an open page or app as they are sent."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager

from lachan.identity.sessions import Sessions
from lachan.kit.http.access import Viewer
from lachan.kit.http.sse import Message
from lachan.storage.engine import Storage
from lachan.storage.events import Hub
from lachan.warnings import store
from lachan.warnings.errors import TooManyStreams


class Streams:
    """How many live connections each person holds open in this process, and at most may."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[int] = Counter()

    def check_room(self, person: int) -> None:
        """Raises `TooManyStreams`."""
        if self._open[person] >= self._most:
            raise TooManyStreams(retry_after=30)

    @contextmanager
    def held(self, person: int) -> Iterator[None]:
        """Count one connection for as long as it is open."""
        self._open[person] += 1
        try:
            yield
        finally:
            self._open[person] -= 1
            if self._open[person] <= 0:
                del self._open[person]

    def open_for(self, person: int) -> int:
        return self._open[person]


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
    with streams.held(viewer.person):
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
                    unread = await store.count_unseen(connection, viewer.person)
                for event in events:
                    reached = event.id
                    yield Message(event.kind, event.payload, event.id)
                if events or not greeted:
                    greeted = True
                    yield Message("unread", {"count": unread}, reached)
