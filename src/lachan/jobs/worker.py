"""The worker process: runs queued jobs as they come and periodic ones at their time."""

import asyncio
import signal
import time
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import Schedule
from sqlalchemy import make_url

from lachan.jobs.queue import Job, JobContext
from lachan.kit import metrics
from lachan.storage.roles import RoleUrls

log = structlog.get_logger()

# Jobs under way at a time. Each may hold two of the worker's connections: one for its work, one to
# tell how far it is. With more jobs than half the connections, all would wait for each other.
AT_ONCE = 4
_BATCH = 2  # PgQueuer wants room for two batches


async def _timed(job: Job, context: JobContext, payload: bytes | None) -> None:
    begun = time.perf_counter()
    result = "failed"
    try:
        await job.run(context, orjson.loads(payload or b"{}"))
        result = "done"
    except Exception as error:
        log.exception("job_failed", job=job.name, error=type(error).__name__)
        raise
    finally:
        metrics.JOBS.labels(job.name, result).inc()
        metrics.JOB_SECONDS.labels(job.name).observe(time.perf_counter() - begun)


def _register(queue: PgQueuer, job: Job, context: JobContext) -> None:
    if job.schedule is not None:

        @queue.schedule(job.name, job.schedule)
        async def run_scheduled(_schedule: Schedule) -> None:
            await _timed(job, context, None)

    @queue.entrypoint(job.name)
    async def run_queued(queued: QueuedJob) -> None:
        await _timed(job, context, queued.payload)


async def work(
    urls: RoleUrls, context: JobContext, jobs: Sequence[Job], *, stop: asyncio.Event | None = None
) -> None:
    """Run jobs until SIGTERM, SIGINT or `stop`; jobs under way are finished first."""
    dsn = make_url(urls.worker).set(drivername="postgresql").render_as_string(hide_password=False)
    ended = stop or asyncio.Event()
    if stop is None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, ended.set)
    async with asyncpg.create_pool(dsn, min_size=2, max_size=6) as pool:
        queue = PgQueuer(AsyncpgPoolDriver(pool))
        for job in jobs:
            _register(queue, job, context)

        async def stop_with_us() -> None:
            await ended.wait()
            queue.shutdown.set()

        stopper = asyncio.create_task(stop_with_us())
        log.info("worker_ready", jobs=len(jobs))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=10),
                batch_size=_BATCH,
                max_concurrent_tasks=AT_ONCE,
            )
        finally:
            stopper.cancel()
