"""From rows to visits: the worker's part."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import sessions
from lachan.identity.service import enrol_person
from lachan.kit.clock import now
from lachan.kit.crypto import Keyring
from lachan.kit.http.access import Viewer
from lachan.kit.spreadsheets import read
from lachan.visits.domain import Direction
from lachan.visits.paper import service
from lachan.visits.paper.domain import Written
from tests.conftest import AREA, MakeOfficer, Someone
from tests.integration.visits.paper.conftest import Fetch, Work

Yesterday = Callable[..., datetime]


def viewer_of(someone: Someone) -> Viewer:
    return Viewer("resident", someone.token, "", person_id=someone.id)


async def import_csv(app: FastAPI, someone: Someone, place: int, csv: str) -> UUID:
    content = csv.encode()
    async with app.state.storage.transaction(someone.token) as connection:
        viewer = viewer_of(someone)
        found = await service.access_place(connection, viewer, place)
        list_id, _ = await service.add_file(
            connection, app.state.keyring, app.state.settings, viewer, found, content, read(content)
        )
    return list_id


async def confirm(app: FastAPI, someone: Someone, place: int, list_id: UUID) -> None:
    async with app.state.storage.transaction(someone.token) as connection:
        of = await service.access_list(connection, viewer_of(someone), place, list_id)
        await service.confirm(connection, of)


async def test_a_list_becomes_visits(
    app: FastAPI,
    keyring: Keyring,
    operator: Someone,
    place: int,
    work: Work,
    fetch: Fetch,
    yesterday: Yesterday,
) -> None:
    async with app.state.storage.transaction() as connection:
        known = await enrol_person(connection, keyring, phone="0912345678")
    day = yesterday(7)
    csv = (
        f"SỔ KHÁCH NGÀY {day:%d/%m/%Y}\n"
        "STT;Họ và tên;Số ĐT;Giờ vào;Giờ ra;Phòng;CCCD\n"
        "1;Trần Thị Thử;0912 345 678;7h30;8:15;phong 1;\n"
        "2;Lê Văn Mẫu;;07:45;;;001099012345\n"
        "3;Phạm Không Số;;12:00;13:00;Tầng thượng;\n"
        "4;Ai Đó;0912;9:00;;;\n"
        ";;;;;;\n"
        "5;Ngô Giờ Lạ;0987654321;sáng sớm;;;\n"
    )
    list_id = await import_csv(app, operator, place, csv)
    await work()
    rows = await fetch("SELECT line, state, reasons FROM paper_row ORDER BY line")
    assert [(row.line, row.state, row.reasons) for row in rows] == [
        (3, "ready", []),
        (4, "ready", []),
        (5, "ready", ["room-unknown"]),
        (6, "doubtful", ["phone-invalid"]),
        (8, "doubtful", ["arrival-unreadable"]),
    ]
    assert await fetch("SELECT 1 FROM visit") == []

    await confirm(app, operator, place, list_id)
    await work()
    visits = await fetch(
        "SELECT v.*, r.name AS room FROM visit v LEFT JOIN room r ON r.id = v.room_id"
        " ORDER BY started_at"
    )
    assert [(v.started_at, v.ends_at, v.end_source, v.source, v.room) for v in visits] == [
        (yesterday(7, 30), yesterday(8, 15), "scanned", "paper", "Phòng 1"),
        (yesterday(7, 45), yesterday(8, 45), "expected", "paper", None),
        (yesterday(12), yesterday(13), "scanned", "paper", None),
    ]
    assert visits[0].person_id == known
    assert len({v.person_id for v in visits}) == 3
    (one,) = await fetch("SELECT state, row_count, rows_handled, sealed FROM paper_list")
    assert (one.state, one.row_count, one.rows_handled, one.sealed) == ("done", 5, 5, None)


async def test_the_same_file_again_changes_nothing(
    app: FastAPI, operator: Someone, place: int, work: Work, fetch: Fetch, yesterday: Yesterday
) -> None:
    day = f"{yesterday(7):%d/%m/%Y}"
    csv = f"Tên,SĐT,Giờ vào\nAn,0912345678,{day} 7:30\nBình,,{day} 8:00\n"
    first = await import_csv(app, operator, place, csv)
    await work()
    await confirm(app, operator, place, first)
    await work()
    assert await import_csv(app, operator, place, csv) == first
    await confirm(app, operator, place, first)
    await work()
    # One line more: the others are known again.
    more = await import_csv(app, operator, place, csv + f"Chi,0987654321,{day} 9:00\n")
    assert more != first
    await work()
    rows = await fetch("SELECT line, state, reasons FROM paper_row WHERE list_id = :l", l=more)
    assert sorted((row.line, row.state, row.reasons) for row in rows) == [
        (2, "refused", ["repeated"]),
        (3, "refused", ["repeated"]),
        (4, "ready", []),
    ]
    await confirm(app, operator, place, more)
    await work()
    assert len(await fetch("SELECT 1 FROM visit")) == 3


async def test_a_device_leaves_what_it_cannot_settle_and_a_tracer_settles_it(
    app: FastAPI,
    client: httpx.AsyncClient,
    owner: AsyncEngine,
    keyring: Keyring,
    place: int,
    make_officer: MakeOfficer,
    work: Work,
    fetch: Fetch,
) -> None:
    async with owner.begin() as connection:
        device = await connection.scalar(
            text(
                "INSERT INTO device (place_id, kind, label) VALUES (:place, 'kiosk', 'Cửa trước')"
                " RETURNING id"
            ),
            {"place": place},
        )
    async with app.state.storage.transaction() as connection:
        token = await sessions.open_session(
            connection, keyring, minutes=60, device_id=device, client="device"
        )
    scan_id = uuid4()
    for _ in range(2):
        async with app.state.storage.transaction(token) as connection:
            await service.hold(
                connection,
                keyring,
                place_id=place,
                room_id=None,
                device_id=device,
                scan_id=scan_id,
                shown="PHONE:0912345678:",
                direction=Direction.IN,
                at=now(),
                reason="phone-unconfirmed",
            )
    (row,) = await fetch("SELECT * FROM paper_row")
    assert (row.device_id, row.state, row.reasons) == (device, "doubtful", ["phone-unconfirmed"])
    assert b"0912" not in bytes(row.sealed)
    tracer = await make_officer("tracer", AREA)
    address = f"/desk/paper/waiting/{place}"
    shown = await client.get(address, headers=tracer.headers)
    assert "0912" not in shown.text
    settled = await client.post(
        f"{address}/settle", data={"reason": "phone-unconfirmed"}, headers=tracer.headers
    )
    assert settled.status_code == 303
    await work()
    (visit,) = await fetch("SELECT * FROM visit")
    assert (visit.source, visit.device_id, visit.place_id) == ("device", device, place)
    other = await client.post(
        f"{address}/settle", data={"reason": "nobody"}, headers=tracer.headers
    )
    assert other.status_code == 422


async def test_a_typed_row_is_kept_and_repeats_nothing(
    app: FastAPI, keyring: Keyring, operator: Someone, place: int, work: Work, fetch: Fetch
) -> None:
    viewer = viewer_of(operator)

    async def type_(key: str, **cells: str) -> tuple[str, list[str]]:
        async with app.state.storage.transaction(operator.token) as connection:
            found = await service.access_place(connection, viewer, place)
            typed = await service.type_row(
                connection, keyring, app.state.settings, viewer, found, Written(**cells), key
            )
        return typed.state, list(typed.row.reasons)

    assert await type_("a", phone="0912345678", arrival="0:01") == ("ready", [])
    assert await type_("a", phone="0912345678", arrival="0:01") == ("ready", [])
    assert await type_("b", phone="0912 345678", arrival="0h01") == ("refused", ["repeated"])
    assert await type_("c", name="An", arrival="0:01") == ("ready", [])
    assert await type_("d", name="an", arrival="0:02") == ("doubtful", ["same-name"])
    await work()
    assert len(await fetch("SELECT 1 FROM visit WHERE source = 'paper'")) == 2
    assert len(await fetch("SELECT 1 FROM paper_row")) == 4
