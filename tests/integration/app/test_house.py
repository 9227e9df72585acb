"""The house itself: alive, ready, and clear about what it refuses."""

import httpx


async def test_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert answer.json()["checks"] == {"database": True, "migrated": True, "intake": True}


async def test_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"
