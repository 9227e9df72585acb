"""The way of a scan: from a request, through the queue, to a durable visit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import make_url

from lachan.kit import metrics
from lachan.kit.errors import Overloaded
from lachan.settings import Settings
from lachan.storage.writer import GroupCommitWriter
from lachan.visits.batch import Answer, Batch, Scan
from lachan.visits.codes import Codes
from lachan.visits.errors import ScanInFuture, ScanTooOld

_ONLINE = timedelta(minutes=2)


def check_scan_time(
    device_at: datetime | None, received_at: datetime, settings: Settings
) -> tuple[datetime, bool]:
    """The moment a scan counts for, and whether it waited on a device.

    A device's clock is believed within bounds: not ahead of ours by more than the settings allow
    (a little ahead counts as now), not older than the offline window. Raises `ScanInFuture`,
    `ScanTooOld`.
    """
    if device_at is None:
        return received_at, False
    ahead = device_at - received_at
    if ahead > timedelta(seconds=settings.intake.future_seconds):
        raise ScanInFuture(fields={"at": "visits-field-future"})
    if -ahead > timedelta(days=settings.intake.offline_days):
        raise ScanTooOld(
            fields={"at": "visits-field-old"}, params={"days": settings.intake.offline_days}
        )
    return min(device_at, received_at), -ahead > _ONLINE


class Intake:
    """Holds the intake role's connections, the known codes, and the group-commit writer."""

    def __init__(self, url: str, settings: Settings) -> None:
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._settings = settings
        self._pool: asyncpg.Pool | None = None
        self._codes: Codes | None = None
        self._writer: GroupCommitWriter[Scan, Answer] = GroupCommitWriter(
            self._flush,
            queue_size=settings.intake.queue_size,
            batch_size=settings.intake.batch_size,
            flushers=settings.intake.connections,
        )

    @property
    def depth(self) -> int:
        """Scans waiting for a commit."""
        return self._writer.depth

    @property
    def has_room(self) -> bool:
        return self._pool is not None and self.depth < self._settings.intake.queue_size

    @property
    def codes(self) -> Codes:
        assert self._codes is not None, "the intake is not started"
        return self._codes

    async def start(self) -> None:
        """Connect and begin to write. Two spare connections look up codes and doors."""
        connections = self._settings.intake.connections
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=connections + 2,
            command_timeout=30,
            server_settings={
                "application_name": "lachan intake",
                "timezone": "UTC",
                "jit": "off",
                # Every statement here finds its rows by key. Statistics that lag behind a fresh
                # day partition must not talk the planner into reading it whole.
                "enable_seqscan": "off",
                "enable_hashjoin": "off",
                "enable_mergejoin": "off",
            },
        )
        self._codes = Codes(self._pool, self._settings.zone)
        self._codes.start()
        self._writer.start()

    async def stop(self) -> None:
        """Write what is queued, then disconnect."""
        await self._writer.stop()
        if self._codes is not None:
            await self._codes.stop()
        if self._pool is not None:
            await self._pool.close()

    async def take(self, scan: Scan) -> Answer:
        """Queue a scan and wait until it is durable. Raises `Overloaded`."""
        try:
            answer = await self._writer.submit(scan)
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            # The database is restarting or out of reach: nothing is lost, the client asks again.
            raise Overloaded(retry_after=2) from None
        metrics.SCANS.labels(answer.outcome.value).inc()
        return answer

    async def _flush(self, scans: Sequence[Scan]) -> Sequence[Answer]:
        assert self._pool is not None
        async with self._pool.acquire() as connection, connection.transaction():
            answers = await Batch(connection, self._settings.zone).write(scans)
        metrics.INTAKE_BATCH.observe(len(scans))
        return answers
