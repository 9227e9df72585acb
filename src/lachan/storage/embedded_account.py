"""Under which account of the machine PostgreSQL runs, and what that account can reach.

PostgreSQL refuses to run as root. A health station's small server often has only root, so the
program then gives PostgreSQL an account of its own and keeps everything else as it was: no
permission of a folder outside the data folder is widened.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lachan.storage.embedded_binaries import Binaries, EmbeddedPostgresError

ACCOUNT = "lachan-pg"
ROOT_HOME = Path("/var/lib/lachan")


@dataclass(frozen=True)
class Account:
    """The account PostgreSQL runs under; `switch` is false where it is the program's own."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen_options(self) -> dict[str, object]:
        """Keyword arguments that make subprocess start a program under this account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account can enter the folder `path`; asked of the kernel, not guessed."""
        if not self.switch:
            return os.access(path, os.X_OK)
        script = 'cd "$1" 2>/dev/null'
        return self._shell(script, path)

    def runs(self, program: Path) -> bool:
        """Whether this account can start `program`, its shared libraries included."""
        if not self.switch:
            return os.access(program, os.X_OK)
        return self._shell('"$1" --version >/dev/null 2>&1', program)

    def _shell(self, script: str, path: Path) -> bool:
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(path)],
            check=False,
            cwd="/",
            user=self.uid,
            group=self.gid,
            extra_groups=[],
        )
        return done.returncode == 0


def choose_account(cluster: Path) -> Account:
    """The account for the cluster in `cluster`: its owner, else ours, else `lachan-pg`.

    Raises EmbeddedPostgresError where the folder belongs to somebody else and we are not root.
    """
    ours = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else None
    if ours != 0:
        if owner not in (None, ours):
            raise EmbeddedPostgresError(
                f"The data folder {cluster} belongs to {_name_of(owner or 0)}, not to"
                f" {_name_of(ours)}. Run the program as {_name_of(owner or 0)} or root, or use"
                " another folder with LACHAN_DATA_DIR."
            )
        return Account(_name_of(ours), ours, os.getegid(), switch=False)
    if owner:
        stat = cluster.stat()
        return Account(_name_of(owner), owner, stat.st_gid, switch=True)
    entry = _ensure_account()
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _ensure_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin:/bin") or "/bin/false"
    search = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    if useradd := shutil.which("useradd", path=search):
        command = [
            *(useradd, "--system", "--user-group", "--no-create-home"),
            *("--home-dir", "/nonexistent", "--shell", nologin, ACCOUNT),
        ]
        subprocess.run(command, check=False, capture_output=True)
    elif adduser := shutil.which("adduser", path=search):  # BusyBox
        subprocess.run(
            [adduser, "-S", "-D", "-H", "-s", nologin, ACCOUNT], check=False, capture_output=True
        )
    # Two programs may have tried at once, so success is the account being there.
    for name in (ACCOUNT, "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError(
        "PostgreSQL does not run as root, and no account could be made for it. Create a system"
        f" account named {ACCOUNT} (useradd --system {ACCOUNT}), or run as an ordinary user."
    )


def choose_home(data_dir: Path, account: Account) -> Path:
    """The folder that holds cluster, socket and logs: `data_dir`, where the account reaches it.

    A checkout under /root cannot be entered by another account. Widening root's home would be
    worse than keeping the data elsewhere, so it then lies under /var/lib/lachan. Raises
    EmbeddedPostgresError where data is already here, which an empty database must not hide.
    """
    if not account.switch or account.reaches(data_dir):
        return data_dir
    if (data_dir / "cluster" / "PG_VERSION").exists():
        raise EmbeddedPostgresError(
            f"PostgreSQL's account {account.name} can no longer enter {data_dir}. Let it pass"
            f" through the folders above (chmod o+x), or run as {account.name}."
        )
    home = ROOT_HOME / hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    for folder in (ROOT_HOME, home):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    return home


def reachable_binaries(binaries: Binaries, account: Account) -> Binaries:
    """`binaries`, or a copy under /var/lib/lachan where the account cannot run them in place.

    Raises EmbeddedPostgresError where the copy does not run either.
    """
    if account.runs(binaries.postgres) and account.runs(binaries.initdb):
        return binaries
    install = binaries.bin_dir.parent
    key = hashlib.sha256(f"{install}{binaries.version}".encode()).hexdigest()[:12]
    target = ROOT_HOME / f"postgresql-{binaries.version}-{key}"
    copy = Binaries(target / install.parent.name / install.name / "bin", "copy of the wheel's")
    if not account.runs(copy.postgres):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(install, copy.bin_dir.parent)
        # The wheel's programs look for their libraries in this folder beside the package.
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
        for folder in (ROOT_HOME, target):
            folder.chmod(0o755)
    if not account.runs(copy.postgres):
        raise EmbeddedPostgresError(
            f"The account {account.name} can run neither {binaries.postgres} nor a copy of it."
            " Move the program to a folder that every account can enter, such as /opt."
        )
    return copy


def give(path: Path, account: Account) -> None:
    """Hand `path` to the account; group ownership follows."""
    if account.switch:
        os.chown(path, account.uid, account.gid)
