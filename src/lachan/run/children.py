"""The program's own processes: started, watched, started again when they fall, stopped in order."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from lachan.run.prepare import tell

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Having run this long, a process has proved itself and its next fall is a new story.
STEADY_SECONDS = 60.0


@dataclass
class Child:
    """One process of the program; `patience` is how many seconds it gets to finish its work."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    patience: float
    falls: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = 0.0
    _due: float = 0.0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it in a process group of its own: Ctrl-C is the supervisor's to pass on."""
        command = [sys.executable, "-m", "lachan", *self.arguments]
        setpriv = shutil.which("setpriv")
        if setpriv:
            # Where the supervisor is killed, the kernel asks the child to finish.
            command = [setpriv, "--pdeathsig", "TERM", "--", *command]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, env=self.environment, process_group=0
        )
        self._started = time.monotonic()

    def watch(self) -> None:
        """Start it again where it fell, after a pause that doubles from fall to fall."""
        moment = time.monotonic()
        if self._process is None:
            if moment >= self._due:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
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
        try:
            self._process.wait(self.patience)
        except subprocess.TimeoutExpired:
            tell(f"{self.name} did not finish in {self.patience:g} s and is killed")
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def pause_after(falls: int) -> float:
    """Seconds before the next start: 0.5, 1, 2, 4 ... at most 30."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (falls - 1)))


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
