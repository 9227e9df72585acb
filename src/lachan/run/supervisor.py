"""`lachan run`: the whole program on one machine, in the foreground, until Ctrl-C."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType

from lachan.kit.crypto import KeyFileError, Keyring
from lachan.run.children import Child
from lachan.run.terminal import step, tell
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError

READY_SECONDS = 120.0
_HTTP_OK = 200


class CannotRunError(RuntimeError):
    """The program cannot start; the message says why and what to do."""


def cluster_folder(settings: Settings) -> Path:
    """Folder of the embedded server within the data folder."""
    return settings.data_dir / "pg"


def run(port: int | None = None) -> int:
    """Start everything, serve until asked to stop, stop everything; the exit code.

    What stands in the way is told in a sentence on the terminal, and the exit code is then 1.
    """
    settings = Settings()
    stop = threading.Event()
    hurry = threading.Event()

    def asked_to_stop(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    earlier = {
        number: signal.signal(number, asked_to_stop) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        _run(settings, port or settings.web.port, stop, hurry)
    except (CannotRunError, EmbeddedPostgresError, KeyFileError) as error:
        print(f"lachan: {error}", flush=True)
        return 1
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    return 0


def _run(settings: Settings, port: int, stop: threading.Event, hurry: threading.Event) -> None:
    check_port_is_free(settings.web.host, port)
    begun = time.perf_counter()
    with ExitStack() as undo:
        loading = undo.enter_context(ThreadPoolExecutor(1)).submit(_load)
        server = None
        if settings.database.url is None:
            server = EmbeddedPostgres(cluster_folder(settings))
            with step("PostgreSQL started"):
                server.start()
            undo.callback(_stop_server, server)
            owner_url = server.url()
        else:
            owner_url = settings.database.url.get_secret_value()
        if stop.is_set():
            return
        with step("Program loaded"):
            loading.result()
        keyring, lines = _prepared(settings, owner_url, embedded=server is not None)
        environment = child_environment(settings, owner_url, keyring, port)
        children = [
            Child("web", partial(_serve, server, port), environment, patience=10.0),
            Child("worker", partial(_work, server), environment, patience=30.0),
        ]
        # Stopped in the order they stand here: no new requests, then the jobs under way.
        undo.callback(_stop_children, children, hurry)
        if stop.is_set():
            return
        with step("Web and worker started"):
            for child in children:
                child.start()
            _wait_until_ready(settings.web.host, port, children, stop)
        if stop.is_set():
            return
        _greet(environment["LACHAN_WEB_BASE_URL"], lines, time.perf_counter() - begun)
        _watch(children, server, stop)


def _load() -> None:
    """Load what is needed next and what web and worker share, while PostgreSQL starts.

    Nothing that is loaded is ever let go, so looking for garbage meanwhile finds none: without it,
    loading takes a fifth less time.
    """
    gc.disable()
    try:
        for module in ("uvicorn", "uvloop", "httptools", "lachan.app", "lachan.run.prepare"):
            importlib.import_module(module)
        gc.freeze()
    finally:
        gc.enable()


def _prepared(settings: Settings, owner_url: str, *, embedded: bool) -> tuple[Keyring, list[str]]:
    """`prepare`, with what an outside server refuses told as a sentence."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - loaded while PostgreSQL starts

    from lachan.run.prepare import prepare  # noqa: PLC0415

    try:
        return prepare(settings, owner_url)
    except (OSError, DBAPIError) as error:
        if embedded:
            raise
        # The driver's first line says what the server said; the address may hold a password.
        said = str(getattr(error, "orig", error)).splitlines()[0]
        raise CannotRunError(
            f"the database of LACHAN_DATABASE_URL cannot be used: {said}"
        ) from error


def _serve(server: EmbeddedPostgres | None, port: int) -> None:
    if server is not None:
        server.disown()
    from lachan.run import serving  # noqa: PLC0415 - loaded while PostgreSQL starts

    serving.serve(port)


def _work(server: EmbeddedPostgres | None) -> None:
    if server is not None:
        server.disown()
    from lachan.run import serving  # noqa: PLC0415 - loaded while PostgreSQL starts

    serving.work()


def check_port_is_free(host: str, port: int) -> None:
    """Raise CannotRunError where somebody else listens, before anything else is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRunError(
                f"port {port} on {host} cannot be used ({error.strerror})."
                f" Choose another: make run PORT={port + 1}"
            ) from None


def child_environment(
    settings: Settings, owner_url: str, keyring: Keyring, port: int
) -> dict[str, str]:
    """Environment of web and worker: the roles' addresses, and not the owner's."""
    from lachan.storage.roles import role_urls  # noqa: PLC0415 - loaded while PostgreSQL starts

    urls = role_urls(settings.database, owner_url, keyring)
    environment = dict(os.environ)
    environment.pop("LACHAN_DATABASE_URL", None)
    environment |= {
        "LACHAN_DATABASE_APP_URL": urls.app,
        "LACHAN_DATABASE_INTAKE_URL": urls.intake,
        "LACHAN_DATABASE_WORKER_URL": urls.worker,
        "LACHAN_WEB_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    # Forms are accepted from this address only, so it has to follow the port.
    environment.setdefault("LACHAN_WEB_BASE_URL", f"http://localhost:{port}")
    return environment


def _wait_until_ready(host: str, port: int, children: list[Child], stop: threading.Event) -> None:
    # An address that means "all of them" is reached at the loopback one.
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        if _answers(f"http://{reached}:{port}/readyz"):
            return
        for child in children:
            child.watch()
        if time.monotonic() > deadline:
            raise CannotRunError(
                f"the web server was not ready after {READY_SECONDS:.0f} s; what it said is above."
                " `lachan doctor` looks for the cause."
            )
        stop.wait(0.05)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2.0) as response:  # noqa: S310 - our own address
            return bool(response.status == _HTTP_OK)
    except (urllib.error.URLError, OSError):
        return False


def _watch(children: list[Child], server: EmbeddedPostgres | None, stop: threading.Event) -> None:
    while not stop.wait(0.2):
        if server is not None and not server.is_running():
            tell("PostgreSQL ended; it is started again")
            server.start()
        for child in children:
            child.watch()


def _stop_children(children: list[Child], hurry: threading.Event) -> None:
    print("\nStopping (Ctrl-C again to hurry) ...", flush=True)

    def kill_when_hurried() -> None:
        hurry.wait()
        for child in children:
            child.kill()

    threading.Thread(target=kill_when_hurried, daemon=True).start()
    for child in children:
        child.stop()


def _stop_server(server: EmbeddedPostgres) -> None:
    with step("PostgreSQL stopped"):
        server.stop()


def _greet(address: str, lines: list[str], seconds: float) -> None:
    print(f"\nLá Chắn is up at {address} ({seconds:.1f} s). Ctrl-C stops it.", flush=True)
    for line in lines:
        tell(line)
