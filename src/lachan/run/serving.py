"""The two processes of a deployment: web and worker."""

import asyncio
import gc
from typing import Final

from lachan.kit.crypto import KeyFileError, Keyring, load_keyring
from lachan.settings import Settings
from lachan.storage.roles import RoleUrls, role_urls

_YOUNG_OBJECTS: Final = 20_000


class NotReadyError(RuntimeError):
    """A serving process lacks its database or its keys; the message says which."""


def _ready() -> tuple[Settings, RoleUrls, Keyring]:
    """Settings, database URLs and keys of a serving process. Raises `NotReadyError`."""
    settings = Settings()
    owner = settings.database.url
    try:
        keyring = load_keyring(settings.keys_path)
        urls = role_urls(settings.database, owner.get_secret_value() if owner else None, keyring)
    except (KeyFileError, ValueError) as error:
        raise NotReadyError(str(error)) from None
    return settings, urls, keyring


def collect_less() -> None:
    """Leave out of garbage collection what stays anyway, and look at young objects less often.

    Nearly all that a request makes goes by its count of references; `make bench BENCH=outbreak`
    and `BENCH=intake` measure what this saves.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


def serve(port: int | None = None) -> None:
    """Serve pages and the API until told to stop. Raises `NotReadyError`."""
    import uvicorn  # noqa: PLC0415 - other commands start faster without it

    from lachan.app import create_app  # noqa: PLC0415
    from lachan.observe import set_up_logs  # noqa: PLC0415

    settings, urls, keyring = _ready()
    set_up_logs(settings.log)
    app = create_app(settings, urls, keyring)
    collect_less()
    uvicorn.run(
        app,
        host=settings.web.host,
        port=port or settings.web.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=settings.web.trusted_proxies,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=5,
    )


def work() -> None:
    """Run jobs until told to stop; those under way are finished. Raises `NotReadyError`."""
    from lachan.jobs import worker  # noqa: PLC0415 - other commands start faster without it
    from lachan.jobs.queue import JobContext  # noqa: PLC0415
    from lachan.jobs.registry import all_jobs  # noqa: PLC0415
    from lachan.observe import set_up_logs  # noqa: PLC0415
    from lachan.storage.engine import open_worker_engine  # noqa: PLC0415

    settings, urls, keyring = _ready()
    set_up_logs(settings.log)

    async def until_stopped() -> None:
        engine = open_worker_engine(urls, size=2 * worker.AT_ONCE)
        try:
            await worker.work(urls, JobContext(engine, keyring, settings), all_jobs())
        finally:
            await engine.dispose()

    asyncio.run(until_stopped())
