"""A place over HTTP and the visits of a day."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.clock import now
from tests.conftest import AREA, Someone

Register = Callable[..., Awaitable[dict[str, Any]]]
Visit = Callable[..., Awaitable[None]]


@pytest.fixture
def register(client: httpx.AsyncClient) -> Register:
    async def post(who: Someone, name: str = "Chợ Thử Nghiệm", **more: object) -> dict[str, Any]:
        body = {"name": name, "kind": "market", "area": AREA, **more}
        answer = await client.post("/api/v1/places", json=body, headers=who.headers)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return post


@pytest.fixture
def visit(owner: AsyncEngine) -> Visit:
    """Visits of `people` (ids that nobody else has) that began at `at` and run `hours`."""

    async def write(
        place_id: int,
        people: range | list[int],
        *,
        at: datetime | None = None,
        hours: float = 2,
        room_id: int | None = None,
    ) -> None:
        begun = at or now() - timedelta(minutes=5)
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    """
                    INSERT INTO visit (id, day, person_id, place_id, room_id, started_at, ends_at,
                                       end_source, source, client, offline)
                    SELECT gen_random_uuid(), (:at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, p,
                           :place, :room, :at, :at + make_interval(mins => :minutes), 'expected',
                           'app', 'web', false
                    FROM unnest(CAST(:people AS bigint[])) AS p
                    """
                ),
                {
                    "at": begun,
                    "place": place_id,
                    "room": room_id,
                    "people": list(people),
                    "minutes": int(hours * 60),
                },
            )
            await connection.execute(
                text(
                    """
                    INSERT INTO last_visit (person_id, visit_id, day, place_id, room_id,
                                            started_at, ends_at, end_source)
                    SELECT DISTINCT ON (person_id) person_id, id, day, place_id, room_id,
                           started_at, ends_at, end_source
                    FROM visit WHERE person_id = ANY (:people)
                    ORDER BY person_id, started_at DESC
                    ON CONFLICT (person_id) DO UPDATE SET visit_id = excluded.visit_id,
                      day = excluded.day, place_id = excluded.place_id,
                      started_at = excluded.started_at, ends_at = excluded.ends_at,
                      end_source = excluded.end_source
                    """
                ),
                {"people": list(people)},
            )

    return write
