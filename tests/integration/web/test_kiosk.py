"""Pairing a tablet: by whom, with what left behind; and a page that says nothing about anybody."""

import html
import json
import re

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.kit.ids import new_code
from lachan.web.rendering import TEMPLATES
from tests.conftest import AREA, MakeOfficer, MakeResident, Someone


@pytest.fixture
async def keeper(owner: AsyncEngine, make_resident: MakeResident) -> tuple[int, Someone]:
    """A place with a room, and who runs it."""
    someone = await make_resident()
    async with owner.begin() as connection:
        place = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area) VALUES ('Chợ thử', 'market', :area) "
                "RETURNING id"
            ),
            {"area": AREA},
        )
        await connection.execute(
            text("INSERT INTO place_code (code, place_id) VALUES (:code, :place)"),
            {"code": new_code(), "place": place},
        )
        await connection.execute(
            text("INSERT INTO place_staff (place_id, person_id, role) VALUES (:p, :n, 'owner')"),
            {"p": place, "n": someone.id},
        )
    assert isinstance(place, int)
    return place, someone


async def pair(client: httpx.AsyncClient, place: int, who: dict[str, str]) -> httpx.Response:
    return await client.post(
        f"/place/{place}/kiosk", headers={"accept": "text/html", **who}, data={"label": "Cổng"}
    )


async def test_pairing_hands_the_device_its_key_and_ends_the_operators_session(
    client: httpx.AsyncClient, owner: AsyncEngine, keeper: tuple[int, Someone]
) -> None:
    place, someone = keeper
    form = await client.get(f"/place/{place}/kiosk", headers=someone.headers)
    assert form.status_code == 200
    answer = await pair(client, place, someone.headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/kiosk")
    assert "HttpOnly" in answer.headers["set-cookie"]
    key = answer.cookies["lachan_session"]
    device = await client.get("/api/v1/device", headers={"authorization": f"Bearer {key}"})
    assert device.json()["kind"] == "kiosk"
    assert device.json()["label"] == "Cổng"
    # At once, and for good.
    assert (await client.get("/api/v1/me", headers=someone.headers)).status_code == 401
    # A device opens no page of its operator and pairs no other device.
    as_device = {"authorization": f"Bearer {key}"}
    assert (await client.get("/api/v1/me", headers=as_device)).status_code == 403
    assert (await pair(client, place, as_device)).status_code == 403
    async with owner.connect() as connection:
        noted = await connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE action = 'device.added'")
        )
    assert noted == 1


async def test_nobody_else_pairs_a_tablet_with_a_place(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    keeper: tuple[int, Someone],
    make_resident: MakeResident,
    make_officer: MakeOfficer,
) -> None:
    place, someone = keeper
    assert (await pair(client, place, {})).headers["location"] == "/login"
    stranger = await make_resident()
    assert (await pair(client, place, stranger.headers)).status_code == 404
    assert (await client.get("/api/v1/me", headers=stranger.headers)).status_code == 200
    assert (await pair(client, place, (await make_officer()).headers)).status_code == 403
    for label, room in (("", ""), ("x" * 121, ""), ("Cổng", "999999"), ("Cổng", "abc")):
        wrong = await client.post(
            f"/place/{place}/kiosk",
            headers=someone.headers,
            data={"label": label, "room_id": room},
        )
        assert wrong.status_code == 422
    assert (await client.get("/api/v1/me", headers=someone.headers)).status_code == 200
    async with owner.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM device")) == 0
        await connection.execute(
            text("UPDATE place SET state = 'closed' WHERE id = :place"), {"place": place}
        )
    assert (await pair(client, place, someone.headers)).status_code == 410


async def test_the_kept_page_is_the_same_for_everybody(
    client: httpx.AsyncClient, keeper: tuple[int, Someone]
) -> None:
    _, someone = keeper
    pages = [
        await client.get("/kiosk/page", headers=headers)
        for headers in ({}, {**someone.headers, "accept-language": "en", "cookie": "theme=dark"})
    ]
    assert pages[0].text == pages[1].text
    assert "'wasm-unsafe-eval'" in pages[0].headers["content-security-policy"]
    worker = await client.get("/kiosk/sw.js")
    assert worker.headers["service-worker-allowed"] == "/kiosk"
    assert worker.headers["cache-control"] == "no-cache"
    told = re.match(r"self\.LACHAN_KIOSK = (\{.*?\});\n", worker.text)
    assert told
    kept = json.loads(told[1])
    # What the page needs without a network, the compiled QR reader included.
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', pages[0].text)
    assert {*linked} <= {*kept["files"]}
    assert [one for one in kept["files"] if one.endswith(".wasm")]
    for file in kept["files"]:
        assert (await client.get(file)).status_code == 200


async def test_whoever_leaves_holds_no_key(client: httpx.AsyncClient) -> None:
    answer = await client.post("/kiosk/leave", headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    foreign = await client.post("/kiosk/leave", headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403


@pytest.mark.parametrize("way_out", ["/kiosk/leave", "/logout"])
async def test_a_tablet_that_is_signed_out_is_off_the_list_for_good(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    keeper: tuple[int, Someone],
    make_resident: MakeResident,
    way_out: str,
) -> None:
    place, someone = keeper
    # A bare key is for machines without a screen; a tablet is paired.
    bare = await client.post(
        f"/place/{place}/devices",
        data={"kind": "kiosk", "label": "Cổng"},
        headers=someone.headers,
    )
    assert bare.status_code == 422
    page = await client.get(f"/place/{place}/devices", headers=someone.headers)
    assert f'href="/place/{place}/kiosk"' in page.text
    key = (await pair(client, place, someone.headers)).cookies["lachan_session"]
    as_device = {"authorization": f"Bearer {key}"}
    assert (await client.get("/api/v1/device", headers=as_device)).status_code == 200
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM device"))).one()
    assert row.seen_at is not None, "a tablet to which nobody comes is alive"
    assert row.revoked_at is None
    # Somebody else who leaves closes nothing.
    other = await make_resident()
    await client.post(way_out, headers=other.headers)
    for _ in range(2):
        left = await client.post(way_out, headers=as_device)
        assert left.status_code == 303
    assert (await client.get("/api/v1/device", headers=as_device)).status_code == 401
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM device"))).one()
        noted = await connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE action = 'device.left'")
        )
    assert row.revoked_at is not None
    assert noted == 1


async def test_every_sentence_of_the_page_comes_in_both_languages(
    client: httpx.AsyncClient,
) -> None:
    shown = (await client.get("/kiosk")).text
    scripts = TEMPLATES.parent / "assets/src"
    said = "".join(
        path.read_text(encoding="utf-8")
        for path in [*scripts.glob("kiosk/*.ts"), scripts / "entries/kiosk.ts"]
    )
    keys = {*re.findall(r'data-(?:say|label)="([^"]+)"', shown)}
    keys |= {*re.findall(r'say\("(kiosk-[a-z0-9-]+)"', said)}
    keys |= {*re.findall(r'"(kiosk-(?:pad|line|setup|pin|prompt)[a-z0-9-]*)"', said)}
    assert len(keys) > 60
    for lang in ("vi", "en"):
        carried = re.search(rf'data-{lang}="([^"]+)"', shown)
        assert carried
        sentences = json.loads(html.unescape(carried[1]))
        assert keys - {*sentences} == set()
