from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.areas.reference import load_reference


@pytest.fixture
async def connection(owner: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of the owner to a database that holds the reference data."""
    async with owner.begin() as begun:
        await load_reference(begun)
    async with owner.connect() as opened:
        yield opened
