"""Group commit: rows that queued while the last commit was in flight are written in the next one.

A request hands in an item and waits for its own answer. A flusher takes whatever is queued, writes
it in one transaction and answers each; while it waits for the disk, the next batch gathers. There
is no timer: an idle system commits a lone row at once, a busy one commits hundreds together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from lachan.kit.errors import Overloaded

Item = TypeVar("Item")
Result = TypeVar("Result")

log = structlog.get_logger()

Flush = Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]


class GroupCommitWriter(Generic[Item, Result]):
    """Collects items of many requests into few transactions.

    `flush` writes a batch in one transaction of its own and returns one result an item, in order;
    once it returns, the rows are durable. When a batch fails, each of its items is tried alone, so
    a bad row never fails its neighbours. `flushers` batches may be in flight at a time.
    """

    def __init__(
        self, flush: Flush[Item, Result], *, queue_size: int, batch_size: int, flushers: int = 1
    ) -> None:
        self._flush = flush
        self._queue_size = queue_size
        self._batch_size = batch_size
        self._flushers = flushers
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self.batches = 0
        self.written = 0

    @property
    def depth(self) -> int:
        """Items waiting for a commit."""
        return len(self._waiting)

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run()) for _ in range(self._flushers)]

    async def stop(self) -> None:
        """Write what is queued, then end. Items handed in afterwards are refused."""
        self._closing = True
        self._wake.set()
        await asyncio.gather(*self._tasks)

    async def submit(self, item: Item) -> Result:
        """Queue `item` and wait until it is durable.

        Raises `Overloaded` when the queue is full, or what `flush` raised for this item alone.
        """
        if self._closing or len(self._waiting) >= self._queue_size:
            raise Overloaded(retry_after=1)
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._wake.set()
        return await answer

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = self._waiting[: self._batch_size]
            del self._waiting[: self._batch_size]
            await self._write(batch)

    async def _write(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._flush([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, each item is owed its own answer
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            log.warning("batch_failed", size=len(batch), error=type(error).__name__)
            for entry in batch:
                await self._write([entry])
            return
        self.batches += 1
        self.written += len(batch)
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)


def _fail(answer: "asyncio.Future[Result]", error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
