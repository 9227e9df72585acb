"""A real server on a free port, and a real worker, for tests of what crosses the network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from lachan.jobs.queue import JobContext
from lachan.jobs.registry import all_jobs
from lachan.jobs.worker import work
from lachan.storage.roles import RoleUrls


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve an application that is already started; yields its address."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        lifespan="off",
        log_level="warning",
        http="httptools",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    # The test's own loop keeps its signal handlers.
    server.capture_signals = _no_signals  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class _no_signals:  # noqa: N801 - stands in for a context manager function
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@asynccontextmanager
async def working(urls: RoleUrls, context: JobContext) -> AsyncIterator[None]:
    """Run the real worker beside the test."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(urls, context, all_jobs(), stop=stop))
    # Its listening connection is up once it has asked for work the first time.
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        stop.set()
        await task
