"""Facilities from lists: a dry run, then one press, and nothing twice."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import osmium
import pytest
from rich.progress import Progress
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Grant, Viewer
from lachan.safety.importing import command, files, service, store, tasks
from lachan.safety.importing import work_store as work
from lachan.safety.importing.domain import Found
from tests.conftest import AREA, Database, MakeOfficer

HEADING = "Mã;Tên;Loại;Phường xã;Vĩ độ;Kinh độ;Địa chỉ\n"
GOOD = (
    "T1;Trường Tiểu học Một;Trường học;;21.0340;105.8280;Phố A\n"
    "T2;Trường THCS Hai;THCS;;21.0360;105.8300;\n"
    "Y1;Trạm Y tế Ba;trạm y tế;00004;;;\n"
)


@pytest.fixture
async def admin(make_officer: MakeOfficer) -> Viewer:
    someone = await make_officer("admin", "VN.01")
    return Viewer(
        kind="officer",
        token=someone.token,
        display_name="",
        officer_id=someone.id,
        grants=(Grant("admin", "VN.01"),),
    )


async def send(
    owner: AsyncEngine,
    context: JobContext,
    admin: Viewer,
    content: str | bytes,
    name: str = "so-giao-duc.csv",
) -> int:
    """Send a file and have the worker read it."""
    raw = content.encode() if isinstance(content, str) else content
    async with owner.begin() as connection:
        import_id = await service.send(connection, admin, name, raw)
    await tasks.read(context, {"import": import_id})
    return import_id


async def take(owner: AsyncEngine, context: JobContext, admin: Viewer, import_id: int) -> None:
    async with owner.begin() as connection:
        await service.take_over(connection, admin, import_id)
    await tasks.take(context, {"import": import_id})


async def verdicts(owner: AsyncEngine, import_id: int) -> dict[int, tuple[str, str]]:
    async with owner.connect() as connection:
        return {
            line.line: (line.verdict, line.reason)
            async for line in store.every(connection, import_id)
        }


async def place_count(owner: AsyncEngine) -> int:
    async with owner.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM place")) or 0)


async def register(owner: AsyncEngine, name: str, lat: float | None, lon: float | None) -> int:
    async with owner.begin() as connection:
        found = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, lat, lon, h3, folded) VALUES "
                "(:name, 'school', :area, :lat, :lon, :cell, '') RETURNING id"
            ),
            {
                "name": name,
                "area": AREA,
                "lat": lat,
                "lon": lon,
                "cell": service.cell_of(lat, lon) if lat is not None and lon is not None else None,
            },
        )
        return int(found or 0)


async def test_the_dry_run_changes_nothing_and_tells_every_line(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(
        owner,
        job_context,
        admin,
        HEADING
        + GOOD
        + "T3;Trường ngược;Trường học;;105.828;21.034;\n"
        + "T4;Trường ở Paris;Trường học;;48.85;2.35;\n"
        + "T5;Quán rượu;bar;;21.03;105.83;\n"
        + "T6;=cmd|' /C calc'!A0;Trường học;;21.03;105.83;\n"
        + "T7;Trường ngoài khơi;Trường học;;19.5;107.9;\n"
        + "T1;Trường trùng mã;Trường học;;21.031;105.831;\n"
        + "T8;Trường Sài Gòn;Trường học;;10.776;106.700;\n",
    )
    assert await verdicts(owner, import_id) == {
        2: ("new", ""),
        3: ("new", ""),
        4: ("new", ""),
        5: ("refused", "swapped"),
        6: ("refused", "abroad"),
        7: ("refused", "kind-unknown"),
        8: ("refused", "formula"),
        9: ("refused", "off-land"),
        10: ("refused", "ref-twice"),
        11: ("refused", "outside-area"),
    }
    assert await place_count(owner) == 0


async def test_taking_over_registers_codes_and_joins_the_map(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, HEADING + GOOD)
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        rows = (
            await connection.execute(
                text(
                    """
                    SELECT p.name, p.kind, p.by_authority, s.ref, c.code IS NOT NULL AS coded,
                           f.place_id IS NOT NULL AS joined, p.area LIKE 'VN.01.%' AS placed
                    FROM place p JOIN place_source s ON s.place_id = p.id
                    LEFT JOIN place_code c ON c.place_id = p.id
                    LEFT JOIN place_safety f ON f.place_id = p.id ORDER BY s.ref
                    """
                )
            )
        ).all()
        found = await store.get(connection, import_id)
    assert [tuple(row) for row in rows] == [
        ("Trường Tiểu học Một", "school", True, "T1", True, True, True),
        ("Trường THCS Hai", "school", True, "T2", True, True, True),
        ("Trạm Y tế Ba", "medical", True, "Y1", True, True, True),
    ]
    assert found is not None
    assert (found.state, found.made, found.lines) == ("done", 3, 3)


async def test_the_same_list_again_makes_nothing(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    await take(owner, job_context, admin, await send(owner, job_context, admin, HEADING + GOOD))
    again = await send(owner, job_context, admin, HEADING + GOOD)
    assert set((await verdicts(owner, again)).values()) == {("known", "")}
    await take(owner, job_context, admin, again)
    # Without numbers, and by another name: name and position know them.
    bare = "\n".join(line.partition(";")[2] for line in (HEADING + GOOD).splitlines())
    other = await send(owner, job_context, admin, bare, "khac.csv")
    assert set((await verdicts(owner, other)).values()) == {("matched", "")}
    await take(owner, job_context, admin, other)
    assert await place_count(owner) == 3


async def test_a_worker_that_stopped_half_way_goes_on_without_doubles(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, HEADING + GOOD)
    await take(owner, job_context, admin, import_id)
    await tasks.take(job_context, {"import": import_id})
    assert await place_count(owner) == 3


async def test_what_is_registered_is_matched_and_given_its_position(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    known = await register(owner, "Tiểu học Một", 21.0345, 105.8284)
    blank = await register(owner, "Trạm Y tế Ba", None, None)
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET kind = 'medical' WHERE id = :id"),
                                 {"id": blank})  # fmt: skip
    listed = GOOD.replace("00004;;;", "00004;21.0341;105.8281;")
    import_id = await send(owner, job_context, admin, HEADING + listed)
    found = await verdicts(owner, import_id)
    assert found == {2: ("matched", ""), 3: ("new", ""), 4: ("matched", "")}
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        refs = {
            row.ref: row.place_id
            for row in await connection.execute(text("SELECT ref, place_id FROM place_source"))
        }
        position = (
            await connection.execute(
                text("SELECT lat, lon, h3 FROM place WHERE id = :id"), {"id": blank}
            )
        ).one()
    assert (refs["T1"], refs["Y1"]) == (known, blank)
    assert tuple(position) == (21.0341, 105.8281, service.cell_of(21.0341, 105.8281))
    assert await place_count(owner) == 3


async def test_a_list_that_names_one_facility_twice_makes_one(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    content = HEADING + GOOD + "Z9;Tiểu học Một;TH;;21.0341;105.8281;\n"
    import_id = await send(owner, job_context, admin, content)
    assert (await verdicts(owner, import_id))[5] == ("matched", "")
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        shared = await connection.scalar(
            text("SELECT count(DISTINCT place_id) FROM place_source WHERE ref IN ('T1', 'Z9')")
        )
    assert (shared, await place_count(owner)) == (1, 3)


@pytest.mark.parametrize(("decision", "places"), [("same", 3), ("new", 4), ("leave", 3)])
async def test_a_doubtful_line_waits_for_a_person(
    owner: AsyncEngine,
    job_context: JobContext,
    admin: Viewer,
    decision: store.Decision,
    places: int,
) -> None:
    known = await register(owner, "Trường Tiểu học Một Hai", 21.0341, 105.8281)
    import_id = await send(owner, job_context, admin, HEADING + GOOD)
    assert (await verdicts(owner, import_id))[2] == ("doubtful", "alike")
    await take(owner, job_context, admin, import_id)
    assert await place_count(owner) == 3, "the line waits, nothing is made of it"
    async with owner.begin() as connection:
        await service.decide(connection, admin, import_id, 2, decision)
    await take(owner, job_context, admin, import_id)
    assert await place_count(owner) == places
    async with owner.begin() as connection:
        linked = await connection.scalar(text("SELECT place_id FROM place_source WHERE ref = 'T1'"))
        assert (linked == known) is (decision == "same")
        assert (linked is None) is (decision == "leave")
        with pytest.raises(NotFound):
            await service.decide(connection, admin, import_id, 2, "same")


async def test_a_place_registered_since_the_dry_run_is_no_double(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, HEADING + GOOD)
    known = await register(owner, "Trường Tiểu học Một", 21.0340, 105.8280)
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        linked = await connection.scalar(text("SELECT place_id FROM place_source WHERE ref = 'T1'"))
    assert (linked, await place_count(owner)) == (known, 3)


async def test_a_number_that_now_names_something_else_waits(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    await take(owner, job_context, admin, await send(owner, job_context, admin, HEADING + GOOD))
    moved = HEADING + "T1;Trường THPT Khác Hẳn;THPT;;21.0500;105.8600;\n"
    again = await send(owner, job_context, admin, moved)
    assert await verdicts(owner, again) == {2: ("doubtful", "ref-differs")}


async def test_a_file_that_cannot_be_read_says_so(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, b"\x00\x01rubbish", "viet-nam.osm.pbf")
    async with owner.connect() as connection:
        found = await store.get(connection, import_id)
    assert found is not None
    assert (found.state, found.lines) == ("failed", 0)
    assert found.problem == {"code": "facility-file-unreadable", "params": {}}


def geojson(name: str = '"Trường A"', lon: str = "105.828", ref: str = '"A1"') -> str:
    """One school, its parts as they stand in the file."""
    return (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        f'{{"name": {name}, "kind": "Trường học", "id": {ref}}}, '
        f'"geometry": {{"type": "Point", "coordinates": [{lon}, 21.034]}}}}]}}'
    )


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (geojson(name='"a\\u0000b"'), ("refused", "name-unprintable")),
        (geojson(name='"a\\ud800b"'), ("refused", "name-unprintable")),
        (geojson(ref='"\\u0000"'), ("refused", "name-unprintable")),
        (geojson(lon="1" + "0" * 400), ("refused", "position-invalid")),
        (geojson(lon="1e400"), ("refused", "abroad")),
        (geojson(lon="NaN"), ("refused", "abroad")),
        (geojson().replace("Trường học", "\\ud800\\u0000"), ("refused", "kind-unknown")),
    ],
)
async def test_what_no_database_holds_refuses_its_line_alone(
    owner: AsyncEngine,
    job_context: JobContext,
    admin: Viewer,
    content: str,
    verdict: tuple[str, str],
) -> None:
    good = geojson().partition('"features": [')[2]
    import_id = await send(
        owner, job_context, admin, content.removesuffix("]}") + ", " + good, "so.geojson"
    )
    assert await verdicts(owner, import_id) == {1: verdict, 2: ("new", "")}


async def test_a_number_of_thousands_of_digits_makes_a_file_unreadable(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, geojson(lon="1" * 5_000), "so.geojson")
    async with owner.connect() as connection:
        found = await store.get(connection, import_id)
    assert found is not None
    assert found.state == "failed"
    assert found.problem == {"code": "facility-file-unreadable", "params": {}}


async def test_a_name_and_a_register_that_no_database_holds_are_marked(
    owner: AsyncEngine, admin: Viewer
) -> None:
    async with owner.begin() as connection:
        import_id = await service.send(connection, admin, "a\x00b.csv", b"", source="so\ud800")
        found = await store.get(connection, import_id)
    assert found is not None
    assert (found.file_name, found.source) == ("a\ufffdb.csv", "so\ufffd")


@pytest.mark.parametrize("rows_before", [0, 1])
async def test_a_reading_that_fails_says_so_and_fails_its_job(
    owner: AsyncEngine,
    job_context: JobContext,
    admin: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    rows_before: int,
) -> None:
    read = files.read

    def breaks(*args: Any, **named: Any) -> Iterator[Found]:
        yield from islice(read(*args, **named), rows_before)
        raise ZeroDivisionError("nobody thought of it")

    monkeypatch.setattr(service, "_AT_ONCE", 1)
    monkeypatch.setattr(files, "read", breaks)
    async with owner.begin() as connection:
        import_id = await service.send(connection, admin, "so.csv", (HEADING + GOOD).encode())
    with pytest.raises(ZeroDivisionError):
        await tasks.read(job_context, {"import": import_id})
    async with owner.connect() as connection:
        found = await store.get(connection, import_id)
        content = await work.content(connection, import_id)
    assert found is not None
    assert (found.state, found.lines, content) == ("failed", 0, None)
    assert found.problem == {"code": "facility-file-failed", "params": {}}
    assert await verdicts(owner, import_id) == {}
    # Begun again, there is nothing left to read.
    await tasks.read(job_context, {"import": import_id})


async def test_a_reading_at_the_command_line_that_fails_leaves_no_list(
    owner: AsyncEngine, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def breaks(*_: Any, **_named: Any) -> Iterator[Found]:
        raise ZeroDivisionError("nobody thought of it")

    monkeypatch.setattr(files, "read", breaks)
    for commit in (False, True):
        with pytest.raises(ZeroDivisionError), Progress(disable=True) as bars:
            await command._run(
                database.owner_url, tmp_path / "so.csv", bars, source="", kinds=service.GROUPS,
                commit=commit, report=None,
            )  # fmt: skip
        async with owner.connect() as connection:
            assert await store.recent(connection) == []


async def test_an_extract_comes_in_and_again(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer, tmp_path: Path
) -> None:
    file = tmp_path / "hanoi.osm.pbf"
    writer = osmium.SimpleWriter(str(file))
    for number in range(1, 6):
        writer.add_node(
            osmium.osm.mutable.Node(
                id=number,
                location=(105.82 + number / 500, 21.03),
                tags={"amenity": "school", "name": f"Trường Tiểu học số {number}"},
            )
        )
    writer.close()
    content = file.read_bytes()
    import_id = await send(owner, job_context, admin, content, file.name)
    await take(owner, job_context, admin, import_id)
    assert await place_count(owner) == 5
    again = await send(owner, job_context, admin, content, "other-name.osm.pbf")
    assert set((await verdicts(owner, again)).values()) == {("known", "")}
