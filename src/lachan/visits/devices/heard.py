"""Which devices are alive: noted once a minute each, thousands in a statement, behind the answers.

The page of devices says when each was last heard of. Fifty thousand doors are heard of eight
hundred times a second; a transaction for each would cost the database more than their scans do.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.visits.devices import store

EVERY_SECONDS: Final = 60.0
_GATHER_SECONDS: Final = 1.0
_REMEMBERED: Final = 200_000
_AT_ONCE: Final = 5_000

log = structlog.get_logger()


class Heard:
    """Collects devices that were heard of and writes them down together.

    What is lost when the program is killed is that some doors were alive in its last second.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        # One statement a time, and nothing waits for it: a transaction would be two more journeys.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._last: OrderedDict[int, float] = OrderedDict()
        self._waiting: dict[int, str] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def note(self, device_id: int, token: str) -> None:
        """Note that the device with this key was heard of; at most once a minute."""
        moment = time.monotonic()
        last = self._last.get(device_id)
        if last is not None and moment - last < EVERY_SECONDS:
            return
        self._last[device_id] = moment
        self._last.move_to_end(device_id)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        self._waiting[device_id] = token
        self._wake.set()

    def start(self) -> None:
        """Begin to write; needs a running event loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what waits, then end."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._write()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            await self._write()

    async def _write(self) -> None:
        while self._waiting:
            some = [self._waiting.popitem() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                async with self._engine.connect() as connection:
                    await store.note_all_seen(connection, [token for _, token in some])
            except asyncio.CancelledError:
                # The end: `stop` writes them, which may have been on their way.
                self._waiting.update(some)
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, scans go on without it
                log.warning("devices_not_noted", count=len(some), error=type(error).__name__)
                for device_id, _ in some:
                    self._last.pop(device_id, None)
                return
