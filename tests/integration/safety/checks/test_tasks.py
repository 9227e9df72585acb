"""Reminders to the staff of places that are late, and what is kept no longer."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.safety.checks.domain import due_at
from lachan.safety.checks.tasks import clean_up, remind_at
from lachan.settings import Settings
from tests.days import today
from tests.integration.safety.conftest import Facility


async def rows(owner: AsyncEngine, query: str) -> list[Any]:
    async with owner.connect() as connection:
        return list((await connection.execute(text(query))).all())


async def test_staff_are_reminded_once_when_a_moment_is_over(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    due = due_at(school.criteria, "before", today(), Settings().zone)
    assert due is not None
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place_safety SET joined_at = now() - interval '3 days'")
        )
        await connection.execute(
            text(
                "INSERT INTO push_subscription (endpoint_index, person_id, session_hash, sealed,"
                " lang, client) SELECT 'x', person_id, token_hash, 'x', 'vi', 'web' FROM session"
            )
        )
    assert await remind_at(job_context, due - timedelta(seconds=1)) == 0
    assert await remind_at(job_context, due) == 1
    assert await remind_at(job_context, due + timedelta(minutes=5)) == 0
    told = await rows(owner, "SELECT topic, kind, payload FROM event")
    assert [(one.topic, one.kind, one.payload["moment"]) for one in told] == [
        (f"person:{school.owner.id}", "safety_reminder", "before")
    ]
    pushed = await rows(owner, "SELECT purpose, target FROM push_delivery")
    assert [tuple(one) for one in pushed] == [("safety_due", "/safety")]
    # Long after, and for what is reported, nobody is reminded.
    during = due_at(school.criteria, "during", today(), Settings().zone)
    assert during is not None
    assert await remind_at(job_context, during + timedelta(hours=3)) == 0
    answer = await client.post(
        f"/api/v1/places/{school.id}/checks",
        json=school.check("during"),
        headers=school.owner.headers,
    )
    assert answer.status_code == 201
    assert await remind_at(job_context, during) == 0


async def test_photos_without_a_check_and_old_checks_go(
    school: Facility, owner: AsyncEngine, job_context: JobContext
) -> None:
    async with owner.begin() as connection:
        for days in (0, 2):
            await connection.execute(
                text(
                    "INSERT INTO safety_photo (id, place_id, picture, width, height, created_at)"
                    " VALUES (gen_random_uuid(), :place, 'x', 1, 1,"
                    " now() - make_interval(days => :days))"
                ),
                {"place": school.id, "days": days},
            )
        for days in (0, 401):
            await connection.execute(
                text(
                    "INSERT INTO daily_check (commit_id, place_id, set_id, day, moment, made_at,"
                    " answers, score, maximum, outcome) VALUES (gen_random_uuid(), :place, :set,"
                    " current_date - CAST(:days AS integer), 'day', now(), '{}', 0, 0, 'x')"
                ),
                {"place": school.id, "set": school.criteria.id, "days": days},
            )
    await clean_up(job_context, {})
    assert len(await rows(owner, "SELECT 1 FROM safety_photo")) == 1
    assert len(await rows(owner, "SELECT 1 FROM daily_check")) == 1
