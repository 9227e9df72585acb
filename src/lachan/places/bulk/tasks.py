"""The worker's side of registering many places: the rows, then one PDF with all posters."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import structlog

from lachan.jobs.queue import Job, JobContext
from lachan.kit.clock import now
from lachan.kit.i18n import Catalogs
from lachan.kit.ids import new_code
from lachan.places.bulk import work_store as store
from lachan.places.bulk.service import JOB
from lachan.places.operators.service import invite_listed
from lachan.places.poster import Poster, PosterPress

log = structlog.get_logger()

_AT_ONCE: Final = 500
_PIECE: Final = 1 << 20
_KEPT: Final = timedelta(days=30)


async def register(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Register the lines of a list and print their posters; begun again, it goes on."""
    import_id = int(payload["import"])
    async with context.engine.begin() as connection:
        begun = await store.begin(connection, import_id)
        done = await store.made_lines(connection, import_id)
    if begun is None:
        return
    try:
        left = [row for row in begun.rows if row.line not in done]
        for start in range(0, len(left), _AT_ONCE):
            rows = left[start : start + _AT_ONCE]
            codes = [[new_code() for _ in range(1 + len(row.rooms))] for row in rows]
            async with context.engine.begin() as connection:
                await store.make_places(connection, begun, rows, codes)
        await _invite(context, begun)
        await _print(context, begun)
    except Exception as error:
        log.exception("import_failed", number=import_id, error=type(error).__name__)
        async with context.engine.begin() as connection:
            await store.finish(connection, import_id, "failed")
        raise


async def _invite(context: JobContext, begun: store.Begun) -> None:
    """Ask those whom an officer's list names to run their places: all of them, once."""
    if begun.officer_id is None:
        return
    async with context.engine.begin() as connection:
        phones = await store.take_phones(connection, context.keyring, begun.id)
        if phones:
            await invite_listed(
                connection,
                context.keyring,
                Catalogs(),
                import_id=begun.id,
                officer_id=begun.officer_id,
                phones=phones,
                url=f"{context.settings.web.base_url.rstrip('/')}/place",
            )


async def _print(context: JobContext, begun: store.Begun) -> None:
    async with context.engine.begin() as connection:
        await store.drop_pdf(connection, begun.id)
        wanted = await store.posters(connection, begun.id)
    press = PosterPress(Catalogs(), context.settings.web.base_url)
    posters = [Poster(*one) for one in wanted]
    loop = asyncio.get_running_loop()

    async def tell(printed: int) -> None:
        async with context.engine.begin() as connection:
            await store.set_printed(connection, begun.id, printed)

    def progress(printed: int) -> None:
        asyncio.run_coroutine_threadsafe(tell(printed), loop).result()

    pdf = await asyncio.to_thread(press.draw_many, posters, begun.size, progress)
    async with context.engine.begin() as connection:
        for part, piece in enumerate(_pieces(pdf)):
            await store.keep_pdf(connection, begun.id, part, piece)
        await store.finish(connection, begun.id, "done")


def _pieces(pdf: bytes) -> Iterator[bytes]:
    for start in range(0, len(pdf), _PIECE):
        yield pdf[start : start + _PIECE]


async def forget(context: JobContext, _payload: Mapping[str, Any]) -> None:
    """Drop lists and PDFs of a month ago; the places stay, and each can print its own poster."""
    async with context.engine.begin() as connection:
        await store.forget(connection, now() - _KEPT)


JOBS = (Job(JOB, register), Job("places.forget_imports", forget, schedule="41 3 * * *"))
