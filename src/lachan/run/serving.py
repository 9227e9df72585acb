"""The two processes of a deployment: web and worker."""

import asyncio

from lachan.kit.crypto import KeyFileError, Keyring, load_keyring
from lachan.settings import Settings
from lachan.storage.roles import RoleUrls, role_urls


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


def serve(port: int | None = None) -> None:
    """Serve pages and the API until told to stop. Raises `NotReadyError`."""
    import uvicorn  # noqa: PLC0415 - other commands start faster without it

    from lachan.app import create_app  # noqa: PLC0415
    from lachan.observe import set_up_logs  # noqa: PLC0415

    settings, urls, keyring = _ready()
    set_up_logs(settings.log)
    uvicorn.run(
        create_app(settings, urls, keyring),
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
