"""What we tell the embedded PostgreSQL, and nothing about people in what it writes to its log."""

from __future__ import annotations

import os
from pathlib import Path

from lachan.storage.embedded_binaries import Binaries

_MB = 1024 * 1024
# `all` as a database user in pg_ident.conf came with 16.
_FIRST_WITH_IDENT_ALL = 16


def shared_buffers() -> int:
    """Bytes of PostgreSQL's own cache: an eighth of the memory, from 64 MB to 2 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(max(memory // 8, 64 * _MB), 2048 * _MB)


def server_settings(socket_dir: Path, *, lz4: bool) -> dict[str, str]:
    """Settings of the server by name, before those the caller adds."""
    memory = shared_buffers()
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "100",
        "shared_preload_libraries": "",
        "shared_buffers": f"{memory // _MB}MB",
        "effective_cache_size": f"{memory * 4 // _MB}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, memory // 4 // _MB)}MB",
        # An acknowledged scan must survive the power cut that follows it.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_compression": "lz4" if lz4 else "pglz",
        "wal_level": "replica",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "10min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_destination": "stderr",
        "log_directory": "log",
        # A file a weekday, overwritten after a week: bounded without a cron job.
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] %a %d ",
        # A failed statement or its detail line may hold a phone number: keep them out of the log.
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def render_settings(settings: dict[str, str]) -> str:
    """The settings as a configuration file of PostgreSQL."""
    lines = ["# Written at every start. Your own settings: ALTER SYSTEM SET ..., which win."]
    for name, value in settings.items():
        quoted = value.replace("'", "''")
        lines.append(f"{name} = '{quoted}'")
    return "\n".join(lines) + "\n"


def access_rules(binaries: Binaries, program_user: str) -> tuple[str, str]:
    """Contents of pg_hba.conf and pg_ident.conf.

    Only the account that runs the program may connect, as any database role: the kernel vouches
    for it (`peer`), so there is no password to keep. Before version 16 the map cannot say "any
    role"; there the folder of the socket, closed to everybody else, is the only lock.
    """
    if binaries.major >= _FIRST_WITH_IDENT_ALL:
        return (
            "local all all peer map=lachan\nlocal replication all peer map=lachan\n",
            f'lachan "{program_user}" all\n',
        )
    return "local all all trust\nlocal replication all trust\n", ""
