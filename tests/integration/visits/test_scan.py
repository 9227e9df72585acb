"""Scans through the real route: arriving, leaving, repeating, moving, late, replayed, refused."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import MakeOfficer, MakeResident, Someone
from tests.integration.visits.conftest import MakePlace, Scan


def ago(**length: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**length)


async def visits(client: httpx.AsyncClient, someone: Someone) -> list[dict]:
    answer = await client.get("/api/v1/me/visits", headers=someone.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["visits"]


async def test_arrive_repeat_leave(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place()
    arrived = await scan(person, place, ago(minutes=40))
    assert arrived.status_code == 201, arrived.text
    assert arrived.json()["outcome"] == "arrived"
    assert arrived.json()["visit"]["place"] == {
        "code": place.code,
        "name": "Quán Phở Thử",
        "kind": "food",
    }
    assert (await scan(person, place, ago(minutes=38))).json()["outcome"] == "repeated"
    left = await scan(person, place, ago(minutes=10))
    assert left.json()["outcome"] == "departed"
    (visit,) = await visits(client, person)
    assert visit["end_source"] == "scanned"
    assert datetime.fromisoformat(visit["ends_at"]) == datetime.fromisoformat(
        left.json()["visit"]["ends_at"]
    )


async def test_new_arrival_ends_the_last_one(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, first, second = await make_resident(), await make_place(), await make_place()
    await scan(person, first, ago(minutes=30))
    moved_at = ago(minutes=20)
    assert (await scan(person, second, moved_at)).json()["outcome"] == "moved"
    newest, older = await visits(client, person)
    assert newest["open"]
    assert older["end_source"] == "next_arrival"
    assert datetime.fromisoformat(older["ends_at"]) == moved_at


async def test_another_room_of_the_same_place_is_a_move(
    make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person = await make_resident()
    hall = await make_place()
    room = await make_place(place_id=hall.place_id, room="Phòng 201")
    await scan(person, hall, ago(minutes=30))
    answer = (await scan(person, room, ago(minutes=20))).json()
    assert (answer["outcome"], answer["visit"]["room"]) == ("moved", "Phòng 201")


async def test_a_visit_ends_by_the_usual_stay(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place(stay=45)
    begun = ago(hours=3)
    await scan(person, place, begun)
    (visit,) = await visits(client, person)
    assert not visit["open"]
    assert datetime.fromisoformat(visit["ends_at"]) - begun == timedelta(minutes=45)
    assert (await scan(person, place)).json()["outcome"] == "arrived"


async def test_the_same_scan_twice_changes_nothing(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace
) -> None:
    person, place = await make_resident(), await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code}
    first = await client.post("/api/v1/visits", json=body, headers=person.headers)
    again = await asyncio.gather(
        *(client.post("/api/v1/visits", json=body, headers=person.headers) for _ in range(20))
    )
    assert {answer.status_code for answer in again} == {201}
    assert {answer.json()["visit"]["id"] for answer in again} == {first.json()["visit"]["id"]}
    assert len(await visits(client, person)) == 1


async def test_the_same_scan_over_midnight_is_still_the_same(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace
) -> None:
    """A client that names the time only on the second try must not make a second visit."""
    person, place = await make_resident(), await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code, "at": ago(hours=20).isoformat()}
    await client.post("/api/v1/visits", json=body, headers=person.headers)
    del body["at"]
    await client.post("/api/v1/visits", json=body, headers=person.headers)
    assert len(await visits(client, person)) == 1


async def test_another_person_may_use_the_same_scan_id(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace
) -> None:
    one, two, place = await make_resident(), await make_resident(), await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code}
    for person in (one, two):
        answer = await client.post("/api/v1/visits", json=body, headers=person.headers)
        assert answer.json()["outcome"] == "arrived"
        assert len(await visits(client, person)) == 1


async def test_late_scans_fall_into_their_place(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    """A phone that was offline reports the morning after the evening was scanned."""
    person = await make_resident()
    morning, noon, evening = [await make_place(stay=240) for _ in range(3)]
    await scan(person, evening, ago(hours=1))
    await scan(person, morning, ago(hours=4))
    assert (await scan(person, noon, ago(hours=2))).json()["outcome"] == "moved"
    assert (await scan(person, noon, ago(hours=1.5))).json()["outcome"] == "departed"
    latest, middle, first = await visits(client, person)
    assert latest["open"]
    assert middle["end_source"] == "scanned"
    assert first["ends_at"] == middle["started_at"]
    spans = sorted((v["started_at"], v["ends_at"]) for v in (latest, middle, first))
    assert all(a[1] <= b[0] for a, b in pairwise(spans)), "visits overlap"


async def test_out_before_the_late_in_is_kept_apart(
    make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place()
    answer = await scan(person, place, ago(minutes=5), direction="out")
    assert answer.json() == {"outcome": "not_inside", "visit": None}


async def test_explicit_departure_after_the_usual_stay_lengthens_the_visit(
    client: httpx.AsyncClient, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, place = await make_resident(), await make_place(stay=30)
    await scan(person, place, ago(hours=3))
    left_at = ago(hours=1)
    assert (await scan(person, place, left_at, direction="out")).json()["outcome"] == "departed"
    (visit,) = await visits(client, person)
    assert datetime.fromisoformat(visit["ends_at"]) == left_at


async def test_a_family_is_one_scan(
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    make_resident: MakeResident,
    make_place: MakePlace,
    scan: Scan,
) -> None:
    async with owner.begin() as connection:
        household = await connection.scalar(
            text("INSERT INTO household DEFAULT VALUES RETURNING id")
        )
    mother = await make_resident(household=household)
    child = await make_resident(household=household)
    stranger, place = await make_resident(), await make_place()
    assert (await scan(mother, place, people=[child.id])).status_code == 201
    assert len(await visits(client, child)) == 1
    refused = await scan(mother, place, people=[stranger.id])
    assert (refused.status_code, refused.json()["code"]) == (403, "not-your-household")
    assert await visits(client, stranger) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"at": "2999-01-01T00:00:00Z"}, 422, "scan-in-future"),
        ({"at": "2020-01-01T00:00:00Z"}, 422, "scan-too-old"),
        ({"at": "2026-01-01T00:00:00"}, 422, "invalid-input"),
        ({"at": "tomorrow"}, 422, "invalid-input"),
        ({"code": "0000000001"}, 422, "place-code-mistyped"),
        ({"code": "0000000000"}, 404, "place-code-unknown"),
        ({"code": "x" * 41}, 422, "invalid-input"),
        ({"code": ""}, 422, "invalid-input"),
        ({"scan_id": "1"}, 422, "invalid-input"),
        ({"direction": "sideways"}, 422, "invalid-input"),
        ({"people": [0]}, 422, "invalid-input"),
        ({"people": list(range(1, 30))}, 422, "invalid-input"),
        ({"surprise": True}, 422, "invalid-input"),
    ],
)
async def test_bad_scans_are_told_what_is_wrong(
    *,
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    make_place: MakePlace,
    change: dict,
    status: int,
    code: str,
) -> None:
    person, place = await make_resident(), await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code, **change}
    answer = await client.post("/api/v1/visits", json=body, headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await visits(client, person) == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"code": "\xff"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=utf-16", 415),
        (b"{}", "application/json; charset=UTF-8", 422),
        (b" " * 70_000, "application/json", 413),
    ],
)
async def test_unreadable_bodies(
    client: httpx.AsyncClient,
    make_resident: MakeResident,
    content: bytes,
    kind: str,
    status: int,
) -> None:
    person = await make_resident()
    answer = await client.post(
        "/api/v1/visits", content=content, headers={**person.headers, "content-type": kind}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_of_unknown_length_is_cut_off(
    client: httpx.AsyncClient, make_resident: MakeResident
) -> None:
    person = await make_resident()

    async def endless():  # type: ignore[no-untyped-def]
        for _ in range(100):
            yield b" " * 10_000

    answer = await client.post(
        "/api/v1/visits",
        content=endless(),
        headers={**person.headers, "content-type": "application/json"},
    )
    assert answer.status_code == 413


async def test_who_may_scan(
    client: httpx.AsyncClient, make_officer: MakeOfficer, make_place: MakePlace
) -> None:
    place = await make_place()
    body = {"scan_id": str(uuid4()), "code": place.code}
    assert (await client.post("/api/v1/visits", json=body)).status_code == 401
    headers = (await make_officer()).headers
    assert (await client.post("/api/v1/visits", json=body, headers=headers)).status_code == 403
    made_up = {"Authorization": "Bearer " + "A" * 43}
    assert (await client.post("/api/v1/visits", json=body, headers=made_up)).status_code == 401


async def test_closed_and_withdrawn(
    owner: AsyncEngine, make_resident: MakeResident, make_place: MakePlace, scan: Scan
) -> None:
    person, closed, withdrawn = await make_resident(), await make_place(), await make_place()
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE place SET state = 'closed' WHERE id = :id"), {"id": closed.place_id}
        )
        await connection.execute(
            text("UPDATE place_code SET revoked_at = now() WHERE code = :code"),
            {"code": withdrawn.code},
        )
    assert (await scan(person, closed)).json()["code"] == "place-no-longer-run"
    assert (await scan(person, withdrawn)).json()["code"] == "place-code-withdrawn"
