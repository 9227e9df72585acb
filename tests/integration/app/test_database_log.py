"""What a role of the program gets wrong leaves nothing of anybody in the log of its PostgreSQL."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import Database

PHONE = "0912399998"
MARK = "the log has come so far"


@pytest.mark.parametrize("role", ["app", "intake", "worker"])
async def test_the_value_that_a_message_quotes_is_not_in_the_log(
    owner: AsyncEngine, database: Database, role: str
) -> None:
    connection = await asyncpg.connect(database.dsn(role))
    try:
        with pytest.raises(asyncpg.DataError, match=PHONE):
            await connection.execute(f"SELECT '{PHONE}'::date")
    finally:
        await connection.close()
    mark = f"{MARK}: {role}"
    async with owner.connect() as asked:
        # In the order of events: when this one is there, so would the other be.
        await asked.execute(text(f"DO $$ BEGIN RAISE LOG '{mark}'; END $$"))
        log = ""
        for _ in range(100):
            log = await asked.scalar(text("SELECT pg_read_file(pg_current_logfile())")) or ""
            if mark in log:
                break
            await asyncio.sleep(0.1)
    assert mark in log
    assert PHONE not in log
