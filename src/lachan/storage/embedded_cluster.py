"""Making a cluster and writing what the server reads at its start."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lachan.storage.embedded_account import Account, give
from lachan.storage.embedded_binaries import Binaries, EmbeddedPostgresError
from lachan.storage.embedded_config import access_rules, render_settings, server_settings

SUPERUSER = "postgres"
_FIRST_WITH_BUILTIN_LOCALE = 17


def clean_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL elsewhere (PGPORT, PGDATA, ...)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def make_cluster(cluster: Path, binaries: Binaries, account: Account) -> None:
    """Fill the empty folder `cluster`; what a killed attempt left there is cleared first.

    Raises EmbeddedPostgresError with the reason that initdb gave.
    """
    for leftover in cluster.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    # Version 17's own locale sorts the same on every machine and after every upgrade.
    locale = (
        ["--locale-provider=builtin", "--locale=C.UTF-8"]
        if binaries.major >= _FIRST_WITH_BUILTIN_LOCALE
        else ["--locale=C.UTF-8"]
    )
    # initdb works beside the cluster and is renamed into place last, so that a cluster which
    # exists is whole.
    draft = cluster / "draft"
    options: Any = account.popen_options()
    done = subprocess.run(
        [
            *(binaries.initdb, "-D", draft, "-U", SUPERUSER, "--encoding=UTF8"),
            *(*locale, "--data-checksums", "--auth=reject", "--no-instructions"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=clean_environment(),
        **options,
    )
    if done.returncode != 0:
        raise EmbeddedPostgresError(
            f"PostgreSQL could not prepare {cluster}: {done.stderr.strip()}"
        )
    with (draft / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists 'lachan.conf'\n")
    # PG_VERSION marks a finished cluster, so it is moved last.
    for entry in sorted(draft.iterdir(), key=lambda path: path.name == "PG_VERSION"):
        entry.rename(cluster / entry.name)
    draft.rmdir()


def configure_cluster(
    cluster: Path,
    binaries: Binaries,
    account: Account,
    socket_dir: Path,
    extra: Mapping[str, str],
) -> None:
    """Write settings and access rules; `extra` wins over our settings."""
    settings = server_settings(socket_dir, lz4=_has_lz4(cluster, binaries, account))
    hba, ident = access_rules(binaries, pwd.getpwuid(os.geteuid()).pw_name)
    files = {
        "lachan.conf": render_settings({**settings, **extra}),
        "pg_hba.conf": hba,
        "pg_ident.conf": ident,
    }
    for name, text in files.items():
        path = cluster / name
        path.write_text(text)
        path.chmod(0o600)
        give(path, account)


def _has_lz4(cluster: Path, binaries: Binaries, account: Account) -> bool:
    options: Any = account.popen_options()
    done = subprocess.run(
        [binaries.postgres, "-D", cluster, "-C", "wal_compression", "-c", "wal_compression=lz4"],
        check=False,
        capture_output=True,
        cwd="/",
        env=clean_environment(),
        **options,
    )
    return done.returncode == 0


def last_words(cluster: Path) -> str:
    """What the server said last, for the sentence that says why it does not start."""
    logs = [path for path in (cluster / "start.log", *cluster.glob("log/*.log")) if path.exists()]
    logs.sort(key=lambda path: path.stat().st_mtime)
    lines = [line for path in logs for line in path.read_text(errors="replace").splitlines()]
    told = [line for line in lines if "log output" not in line]
    return " ".join(told[-3:]) or "it said nothing"
