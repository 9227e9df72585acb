"""The embedded PostgreSQL keeps its data through every way a small server may go down."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import lachan
from lachan.storage import embedded_process
from lachan.storage.embedded import (
    DataFolderInUseError,
    EmbeddedPostgres,
    EmbeddedPostgresError,
    holder_of,
    running_or_started,
    temporary_server,
)

SMALL = {"shared_buffers": "16MB", "max_wal_size": "64MB"}

PROGRAM = """
import sys, time
from pathlib import Path
from lachan.storage.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"shared_buffers": "16MB"})
server.start()
server.psql(sys.argv[2], database="lachan")
print("postgres", server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # pytest's own folders are closed to the account that PostgreSQL runs under.
    base = Path(tempfile.mkdtemp(prefix="lachan-embedded-"))
    base.chmod(0o755)
    yield base / "pg"
    shutil.rmtree(base)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(folder, settings=SMALL) as made:
        made.psql("DROP TABLE IF EXISTS note; CREATE TABLE note (word text)", database="lachan")
        yield made


def words(server: EmbeddedPostgres) -> list[str]:
    return server.psql("SELECT word FROM note ORDER BY 1", database="lachan").splitlines()


def add(server: EmbeddedPostgres, word: str) -> None:
    server.psql(f"INSERT INTO note VALUES ('{word}')", database="lachan")


def start_program(folder: Path, statement: str) -> tuple[subprocess.Popen[str], int]:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), statement], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    for line in program.stdout:
        if line.startswith("postgres "):
            return program, int(line.split()[1])
    kill(program)
    raise AssertionError("the program ended before its server was up")


def kill(program: subprocess.Popen[str]) -> None:
    program.kill()
    program.communicate()


def test_a_restart_keeps_the_data(server):
    add(server, "kept")
    server.stop()
    assert not server.is_running()

    server.start()

    assert words(server) == ["kept"]


def test_starting_twice_is_refused_by_the_lock_and_not_by_postgres(server):
    with pytest.raises(DataFolderInUseError) as refused:
        EmbeddedPostgres(server.data_dir).start()
    assert refused.value.pid == os.getpid()
    assert f"process {os.getpid()}" in str(refused.value)
    assert "LACHAN_DATA_DIR" in str(refused.value)


def test_the_holder_is_known_while_it_runs_and_only_then(server):
    assert holder_of(server.data_dir) == os.getpid()
    server.stop()
    assert holder_of(server.data_dir) is None
    assert holder_of(server.data_dir / "nowhere") is None


def test_committed_rows_survive_a_killed_server(server):
    add(server, "committed")
    server.crash()
    assert not server.is_running()
    assert embedded_process.servers_on(server.cluster) == []

    server.start()

    assert words(server) == ["committed"]


def test_a_killed_postmaster_with_a_session_still_open_does_not_block_the_next_start(server):
    add(server, "before")
    session = subprocess.Popen(
        [server.binaries().tool("psql"), "-X", "-c", "SELECT pg_sleep(60)", server.dsn()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while server.psql("SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep'") == "1":
        time.sleep(0.02)
    os.kill(server.pid, signal.SIGKILL)

    server.start()

    assert words(server) == ["before"]
    session.wait(timeout=10)


def test_a_pid_file_naming_a_stranger_does_not_block_the_start(server):
    add(server, "kept")
    server.crash()
    stale = server.cluster / "postmaster.pid"
    lines = stale.read_text().splitlines()
    # After a reboot the number may belong to anybody, here to a process that surely lives.
    stale.write_text("\n".join(["1", *lines[1:]]) + "\n")

    server.start()

    assert words(server) == ["kept"]


def test_a_killed_program_leaves_data_that_the_next_one_finds(folder):
    program, _ = start_program(folder, "CREATE TABLE kept AS SELECT 'here' AS word")
    kill(program)

    with EmbeddedPostgres(folder, settings=SMALL) as server:
        assert server.psql("SELECT word FROM kept", database="lachan") == "here"
        server.psql("DROP TABLE kept", database="lachan")


def test_a_server_left_behind_is_stopped_and_started_again(server):
    add(server, "kept")
    # As if the program had been killed where the kernel cannot pass that on: the lock is free,
    # the server still runs.
    child, left_behind = server._process, psutil.Process(server.pid)
    os.close(server._lock)
    server._lock = server._process = None

    server.start()

    assert server.pid != left_behind.pid
    assert not embedded_process.is_alive(left_behind)
    assert words(server) == ["kept"]
    child.wait()


def test_the_server_ends_when_its_program_is_killed(folder):
    program, pid = start_program(folder, "SELECT 1")
    postmaster = psutil.Process(pid)
    kill(program)

    assert embedded_process.wait_until_gone([postmaster], 10.0) == []


def test_a_second_program_is_told_who_holds_the_folder(folder):
    program, _ = start_program(folder, "SELECT 1")
    try:
        with pytest.raises(DataFolderInUseError, match=f"process {program.pid}"):
            EmbeddedPostgres(folder).start()
    finally:
        kill(program)


def test_a_short_command_borrows_the_running_server(server):
    add(server, "borrowed")
    with running_or_started(server.data_dir) as borrowed:
        assert words(borrowed) == ["borrowed"]
    assert server.is_running()


def test_a_short_command_starts_and_stops_a_server_of_its_own(server):
    add(server, "own")
    server.stop()
    with running_or_started(server.data_dir) as own:
        assert words(own) == ["own"]
    assert embedded_process.servers_on(server.cluster) == []


def test_only_the_programs_account_gets_in(server):
    assert server.cluster.stat().st_mode & 0o777 == 0o700
    assert server.socket_dir.stat().st_mode & 0o777 == 0o700
    assert server.psql("SHOW listen_addresses") == ""
    rules = server.psql("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert rules == "peer"


def logged(server: EmbeddedPostgres, words: str) -> str:
    """What the server has logged, once its process that writes the log has come to `words`."""
    for _ in range(100):
        text = "".join(path.read_text() for path in (server.cluster / "log").iterdir())
        if words in text:
            break
        time.sleep(0.1)
    return text


def test_an_acknowledged_commit_is_on_disk_and_the_log_names_nobody(server):
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert server.psql(f"SHOW {name}") == "on"
    with pytest.raises(EmbeddedPostgresError):
        server.psql("SELECT '0912345678'::date")
    # The log is written by a process of its own: with the second fault all of the first is there.
    with pytest.raises(EmbeddedPostgresError):
        server.psql("SELECT 1 / 0")
    text = logged(server, "division by zero")
    assert "out of range" in text
    assert "SELECT" not in text


def test_a_long_path_still_gets_a_socket(folder):
    long = folder.parent / ("x" * 100) / "pg"
    with EmbeddedPostgres(long, settings=SMALL) as server:
        assert not server.socket_dir.is_relative_to(long)
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert server.psql("SELECT 1") == "1"
    server.socket_dir.rmdir()


def test_a_half_made_cluster_is_made_again(folder):
    data = folder.parent / "half"
    (data / "cluster" / "draft" / "base").mkdir(parents=True)
    (data / "cluster" / "draft" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data, settings=SMALL) as server:
        assert server.psql("SELECT 1") == "1"


def test_a_first_start_that_failed_half_way_is_made_good_by_the_next(folder):
    data = folder.parent / "half-started"
    with pytest.raises(EmbeddedPostgresError, match="max_connections"):
        EmbeddedPostgres(data, settings={"max_connections": "many"}).start()
    with EmbeddedPostgres(data, settings=SMALL) as server:
        assert server.psql("SELECT 1", database="lachan") == "1"


def test_a_setting_of_the_operator_wins_over_ours(server):
    server.psql("ALTER SYSTEM SET work_mem = '7MB'")
    server.stop()
    server.start()
    assert server.psql("SHOW work_mem") == "7MB"
    server.psql("ALTER SYSTEM RESET work_mem")


def test_the_reason_is_told_when_the_server_does_not_start(folder):
    with pytest.raises(EmbeddedPostgresError, match="max_connections"):
        EmbeddedPostgres(folder, settings={"max_connections": "many"}).start()
    assert holder_of(folder) is None


def test_data_that_was_moved_and_is_gone_is_not_replaced_by_nothing(folder):
    data = folder.parent / "moved"
    data.mkdir()
    (data / "moved-to").write_text("/nonexistent/home\n")
    with pytest.raises(EmbeddedPostgresError, match="/nonexistent/home"):
        EmbeddedPostgres(data).start()


def test_data_of_another_version_is_refused_with_the_way_out(folder):
    data = folder.parent / "old"
    (data / "cluster").mkdir(parents=True)
    (data / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedPostgresError, match="written by PostgreSQL 9"):
        EmbeddedPostgres(data).start()


def test_data_that_the_server_may_no_longer_enter_is_not_replaced_by_nothing(folder):
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's server enters what its user enters")
    closed = folder.parent / "closed"
    (closed / "pg" / "cluster").mkdir(parents=True)
    (closed / "pg" / "cluster" / "PG_VERSION").write_text("18\n")
    closed.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match="can no longer enter"):
        EmbeddedPostgres(closed / "pg").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server enters what it enters")
def test_in_a_closed_home_the_data_lies_elsewhere_and_a_note_says_where(folder, capsys):
    closed = folder.parent / "home-of-root"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "pg", settings=SMALL) as server:
        server.psql("CREATE TABLE elsewhere ()", database="lachan")
        assert server.home.is_relative_to("/var/lib/lachan")
        assert str(server.home) in capsys.readouterr().out
    with EmbeddedPostgres(closed / "pg", settings=SMALL) as server:
        assert server.psql("SELECT count(*) FROM elsewhere", database="lachan") == "0"
    shutil.rmtree(server.home)


def test_a_temporary_server_leaves_nothing(folder):
    with temporary_server(SMALL) as server:
        assert server.psql("SELECT 1") == "1"
    assert not server.data_dir.parent.exists()


def ordinary_python() -> str | None:
    """An interpreter of our version that an account other than root can start."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        try:
            subprocess.run([python, "-c", ""], check=True, user=65534, group=65534, cwd="/")
        except (OSError, subprocess.SubprocessError):
            continue
        return python
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_needs_no_root(folder):
    python = ordinary_python()
    if python is None:
        pytest.skip("no Python here that an account other than root can start")
    home = folder.parent / "ordinary"
    home.mkdir()
    os.chown(home, 65534, 65534)
    site = Path(psutil.__file__).parent.parent
    source = Path(lachan.__file__).parent.parent
    script = PROGRAM.replace("time.sleep(600)", "server.stop()")
    done = subprocess.run(
        [python, "-c", script, str(home / "pg"), "CREATE TABLE mine ()"],
        env={"PYTHONPATH": f"{source}:{site}", "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    assert (home / "pg" / "cluster").stat().st_uid == 65534
    # Root then runs it under the account that owns it.
    with EmbeddedPostgres(home / "pg", settings=SMALL) as server:
        assert psutil.Process(server.pid).uids().real == 65534
        assert server.psql("SELECT count(*) FROM mine", database="lachan") == "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server runs as that user")
def test_as_root_the_server_runs_as_an_account_of_its_own(server):
    assert psutil.Process(server.pid).uids().real == server.cluster.stat().st_uid != 0
