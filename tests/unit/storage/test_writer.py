"""Group commit: each item gets its own answer, a bad one fails alone, a full queue says so."""

import asyncio
from collections.abc import Sequence

import pytest

from lachan.kit.errors import Overloaded
from lachan.storage.writer import GroupCommitWriter


class Disk:
    """A commit that takes its time; records the batches it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.free = asyncio.Event()
        self.free.set()

    async def flush(self, items: Sequence[int]) -> list[int]:
        await self.free.wait()
        if any(item < 0 for item in items):
            raise ValueError("a bad row")
        self.batches.append(list(items))
        return [item * 2 for item in items]


def writer(disk: Disk, *, queue: int = 100, batch: int = 10) -> GroupCommitWriter[int, int]:
    made: GroupCommitWriter[int, int] = GroupCommitWriter(
        disk.flush, queue_size=queue, batch_size=batch
    )
    made.start()
    return made


async def test_everybody_gets_their_own_answer_in_few_batches() -> None:
    disk = Disk()
    made = writer(disk)
    answers = await asyncio.gather(*(made.submit(number) for number in range(35)))
    assert answers == [number * 2 for number in range(35)]
    assert [len(batch) for batch in disk.batches] == [10, 10, 10, 5]
    await made.stop()


async def test_a_bad_row_fails_alone() -> None:
    disk = Disk()
    made = writer(disk)
    answers = await asyncio.gather(
        *(made.submit(number) for number in (1, -1, 2)), return_exceptions=True
    )
    assert answers[0] == 2
    assert isinstance(answers[1], ValueError)
    assert answers[2] == 4
    await made.stop()


async def test_a_full_queue_is_refused_at_once_and_the_rest_is_written() -> None:
    disk = Disk()
    disk.free.clear()
    made = writer(disk, queue=5, batch=5)
    waiting = [asyncio.create_task(made.submit(number)) for number in range(10)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as refused:
        await asyncio.gather(*(made.submit(99) for _ in range(6)))
    assert refused.value.retry_after == 1
    disk.free.set()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert done.count(0) == 1, "what was taken is written once"
    assert all(isinstance(one, int | Overloaded) for one in done)
    await made.stop()


async def test_stopping_writes_what_is_queued() -> None:
    disk = Disk()
    disk.free.clear()
    made = writer(disk)
    waiting = [asyncio.create_task(made.submit(number)) for number in range(4)]
    await asyncio.sleep(0)
    stopping = asyncio.create_task(made.stop())
    disk.free.set()
    assert await asyncio.gather(*waiting) == [0, 2, 4, 6]
    await stopping
    with pytest.raises(Overloaded):
        await made.submit(1)
