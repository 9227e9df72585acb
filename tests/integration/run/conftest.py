"""Programs that are started for real, each on a data folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from lachan.storage.embedded_process import wait_until_gone


@contextmanager
def new_data_dir() -> Iterator[Path]:
    # pytest's own folders are closed to the account that PostgreSQL runs under.
    base = Path(tempfile.mkdtemp(prefix="lachan-run-"))
    base.chmod(0o755)
    try:
        yield base / "var"
    finally:
        shutil.rmtree(base)


def environment_for(data_dir: Path, **extra: str) -> dict[str, str]:
    """The environment of such a program; production, so that no demo province is loaded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LACHAN_")}
    return kept | {"LACHAN_DATA_DIR": str(data_dir), "LACHAN_MODE": "production"} | extra


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`lachan run` on a port of its own, with everything it has said so far."""

    def __init__(self, data_dir: Path, **extra: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        descriptor, log = tempfile.mkstemp(dir=data_dir.parent, suffix=".txt")
        self.log = Path(log)
        with os.fdopen(descriptor, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lachan", "run", "--port", str(self.port)],
                env=environment_for(data_dir, **extra),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str, seconds: float = 180.0) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.port}/readyz"
            with urllib.request.urlopen(address, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_until_ready(self, seconds: float = 120.0) -> None:
        deadline = time.monotonic() + seconds
        while not self.ready():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def web(self) -> psutil.Process:
        """The child that listens on the port."""
        for child in psutil.Process(self.process.pid).children():
            listening = [one for one in child.net_connections() if one.status == "LISTEN"]
            if any(one.laddr.port == self.port for one in listening):
                return child
        raise AssertionError("nobody listens on the port")

    def postmaster(self) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if child.name() == "postgres")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(120)

    def kill(self) -> list[psutil.Process]:
        """Kill the supervisor alone; those of its family that live on nevertheless."""
        family = self.family() if self.process.poll() is None else []
        self.process.kill()
        self.process.wait()
        return wait_until_gone(family, 20.0)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with new_data_dir() as folder:
        yield folder


@pytest.fixture(scope="module")
def running() -> Iterator[Program]:
    """One program that is up, shared by the tests of a module that leave it up."""
    with new_data_dir() as folder:
        program = Program(folder)
        try:
            program.wait_for("Lá Chắn is up at")
            yield program
        finally:
            program.kill()
