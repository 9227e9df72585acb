"""The program's own processes: started, watched, started again when they fall, stopped in order.

They are forked from the supervisor, which has loaded the whole program once. Loading takes seconds
of processor time on a small server, and each process would pay it again, also after a fall.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess

from lachan.run.terminal import tell

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Having run this long, a process has proved itself and its next fall is a new story.
STEADY_SECONDS = 60.0
_PR_SET_PDEATHSIG = 1

_fork = multiprocessing.get_context("fork")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One process of the program; `patience` is how many seconds it gets to finish its work.

    `work` runs in the process with `environment` as its environment; it ends at SIGTERM.
    """

    name: str
    work: Callable[[], None]
    environment: dict[str, str]
    patience: float
    falls: int = 0
    _process: ForkProcess | None = field(default=None, repr=False)
    _started: float = 0.0
    _due: float = 0.0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it in a process group of its own: Ctrl-C is the supervisor's to pass on."""
        gc.freeze()  # pages that no collection touches stay shared between the processes
        self._process = _fork.Process(target=self._begin, args=(os.getpid(),), name=self.name)
        self._process.start()
        self._started = time.monotonic()

    def _begin(self, supervisor: int) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)
        if hasattr(_libc, "prctl"):
            # Where the supervisor is killed, the kernel asks the child to finish.
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != supervisor:
            return  # it was killed before the line above
        os.environ.clear()
        os.environ.update(self.environment)
        self.work()

    def watch(self) -> None:
        """Start it again where it fell, after a pause that doubles from fall to fall."""
        moment = time.monotonic()
        if self._process is None:
            if moment >= self._due:
                self.start()
            return
        code = self._process.exitcode
        if code is None:
            return
        self._process.close()
        self._process = None
        self.falls = 1 if moment - self._started > STEADY_SECONDS else self.falls + 1
        pause = pause_after(self.falls)
        self._due = moment + pause
        tell(f"{self.name} ended with {_ending(code)}; started again in {pause:g} s")

    def stop(self) -> None:
        """Ask it to finish, wait, and kill it only where it does not."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(self.patience)
        if self._process.exitcode is None:
            tell(f"{self.name} did not finish in {self.patience:g} s and is killed")
            self._process.kill()
            self._process.join()
        self._process = None

    def kill(self) -> None:
        """End it at once, also while `stop` waits for it."""
        process = self._process
        if process is not None and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)


def pause_after(falls: int) -> float:
    """Seconds before the next start: 0.5, 1, 2, 4 ... at most 30."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (falls - 1)))


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
