"""The certificate for the door: issued while the place is safe, and looked up by whoever scans."""

import io
from typing import Any

import httpx
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.checks import certificate as certificates
from lachan.settings import Settings
from tests.conftest import MakeResident
from tests.days import today
from tests.integration.safety.conftest import Facility


async def commit(client: httpx.AsyncClient, place: Facility, **more: Any) -> None:
    answer = await client.post(
        f"/api/v1/places/{place.id}/checks", json=place.check(**more), headers=place.owner.headers
    )
    assert answer.status_code == 201


async def token_of(app: FastAPI, client: httpx.AsyncClient, place: Facility) -> str:
    """What an old phone reads from the sheet."""
    state = app.state
    async with state.storage.transaction(place.owner.token) as connection:
        viewer = await state.sessions.find(place.owner.token)
        issued = await certificates.issue(connection, state.keyring, viewer, place.id, today())
    drawn = certificates.draw_now(state.catalogs, state.settings, issued, ppi=100)
    with Image.open(io.BytesIO(drawn)) as page:
        (found,) = zxingcpp.read_barcodes(page.convert("L"))
    assert found.text == certificates.url_of(Settings().web.base_url, issued.token)
    return issued.token


async def test_a_safe_place_prints_it_and_whoever_scans_it_sees_how_it_stands_today(
    client: httpx.AsyncClient, app: FastAPI, school: Facility, owner: AsyncEngine
) -> None:
    path = f"/api/v1/places/{school.id}/certificate.pdf"
    refused = await client.get(path, headers=school.owner.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "certificate-not-safe")
    await commit(client, school)
    printed = await client.get(path, headers=school.owner.headers)
    assert printed.status_code == 200
    assert printed.content.startswith(b"%PDF-")
    token = await token_of(app, client, school)
    told = (await client.get(f"/api/v1/safety/certificates/{token}")).json()
    assert (told["place"], told["colour_today"]) == ("Trường thử", "green")
    assert (told["score"], told["maximum"], told["day"]) == (10, 10, today().isoformat())
    page = await client.get(f"/certificates/{token}", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "Hôm nay vẫn an toàn" in page.text
    # Whatever the paper says, the page says what is so now.
    await commit(client, school, zero=("1", "2", "3", "4", "5"))
    page = await client.get(f"/certificates/{token}", headers={"accept": "text/html"})
    assert "Hôm nay vẫn an toàn" not in page.text
    assert "Không an toàn" in page.text
    async with owner.begin() as connection:
        await connection.execute(text("DELETE FROM daily_check"))
        await connection.execute(text("DELETE FROM place"))
    page = await client.get(f"/certificates/{token}", headers={"accept": "text/html"})
    assert "không còn trên bản đồ" in page.text


async def test_the_sheet_says_the_class_that_was_reached(
    client: httpx.AsyncClient, app: FastAPI, school: Facility, owner: AsyncEngine
) -> None:
    """Where two classes are safe, the second best is not called the best."""
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE criteria_set SET rules = "
                "jsonb_set(rules, '{classes,1,colour}', '\"green\"') WHERE id = :set"
            ),
            {"set": school.criteria.id},
        )
    await commit(client, school, zero=("1", "2", "3"))
    state = app.state
    async with state.storage.transaction(school.owner.token) as connection:
        viewer = await state.sessions.find(school.owner.token)
        issued = await certificates.issue(connection, state.keyring, viewer, school.id, today())
    best, second = issued.criteria.rules.classes[:2]
    assert (best.colour, second.colour, issued.outcome) == ("green", "green", second)


async def test_a_forged_one_says_so(client: httpx.AsyncClient, criteria: None) -> None:
    for token in ("x", "A" * 124, "%C3%A9"):
        answer = await client.get(f"/api/v1/safety/certificates/{token}")
        assert (answer.status_code, answer.json()["code"]) == (404, "certificate-unknown")
        page = await client.get(f"/certificates/{token}", headers={"accept": "text/html"})
        assert page.status_code == 404
        assert "Không có chứng nhận này" in page.text


async def test_only_those_who_run_the_place_print_it(
    client: httpx.AsyncClient, school: Facility, make_resident: MakeResident
) -> None:
    await commit(client, school)
    path = f"/api/v1/places/{school.id}/certificate.pdf"
    assert (await client.get(path)).status_code == 401
    stranger = await make_resident()
    assert (await client.get(path, headers=stranger.headers)).status_code == 403


async def test_the_key_to_check_with_is_public(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/safety/certificate-key")
    assert len(answer.json()["key"]) == 43
