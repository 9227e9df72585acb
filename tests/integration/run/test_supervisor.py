"""`lachan run` as a person meets it: one program in the foreground that starts and stops it all."""

import socket
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import make_url

from lachan.kit.crypto import new_keyring
from lachan.run.children import LONGEST_PAUSE, pause_after
from lachan.run.supervisor import CannotRunError, check_port_is_free, child_environment
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres, temporary_server
from lachan.storage.embedded_process import is_alive
from tests.integration.run.conftest import Program, environment_for, free_port

# One process runs these, or the shared program would be started once in each.
shares_program = pytest.mark.xdist_group("running program")


def refused(data_dir, port: int, **extra: str) -> str:
    """What `lachan run` says where it ends at once with exit code 1."""
    done = subprocess.run(
        [sys.executable, "-m", "lachan", "run", "--port", str(port)],
        env=environment_for(data_dir, **extra),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_it_starts_stops_in_order_and_keeps_its_data_through_stop_and_kill(data_dir):
    database = EmbeddedPostgres(data_dir / "pg")
    first = Program(data_dir)
    first.wait_for(f"Lá Chắn is up at http://localhost:{first.port}")
    assert first.ready()
    assert (data_dir / "keys.json").stat().st_mode & 0o777 == 0o600
    database.psql("CREATE TABLE kept AS SELECT 'here' AS word", database="lachan")
    family = first.family()
    assert len(family) > 3

    assert first.stop() == 0

    assert [process for process in family if is_alive(process)] == []
    stopping, stopped = first.said().index("Stopping"), first.said().index("PostgreSQL stopped")
    assert stopping < stopped
    assert "Traceback" not in first.said()

    second = Program(data_dir)
    second.wait_for("Lá Chắn is up at")
    assert database.psql("SELECT word FROM kept", database="lachan") == "here"

    assert second.kill() == []

    third = Program(data_dir)
    third.wait_for("Lá Chắn is up at")
    assert database.psql("SELECT word FROM kept", database="lachan") == "here"
    assert third.stop() == 0


@shares_program
def test_a_web_process_that_falls_is_started_again(running):
    fallen = running.web()
    fallen.kill()
    running.wait_for("web ended with signal SIGKILL; started again in")
    running.wait_until_ready()
    assert running.web().pid != fallen.pid


@shares_program
def test_a_database_that_falls_is_started_again(running):
    running.postmaster().kill()
    running.wait_for("PostgreSQL ended; it is started again")
    running.wait_until_ready()


@shares_program
def test_a_second_program_on_the_folder_is_refused_in_a_sentence(running):
    said = refused(running.data_dir, free_port())
    assert f"in use by another program (process {running.process.pid})" in said
    running.wait_until_ready()


def test_a_taken_port_is_told_before_anything_is_started(data_dir):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"make run PORT={port + 1}" in refused(data_dir, port)
        with pytest.raises(CannotRunError, match=f"PORT={port + 1}"):
            check_port_is_free("127.0.0.1", port)
    assert not data_dir.exists()


def test_a_key_file_open_to_others_is_refused(data_dir):
    data_dir.mkdir()
    keys = data_dir / "keys.json"
    keys.write_text('{"active": 1, "wrapping": {"1": ""}, "root": ""}')
    keys.chmod(0o644)
    assert f"chmod 600 {keys}" in refused(data_dir, free_port())


def test_an_outside_server_is_used_and_no_other_started(data_dir):
    with temporary_server() as outside:
        data_dir.mkdir()
        program = Program(data_dir, LACHAN_DATABASE_URL=outside.dsn(database="health"))
        program.wait_for("Lá Chắn is up at")
        assert program.ready()
        assert program.stop() == 0
        tables = outside.psql("SELECT to_regclass('alembic_version')", database="health")
    assert tables == "alembic_version"
    assert not (data_dir / "pg").exists()


def test_an_outside_server_that_is_not_there_is_told_without_its_password(data_dir):
    data_dir.mkdir()
    url = f"postgresql://owner:hushhush@127.0.0.1:{free_port()}/health"
    said = refused(data_dir, free_port(), LACHAN_DATABASE_URL=url)
    assert "the database of LACHAN_DATABASE_URL cannot be used" in said
    assert "hushhush" not in said


def test_web_and_worker_get_the_roles_addresses_and_not_the_owners(monkeypatch):
    owner = "postgresql://owner:secret@db.example/health"
    monkeypatch.setenv("LACHAN_DATABASE_URL", owner)
    given = child_environment(Settings(), owner, new_keyring(), 8123)
    assert "LACHAN_DATABASE_URL" not in given
    assert "secret" not in "".join(given.values())
    assert make_url(given["LACHAN_DATABASE_APP_URL"]).username == "lachan_app"
    assert given["LACHAN_WEB_BASE_URL"] == "http://localhost:8123"


def test_an_address_that_was_set_is_kept(monkeypatch):
    monkeypatch.setenv("LACHAN_MODE", "production")
    monkeypatch.setenv("LACHAN_WEB_BASE_URL", "https://suckhoe.example.vn")
    given = child_environment(Settings(), "postgresql://owner@/x", new_keyring(), 8123)
    assert given["LACHAN_WEB_BASE_URL"] == "https://suckhoe.example.vn"


def test_each_fall_waits_longer_up_to_a_limit():
    assert [pause_after(falls) for falls in (1, 2, 3, 4)] == [0.5, 1, 2, 4]
    assert pause_after(40) == LONGEST_PAUSE
