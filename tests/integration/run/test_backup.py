"""What was backed up comes back, names included, on a machine that has nothing else."""

import asyncio
import shutil
from pathlib import Path

import pytest

from lachan.kit.crypto import KeyFileError, Keyring, ensure_keyring, load_keyring
from lachan.run.backup import BackupError, back_up, client_environment, keys_beside, restore
from lachan.settings import Settings
from lachan.storage.embedded import DataFolderInUseError, EmbeddedPostgres
from lachan.storage.migrate import head_revision, migrate
from tests.integration.run.conftest import new_data_dir

SEALED_ABOUT = "person:1"


@pytest.fixture(scope="module")
def installed():
    """An installation with one row in it, and a sealed name that only its keys open."""
    with new_data_dir() as folder:
        settings = Settings(data_dir=folder)
        keyring = ensure_keyring(settings.keys_path)
        with EmbeddedPostgres(folder / "pg") as server:
            asyncio.run(migrate(server.url(), keyring))
            sealed = keyring.seal("Người Thử".encode(), about=SEALED_ABOUT).hex()
            server.psql(
                f"CREATE TABLE secret AS SELECT '\\x{sealed}'::bytea AS name", database="lachan"
            )
        yield settings


@pytest.fixture(scope="module")
def backup(installed: Settings) -> Path:
    file = installed.data_dir.parent / "lachan.backup"
    back_up(installed, file)
    return file


def yes(_question: str) -> bool:
    return True


def name_in(server: EmbeddedPostgres, keyring: Keyring) -> str:
    sealed = bytes.fromhex(server.psql("SELECT encode(name, 'hex') FROM secret", database="lachan"))
    return keyring.unseal(sealed, about=SEALED_ABOUT).decode()


def test_both_files_are_for_their_owner_only(backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    assert keys_beside(backup).stat().st_mode & 0o777 == 0o600


def test_a_backup_comes_back_on_a_machine_that_has_nothing(backup, data_dir):
    settings = Settings(data_dir=data_dir)

    assert restore(settings, backup, None, yes)

    with EmbeddedPostgres(data_dir / "pg") as server:
        assert name_in(server, load_keyring(settings.keys_path)) == "Người Thử"
        revision = server.psql("SELECT version_num FROM alembic_version", database="lachan")
        assert revision == head_revision()
        # The roles are there again with their rights, and row security with them.
        granted = server.psql(
            "SELECT count(*) > 0 FROM information_schema.role_table_grants"
            " WHERE grantee = 'lachan_app'",
            database="lachan",
        )
        assert granted == "t"


def test_it_is_taken_while_the_program_runs(installed, tmp_path):
    with EmbeddedPostgres(installed.data_dir / "pg") as server:
        back_up(installed, tmp_path / "live", tmp_path / "safe.keys")
        assert server.is_running()
    assert (tmp_path / "live").stat().st_size > 0
    assert load_keyring(tmp_path / "safe.keys") == load_keyring(installed.keys_path)
    assert not keys_beside(tmp_path / "live").exists()


def test_what_was_there_stays_under_another_name_and_so_do_its_keys(backup, data_dir):
    settings = Settings(data_dir=data_dir)
    earlier = ensure_keyring(settings.keys_path)
    with EmbeddedPostgres(data_dir / "pg") as server:
        server.psql("CREATE TABLE earlier AS SELECT 1 AS one", database="lachan")

    assert restore(settings, backup, None, yes)

    with EmbeddedPostgres(data_dir / "pg") as server:
        aside = server.psql("SELECT datname FROM pg_database WHERE datname ~ '^lachan_before_'")
        assert server.psql("SELECT one FROM earlier", database=aside) == "1"
        assert name_in(server, load_keyring(settings.keys_path)) == "Người Thử"
    (kept,) = data_dir.glob("keys.json.before-*")
    assert load_keyring(kept) == earlier


def test_a_no_changes_nothing(backup, installed):
    asked: list[str] = []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    assert not restore(installed, backup, None, no)
    assert "stays as lachan_before_" in asked[0]
    with EmbeddedPostgres(installed.data_dir / "pg") as server:
        assert server.psql("SELECT count(*) FROM pg_database WHERE datname ~ 'lachan_'") == "0"


def test_a_broken_file_changes_nothing(installed, backup, tmp_path):
    broken = tmp_path / "broken"
    broken.write_bytes(backup.read_bytes()[:20_000])
    with pytest.raises(BackupError, match="pg_restore failed"):
        restore(installed, broken, keys_beside(backup), yes)
    with EmbeddedPostgres(installed.data_dir / "pg") as server:
        assert server.psql("SELECT count(*) FROM pg_database WHERE datname ~ 'lachan_'") == "0"
        assert name_in(server, load_keyring(installed.keys_path)) == "Người Thử"


def test_no_restore_under_a_running_program(backup, installed):
    with (
        EmbeddedPostgres(installed.data_dir / "pg"),
        pytest.raises(DataFolderInUseError, match="Stop that one first"),
    ):
        restore(installed, backup, None, yes)


def test_without_keys_it_is_refused_before_anything_happens(backup, data_dir, tmp_path):
    alone = tmp_path / "alone"
    shutil.copy(backup, alone)
    with pytest.raises(BackupError, match="--keys"):
        restore(Settings(data_dir=data_dir), alone, None, yes)
    assert not data_dir.exists()


def test_nothing_to_back_up_is_said(data_dir, tmp_path):
    with pytest.raises(KeyFileError, match="no key file"):
        back_up(Settings(data_dir=data_dir), tmp_path / "none")
    ensure_keyring(data_dir / "keys.json")
    with pytest.raises(BackupError, match="no database"):
        back_up(Settings(data_dir=data_dir), tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_the_password_travels_in_the_environment(monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    found = client_environment("postgresql://own:p%40ss@db.example:6543/health?sslmode=require")
    assert found["PGPASSWORD"] == "p@ss"
    assert found["PGPORT"] == "6543"
    assert found["PGSSLMODE"] == "require"
    assert found["PGDATABASE"] == "health"
