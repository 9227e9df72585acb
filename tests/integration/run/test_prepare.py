"""Keys are made once; lost keys beside sealed data are never replaced in silence."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.crypto import KeyFileError
from lachan.run.prepare import keys_of
from lachan.settings import Settings
from tests.conftest import Database


async def test_lost_keys_beside_sealed_data_are_refused(
    database: Database, owner: AsyncEngine, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    made = await asyncio.to_thread(keys_of, settings, database.owner_url)
    assert await asyncio.to_thread(keys_of, settings, database.owner_url) == made
    async with owner.begin() as connection:
        person = await connection.scalar(text("INSERT INTO person DEFAULT VALUES RETURNING id"))
        await connection.execute(
            text("INSERT INTO identity_sealed (person_id, sealed) VALUES (:person, 'x')"),
            {"person": person},
        )
    settings.keys_path.unlink()
    with pytest.raises(KeyFileError, match="back-up"):
        await asyncio.to_thread(keys_of, settings, database.owner_url)
    assert not settings.keys_path.exists()
