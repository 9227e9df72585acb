"""Photos as evidence: drawn anew, given to one item of one check, seen by who may."""

import asyncio
import io
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.safety.checks import photos
from tests.conftest import MakeResident
from tests.integration.safety.conftest import Facility, MakeFacility


def drawn(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, "red")
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x010F] = "CAMERA-OF-SOMEBODY"
        exif[0x0112] = 6  # lies on its side
        exif.get_ifd(0x8825)[1] = "N"
        more = {"exif": exif, **more}
    picture.save(out, kind, **more)
    return out.getvalue()


async def give(client: httpx.AsyncClient, place: Facility, raw: bytes) -> httpx.Response:
    return await client.post(
        f"/api/v1/places/{place.id}/photos",
        content=raw,
        headers={**place.owner.headers, "content-type": "image/jpeg"},
    )


@pytest.fixture
async def strict(school: Facility, owner: AsyncEngine) -> Facility:
    """The school, in whose set the item at the gate needs a photo."""
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE criteria_item SET evidence = 'photo' WHERE code = '6' AND set_id = :set"),
            {"set": school.criteria.id},
        )
    return school


async def test_only_the_picture_is_kept_and_upright(
    client: httpx.AsyncClient, school: Facility, owner: AsyncEngine, make_resident: MakeResident
) -> None:
    raw = drawn()
    assert b"CAMERA" in raw
    taken = await give(client, school, raw)
    assert taken.status_code == 201, taken.text
    path = f"/api/v1/places/{school.id}/photos/{taken.json()['id']}"
    kept = await client.get(path, headers=school.owner.headers)
    assert kept.headers["content-type"] == "image/jpeg"
    assert b"CAMERA" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((20, 40), {})
    stranger = await make_resident()
    assert (await client.get(path, headers=stranger.headers)).status_code == 403
    assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize(("kind", "size"), [("PNG", (3000, 1000)), ("WEBP", (100, 100))])
async def test_other_pictures_are_taken_and_made_smaller(
    client: httpx.AsyncClient,
    school: Facility,
    kind: str,
    size: tuple[int, int],
    owner: AsyncEngine,
) -> None:
    assert (await give(client, school, drawn(kind, size))).status_code == 201
    async with owner.connect() as connection:
        kept = (await connection.execute(text("SELECT * FROM safety_photo"))).one()
    assert (kept.width, kept.height) == (min(size[0], 1600), min(size[1], 533))
    with Image.open(io.BytesIO(kept.picture)) as seen:
        assert seen.format == "JPEG"


@pytest.mark.parametrize(
    "raw",
    [b"", b"not a picture", b"\xff\xd8\xff\xe0" + bytes(200), drawn()[:-150], drawn("BMP"),
     b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ids=["nothing", "text", "header", "cut", "bmp", "svg"],
)  # fmt: skip
async def test_what_is_no_picture_is_refused(
    client: httpx.AsyncClient, school: Facility, raw: bytes, owner: AsyncEngine
) -> None:
    answer = await give(client, school, raw)
    assert (answer.status_code, answer.json()["code"]) == (422, "safety-photo-unreadable")
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM safety_photo")) == 0


async def test_a_picture_of_too_many_pixels_is_not_even_opened(
    client: httpx.AsyncClient, school: Facility
) -> None:
    huge = drawn("PNG", (10_000, 5_001))
    assert len(huge) < 200_000
    answer = await give(client, school, huge)
    assert (answer.status_code, answer.json()["code"]) == (413, "safety-photo-too-large")


async def test_pictures_are_drawn_few_at_a_time_and_beside_the_database(
    app: FastAPI,
    client: httpx.AsyncClient,
    school: Facility,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing, seen = 0, []
    redraw = photos.redraw
    counting = threading.Lock()

    def watched(raw: bytes, *limits: int) -> photos.Picture:
        nonlocal drawing
        with counting:
            drawing += 1
        time.sleep(0.05)
        seen.append((drawing, app.state.storage.app.pool.checkedout()))
        with counting:
            drawing -= 1
        return redraw(raw, *limits)

    monkeypatch.setattr(photos, "redraw", watched)
    given = await asyncio.gather(*(give(client, school, drawn()) for _ in range(6)))
    assert {one.status_code for one in given} == {201}
    assert max(at_once for at_once, _ in seen) == 2
    seen.clear()
    # One after the other, so that nobody else holds a connection meanwhile.
    told = await client.post(
        f"/api/v1/places/{school.id}/feedback", json={"body": "Cổng sau không có nước sát khuẩn."}
    )
    for path, form, headers in (
        (f"/api/v1/places/{school.id}/photos", {"content": drawn()}, school.owner.headers),
        (f"/api/v1/feedback/{told.json()['handle']}/photos", {"content": drawn()}, {}),
        (
            f"/map/places/{school.id}/tell",
            {"data": {"body": "Nhà bếp không có xà phòng."}, "files": {"photo": ("a", drawn())}},
            {},
        ),
        (
            f"/safety/commits/{school.id}/before",
            {"data": {"commit_id": str(uuid4())}, "files": {"photo-1": ("a", drawn())}},
            school.owner.headers,
        ),
    ):
        before = len(seen)
        await client.post(path, headers=headers, **form)
        assert seen[before:] == [(1, 0)], path


async def test_too_many_bytes_are_refused_before_they_are_read(
    client: httpx.AsyncClient, school: Facility
) -> None:
    answer = await give(client, school, bytes(8_388_609))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_an_item_that_needs_a_photo_is_met_only_with_one(
    client: httpx.AsyncClient, strict: Facility, make_facility: MakeFacility
) -> None:
    path = f"/api/v1/places/{strict.id}/checks"
    headers = strict.owner.headers

    async def refused(**more: Any) -> list[str]:
        answer = await client.post(path, json=strict.check(**more), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "check-photo-missing")
        return list(answer.json()["fields"])

    assert await refused() == ["photos.6"]
    assert await refused(photos={"6": [str(uuid4())]}) == ["photos"]
    other = await make_facility()
    foreign = (await give(client, other, drawn())).json()["id"]
    assert await refused(photos={"6": [foreign]}) == ["photos"]
    mine = (await give(client, strict, drawn())).json()["id"]
    assert await refused(photos={"6": [mine], "1": [mine]}) == ["photos"]
    body = strict.check(photos={"6": [mine]})
    assert (await client.post(path, json=body, headers=headers)).status_code == 201
    # It belongs to that check now.
    assert await refused(photos={"6": [mine]}) == ["photos"]
    # Not met needs no proof.
    honest = strict.check(zero=("6",))
    assert (await client.post(path, json=honest, headers=headers)).status_code == 201


async def test_photos_of_a_place_come_from_those_who_run_it(
    client: httpx.AsyncClient, school: Facility, make_resident: MakeResident
) -> None:
    stranger = await make_resident()
    path = f"/api/v1/places/{school.id}/photos"
    assert (await client.post(path, content=drawn())).status_code == 401
    answer = await client.post(path, content=drawn(), headers=stranger.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "check-place-foreign")
