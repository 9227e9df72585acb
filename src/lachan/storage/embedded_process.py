"""Finding and ending the processes of a PostgreSQL server, also one somebody else left behind."""

from __future__ import annotations

import contextlib
import signal
import time
from pathlib import Path

import psutil

FAST = signal.SIGINT  # PostgreSQL: end the sessions, write a checkpoint, stop
IMMEDIATE = signal.SIGQUIT  # PostgreSQL: stop at once, recover at the next start


def is_alive(process: psutil.Process) -> bool:
    """Whether the process still does anything.

    A killed process whose parent never waits for it stays as a zombie, for ever in a container
    whose first process reaps nothing. It holds no file, memory or socket: for us it is dead.
    """
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def servers_on(cluster: Path) -> list[psutil.Process]:
    """Live postgres processes that work in this cluster folder, the postmaster first.

    A server's working directory is its cluster, which no stale pid file can feign.
    """
    wanted = str(cluster)
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] != "postgres":
            continue
        with contextlib.suppress(psutil.Error):
            if is_alive(process) and process.cwd() == wanted:
                found.append(process)
    pids = {process.pid for process in found}

    def is_child(process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            return process.ppid() in pids
        return True

    return sorted(found, key=is_child)


def wait_until_gone(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those still alive after at most `seconds`."""
    deadline = time.monotonic() + seconds
    alive = [process for process in processes if is_alive(process)]
    while alive and time.monotonic() < deadline:
        # Waiting for the first one sleeps until it ends, and reaps it where it is our child.
        with contextlib.suppress(psutil.Error):
            alive[0].wait(timeout=0.02)
        alive = [process for process in alive if is_alive(process)]
    return alive


def send(processes: list[psutil.Process], number: signal.Signals) -> None:
    """Signal each process; one that has just gone is no error."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def end_servers_on(cluster: Path, *, patience: float = 30.0) -> bool:
    """Stop whatever server works in `cluster`: politely, then firmly; True where one was there."""
    found = servers_on(cluster)
    if not found:
        return False
    send(found[:1], FAST)
    left = wait_until_gone(found, patience)
    for number in (IMMEDIATE, signal.SIGKILL):
        if not left:
            break
        send(left, number)
        left = wait_until_gone(left, 5.0)
    return True
