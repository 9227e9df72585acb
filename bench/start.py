"""How long a person waits after typing `make run` a second time.

A data folder of its own is filled once; then the program is started again and again, as the person
does it, and the clock stops at the first page that could be shown (`/readyz`). Each time it is
stopped by Ctrl-C.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from bench.report import Findings

GOAL_SECONDS: Final = 5.0
STARTS: Final = 7
_ROOT: Final = Path(__file__).parent.parent
_PATIENCE: Final = 300.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1.0) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _start_once(folder: Path) -> float:
    """Seconds from typing to the first answer; the program is stopped again."""
    port = _free_port()
    begun = time.perf_counter()
    program = subprocess.Popen(
        ["make", "--no-print-directory", "run", f"PORT={port}"],
        cwd=_ROOT,
        env=os.environ | {"LACHAN_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _is_ready(port):
            if program.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                raise RuntimeError("the program did not start; `make run` says why")
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(program.pid, signal.SIGINT)
        program.wait(timeout=60)


def _measure(starts: int) -> Findings:
    with tempfile.TemporaryDirectory(prefix="lachan-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's account passes through it
        first = _start_once(folder)
        again = []
        for turn in range(starts):
            again.append(_start_once(folder))
            print(f"  start {turn + 1} of {starts}: {again[-1]:.1f} s", flush=True)
    median = statistics.median(again)
    return Findings(
        figures={
            "first start, with the demo written, s": round(first, 1),
            "starts after it": starts,
            "median, s": round(median, 2),
            "quickest, s": round(min(again), 2),
            "slowest, s": round(max(again), 2),
        },
        ratios={},
        goals={
            "again": {
                "what": "a second `make run`, from typing to the first page, s (median)",
                "goal": GOAL_SECONDS,
                "found": round(median, 2),
                "met": median < GOAL_SECONDS,
            }
        },
        met=median < GOAL_SECONDS,
    )


async def run(small: bool) -> Findings:
    """Start it again and again; small: three times."""
    return await asyncio.to_thread(_measure, 3 if small else STARTS)
