"""The doctor finds what was broken on purpose, and says how to mend it."""

import os
import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest

from lachan.kit.crypto import ensure_keyring
from lachan.run import doctor
from lachan.run.doctor import State
from lachan.settings import Settings
from lachan.storage.embedded import EmbeddedPostgres
from tests.integration.run.conftest import free_port


def settings_on(folder: Path, **web: object) -> Settings:
    return Settings(data_dir=folder, web={"port": free_port(), **web})


def test_a_machine_with_everything_can_run(data_dir, monkeypatch, capsys):
    monkeypatch.setenv("LACHAN_DATA_DIR", str(data_dir))
    monkeypatch.setenv("LACHAN_WEB_PORT", str(free_port()))
    findings = {finding.thing: finding for finding in doctor.examine()}
    failed = [one for one in findings.values() if one.state is State.FAIL]
    # The pages' files are the one thing that a checkout may lack while it is worked on.
    assert [one.thing for one in failed if one.thing != "pages' files"] == []
    assert findings["PostgreSQL"].found.startswith("18.")
    assert "will be made" in findings["key file"].found

    assert doctor.doctor() == (1 if failed else 0)
    assert "PostgreSQL: 18." in capsys.readouterr().out


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("LACHAN_WEB_PORT", "many")
    last = list(doctor.examine())[-1]
    assert last.state is State.FAIL
    assert "LACHAN_WEB_PORT" in last.found


def test_a_key_file_open_to_others_fails_with_the_command(data_dir):
    settings = settings_on(data_dir)
    ensure_keyring(settings.keys_path)
    assert doctor.keys(settings).state is State.OK
    settings.keys_path.chmod(0o640)
    found = doctor.keys(settings)
    assert found.state is State.FAIL
    assert f"chmod 600 {settings.keys_path}" in found.mend


def test_keys_lost_beside_a_database_are_noticed(data_dir):
    cluster = data_dir / "pg" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("18\n")
    assert doctor.keys(settings_on(data_dir)).state is State.WARN


def test_a_full_disk_fails_and_a_filling_one_warns(data_dir, monkeypatch):
    for free, state in ((10**8, State.FAIL), (2 * 10**9, State.WARN), (10**11, State.OK)):
        usage = shutil._ntuple_diskusage(10**12, 10**12 - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, usage=usage: usage)
        assert doctor.disk(settings_on(data_dir)).state is state


def test_a_taken_port_fails(data_dir):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = doctor.port(settings_on(data_dir, port=taken.getsockname()[1]))
    assert found.state is State.FAIL
    assert "make run PORT=" in found.found


def test_an_unknown_time_zone_fails(data_dir):
    settings = Settings(data_dir=data_dir, timezone="Asia/Nowhere")
    assert doctor.clock(settings).state is State.FAIL


def test_a_running_database_behind_the_program_is_told(data_dir):
    settings = settings_on(data_dir)
    with EmbeddedPostgres(data_dir / "pg"):
        assert f"process {os.getpid()}" in doctor.data_folder(settings).found
        programs, database = doctor.database(settings)
    assert programs.state is State.OK
    assert database.state is State.WARN
    assert "at nothing" in database.found


def test_an_outside_server_that_is_not_there_fails():
    settings = Settings(database={"url": f"postgresql://nobody@127.0.0.1:{free_port()}/none"})
    (found,) = doctor.database(settings)
    assert found.state is State.FAIL
    assert "LACHAN_DATABASE_URL" in found.found


def test_a_missing_postgresql_fails_with_the_ways_to_get_one(data_dir, monkeypatch, tmp_path):
    monkeypatch.setenv("LACHAN_PG_BIN", str(tmp_path))
    (found,) = doctor.database(settings_on(data_dir))
    assert found.state is State.FAIL
    assert "LACHAN_PG_BIN" in found.found


def test_pages_older_than_their_sources_warn(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(doctor, "STATIC", tmp_path / "static")
    assert doctor.pages().state is State.FAIL
    for name in ("assets/index.css", "static/manifest.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    os.utime(tmp_path / "assets" / "index.css", (1, 1))
    assert doctor.pages().state is State.OK
    os.utime(tmp_path / "static" / "manifest.json", (0, 0))
    assert doctor.pages().state is State.WARN


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_fails(tmp_path):
    tmp_path.chmod(0o500)
    assert doctor.data_folder(settings_on(tmp_path)).state is State.FAIL
