"""Migrations are numbered, import nothing of ours, and match the tables the code describes."""

import importlib
import pkgutil
import re
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

import lachan
from lachan.storage.tables import metadata

VERSIONS = Path(lachan.__file__).parent / "storage" / "migrations" / "versions"
# Tables of the job queue and of Alembic are those libraries' own.
FOREIGN = re.compile(r"pgqueuer|alembic_version|.*_\d{8}$")


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_migrations_import_nothing_of_ours() -> None:
    for path in VERSIONS.glob("*.py"):
        assert not re.search(r"^\s*(from|import) lachan", path.read_text(), re.MULTILINE), path


def load_all_tables() -> None:
    for module in pkgutil.iter_modules(lachan.__path__):
        if module.ispkg:
            package = importlib.import_module(f"lachan.{module.name}")
            if any(one.name == "models" for one in pkgutil.iter_modules(package.__path__)):
                importlib.import_module(f"lachan.{module.name}.models")


def columns_of(connection: Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    inspector = inspect(connection)
    return {
        table: {
            column["name"]: (
                str(column["type"].compile(dialect=connection.dialect)),
                column["nullable"],
            )
            for column in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
        if not FOREIGN.match(table)
    }


async def test_tables_match_the_migrations(owner: AsyncEngine) -> None:
    load_all_tables()
    async with owner.connect() as connection:
        real = await connection.run_sync(columns_of)
        described = {
            name: {
                column.name: (
                    str(column.type.compile(dialect=connection.dialect)),
                    bool(column.nullable),
                )
                for column in table.columns
            }
            for name, table in metadata.tables.items()
        }
    assert described == real
