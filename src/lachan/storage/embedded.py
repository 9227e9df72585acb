"""The PostgreSQL that the program starts for itself, so that a health station needs no other.

It listens on a Unix socket only. The folder holds:

    lock       held by the program that uses the folder; its text is that program's process id
    cluster/   PostgreSQL's data, 0700
    socket/    the Unix socket, 0700

Where PostgreSQL runs under another account and that account cannot enter the folder (a checkout in
root's home), cluster and socket lie under /var/lib/lachan and `moved-to` names the place.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from lachan.storage import embedded_process as processes
from lachan.storage.embedded_account import (
    Account,
    choose_account,
    choose_home,
    give,
    reachable_binaries,
)
from lachan.storage.embedded_binaries import Binaries, EmbeddedPostgresError, find_binaries
from lachan.storage.embedded_cluster import (
    SUPERUSER,
    clean_environment,
    configure_cluster,
    last_words,
    make_cluster,
)

__all__ = [
    "Binaries",
    "DataFolderInUseError",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "find_binaries",
    "holder_of",
    "running_or_started",
    "temporary_server",
]

DATABASE = "lachan"
# sockaddr_un holds 108 bytes with the closing zero; PostgreSQL adds "/.s.PGSQL.5432".
_LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432")
_READY_LINE = 7


class DataFolderInUseError(EmbeddedPostgresError):
    """Another program holds the data folder; `pid` is its process id where it is known."""

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        self.pid = pid
        who = f"another program (process {pid})" if pid else "another program"
        super().__init__(
            f"The data folder {data_dir} is in use by {who}. Stop that one first, or give this"
            " one a folder of its own with LACHAN_DATA_DIR."
        )


def holder_of(data_dir: Path) -> int | None:
    """Process id of the program that holds the data folder; None where nobody does."""
    try:
        handle = os.open(data_dir / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(handle, 32).decode(errors="replace").strip()
        return int(text) if text.isdigit() else 0
    else:
        return None
    finally:
        os.close(handle)


class EmbeddedPostgres:
    """A PostgreSQL server in a folder, started and stopped with the program that owns it.

    The server is our own child in a session of its own, so that Ctrl-C reaches only the program,
    which stops the server last. Every start first ends what an earlier program may have left
    behind, so neither a killed program nor a killed server needs a hand.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        bin_dir: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._bin_dir = bin_dir
        self._extra = dict(settings or {})
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """The folder of cluster and socket, which is the data folder unless it was moved."""
        note = self.data_dir / "moved-to"
        return Path(note.read_text().strip()) if note.exists() else self.data_dir

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "cluster"

    @property
    def socket_dir(self) -> Path:
        """Folder of the Unix socket, elsewhere where the path would be too long for one."""
        own = self.home / "socket"
        # A comma would read as a list of hosts in every PostgreSQL client.
        if len(os.fsencode(own)) <= _LONGEST_SOCKET_DIR and "," not in str(own):
            return own
        key = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        parent = Path("/run") if os.geteuid() == 0 else Path("/tmp")  # noqa: S108 - made 0700 and its owner is checked
        return parent / f"lachan-{os.geteuid()}-{key}"

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster that this object started."""
        return self._process.pid if self._process else None

    def url(self, user: str = SUPERUSER, database: str = DATABASE) -> str:
        """Address for SQLAlchemy's asyncpg dialect."""
        return (
            f"postgresql+asyncpg://{quote(user)}@/{quote(database)}"
            f"?host={quote(str(self.socket_dir), safe='')}"
        )

    def dsn(self, user: str = SUPERUSER, database: str = DATABASE) -> str:
        """Address for asyncpg itself, psql, pg_dump and everything else built on libpq."""
        return self.url(user, database).replace("postgresql+asyncpg:", "postgresql:", 1)

    def binaries(self) -> Binaries:
        """The PostgreSQL that fits the cluster: the version that wrote it, where it exists."""
        version = self.cluster / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        if self._bin_dir is None:
            return find_binaries(major)
        given = Binaries(self._bin_dir, "given")
        if major not in (None, given.major):
            raise EmbeddedPostgresError(
                f"The data folder was written by PostgreSQL {major}; {self._bin_dir} holds"
                f" {given.major}. Restore a backup into a new folder instead."
            )
        return given

    def start(self, *, timeout: float = 600.0) -> None:
        """Start the server, on a new cluster where there is none; return when it takes sessions.

        Raises DataFolderInUseError where another program holds the folder, and
        EmbeddedPostgresError with what the server said where it does not start. `timeout` is in
        seconds and generous, as replaying the log after a power cut may take minutes.
        """
        self._take_lock()
        try:
            self._start_locked(timeout)
        except BaseException:
            self.stop()
            raise

    def _start_locked(self, timeout: float) -> None:
        account = choose_account(self.cluster)
        self._settle_home(account)
        if processes.end_servers_on(self.cluster):
            _say("An earlier program left its PostgreSQL running; it has been stopped.")
        self._reap()
        binaries = reachable_binaries(self.binaries(), account)
        self._make_socket_dir(account)
        if not (self.cluster / "PG_VERSION").exists():
            make_cluster(self.cluster, binaries, account)
        configure_cluster(self.cluster, binaries, account, self.socket_dir, self._extra)
        # No server works here, so these are left from a kill. PostgreSQL would take the process
        # id in them for alive if it is a zombie or has been given to somebody else since.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.socket_dir.glob(".s.PGSQL.*"):
            stale.unlink(missing_ok=True)
        self._launch(binaries, account, timeout)
        # Asked at every start: the first one may have ended between the cluster and this.
        self.create_database(DATABASE)

    def stop(self, *, patience: float = 30.0) -> None:
        """End all sessions, stop the server and let go of the folder; nothing to do is fine."""
        if self._lock is None:
            return
        if self._process is not None:
            processes.end_servers_on(self.cluster, patience=patience)
            self._reap()
        os.close(self._lock)
        self._lock = None

    def crash(self) -> None:
        """Kill every process of the server, as a power cut would; the folder stays ours."""
        found = processes.servers_on(self.cluster)
        processes.send(found, signal.SIGKILL)
        processes.wait_until_gone(found, 10.0)
        self._reap()

    def disown(self) -> None:
        """In a forked process: leave lock and server to the process that started them."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = self._process = None

    def is_running(self) -> bool:
        """Whether the server this object started is still there."""
        return self._process is not None and self._process.poll() is None

    def create_database(self, name: str) -> None:
        """Create an empty database, owned by the superuser, where there is none of that name."""
        quoted = name.replace("'", "''")
        found = self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{quoted}'")  # noqa: S608 - quoted above
        if not found:
            identifier = name.replace('"', '""')
            self.psql(f'CREATE DATABASE "{identifier}"')

    def psql(self, statement: str, *, database: str = "postgres") -> str:
        """Run one statement as superuser through psql and return its bare output."""
        done = subprocess.run(
            [
                *(self.binaries().tool("psql"), "-X", "-A", "-t", "-q"),
                *("-v", "ON_ERROR_STOP=1", "-c", statement),
                self.dsn(database=database),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise EmbeddedPostgresError(done.stderr.strip())
        return done.stdout.strip()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise DataFolderInUseError(self.data_dir, holder_of(self.data_dir)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._lock = handle

    def _settle_home(self, account: Account) -> None:
        note = self.data_dir / "moved-to"
        if note.exists() and not self.home.is_dir():
            raise EmbeddedPostgresError(
                f"{note} says that the data lies in {self.home}, which is not there. Bring it back,"
                " or remove the note to begin with an empty database."
            )
        if account.switch:
            self.data_dir.chmod(0o755)
        home = choose_home(self.data_dir, account) if not note.exists() else self.home
        if home != self.home:
            note.write_text(f"{home}\n")
            _say(
                f"The account {account.name}, under which PostgreSQL runs, cannot enter"
                f" {self.data_dir}; the data lies in {home}."
            )
        self.cluster.mkdir(exist_ok=True)
        self.cluster.chmod(0o700)
        give(self.cluster, account)

    def _make_socket_dir(self, account: Account) -> None:
        folder = self.socket_dir
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in (os.geteuid(), account.uid):
            raise EmbeddedPostgresError(
                f"{folder} belongs to somebody else, so the database's socket cannot be put there."
                " Remove it, or use a data folder with a shorter path."
            )
        folder.chmod(0o700)
        give(folder, account)

    def _launch(self, binaries: Binaries, account: Account, timeout: float) -> None:
        command = [str(binaries.postgres), "-D", str(self.cluster)]
        setpriv = shutil.which("setpriv")
        # Where the program is killed, the kernel asks the server to shut down. It watches the
        # *thread* that started the server, so only the main thread, which ends last, may ask.
        if setpriv and threading.current_thread() is threading.main_thread():
            command = [setpriv, "--pdeathsig", "INT", "--", *command]
        early = self.cluster / "start.log"
        options: Any = account.popen_options()
        with early.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,
                **options,
            )
        deadline = time.monotonic() + timeout
        while not self._is_ready():
            if self._process.poll() is not None:
                raise EmbeddedPostgresError(f"PostgreSQL did not start: {last_words(self.cluster)}")
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"PostgreSQL was not ready after {timeout:.0f} s: {last_words(self.cluster)}"
                )
            time.sleep(0.01)

    def _is_ready(self) -> bool:
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return False
        return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"

    def _reap(self) -> None:
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=10)
            self._process = None


@contextlib.contextmanager
def running_or_started(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """The server of a data folder for a short command: the running one, else one for the while.

    Raises DataFolderInUseError where the folder is held but its server does not answer.
    """
    server = EmbeddedPostgres(data_dir)
    try:
        server.start()
    except DataFolderInUseError:
        try:
            server.psql("SELECT 1")
        except EmbeddedPostgresError as error:
            raise DataFolderInUseError(data_dir, holder_of(data_dir)) from error
        yield server
        return
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def temporary_server(settings: Mapping[str, str] | None = None) -> Iterator[EmbeddedPostgres]:
    """A server on a new, empty cluster that is removed afterwards; for tests and measurements."""
    folder = Path(tempfile.mkdtemp(prefix="lachan-pg-"))
    folder.chmod(0o755)  # PostgreSQL's account passes through it; what lies inside is 0700
    try:
        with EmbeddedPostgres(folder / "pg", settings=settings) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - for the person at the terminal
