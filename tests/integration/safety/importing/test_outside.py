"""Lists of facilities write to nothing outside the sender's area, whatever number a line names."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.jobs.queue import JobContext
from lachan.kit.errors import NotFound
from lachan.kit.http.access import Grant, Viewer
from lachan.places.domain import cell_of
from lachan.safety.importing import service, store, tasks
from lachan.safety.importing import work_store as work
from tests.conftest import AREA, OTHER_AREA, MakeOfficer
from tests.integration.safety.importing.test_import import HEADING, send, take, verdicts

NEXT_WARD = "VN.01.00008"
HERE = (21.0360, 105.8300)  # in AREA
NAME = "Trường Tiểu học Hoa Sen"
LINE = f"A1;{NAME};Trường học;;21.0360;105.8300;\n"
REFUSED = ("refused", "outside-area")


@pytest.fixture
async def admin(make_officer: MakeOfficer) -> Viewer:
    """Looks after one ward."""
    someone = await make_officer("admin", AREA)
    return Viewer(
        kind="officer",
        token=someone.token,
        display_name="",
        officer_id=someone.id,
        grants=(Grant("admin", AREA),),
    )


async def register(
    owner: AsyncEngine,
    area: str,
    *,
    ref: str = "",
    name: str = NAME,
    at: tuple[float, float] | None = None,
) -> int:
    """A school, with its number in the register `so`."""
    async with owner.begin() as connection:
        found = await connection.scalar(
            text(
                "INSERT INTO place (name, kind, area, lat, lon, h3, folded) VALUES "
                "(:name, 'school', :area, :lat, :lon, :cell, '') RETURNING id"
            ),
            {
                "name": name,
                "area": area,
                "lat": at[0] if at else None,
                "lon": at[1] if at else None,
                "cell": cell_of(*at) if at else None,
            },
        )
        if ref:
            await number(connection, ref, int(found or 0))
        return int(found or 0)


async def number(connection: AsyncConnection, ref: str, place: int) -> None:
    await connection.execute(
        text("INSERT INTO place_source (source, ref, place_id) VALUES ('so', :ref, :place)"),
        {"ref": ref, "place": place},
    )


async def as_it_was(owner: AsyncEngine, place: int, *refs: str) -> bool:
    """Whether a place has no position, no part in the safety map, and just these numbers."""
    async with owner.connect() as connection:
        row = (
            await connection.execute(
                text(
                    """
                    SELECT p.lat, p.h3, f.place_id,
                      ARRAY(SELECT ref FROM place_source WHERE place_id = p.id ORDER BY ref) AS refs
                    FROM place p LEFT JOIN place_safety f ON f.place_id = p.id WHERE p.id = :id
                    """
                ),
                {"id": place},
            )
        ).one()
    return tuple(row) == (None, None, None, list(refs))


async def place_count(owner: AsyncEngine) -> int:
    async with owner.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM place")) or 0)


@pytest.mark.parametrize("area", [OTHER_AREA, NEXT_WARD])
async def test_a_number_of_a_place_elsewhere_does_not_reach_it(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer, area: str
) -> None:
    far = await register(owner, area, ref="A1")
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    assert await verdicts(owner, import_id) == {2: REFUSED}
    await take(owner, job_context, admin, import_id)
    assert await as_it_was(owner, far, "A1")
    assert await place_count(owner) == 1


async def test_a_number_is_not_taken_from_a_place_elsewhere_by_another_name(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    far = await register(owner, OTHER_AREA, ref="A1", name="Trường Tiểu học Kim Đồng")
    listed = HEADING + LINE.replace(NAME, "Chợ khác hẳn")
    import_id = await send(owner, job_context, admin, listed, "so.csv")
    assert await verdicts(owner, import_id) == {2: REFUSED}
    for decision in ("new", "same"):
        async with owner.begin() as connection:
            with pytest.raises(NotFound):
                await service.decide(connection, admin, import_id, 2, decision)
    await take(owner, job_context, admin, import_id)
    assert await as_it_was(owner, far, "A1")
    assert await place_count(owner) == 1


@pytest.mark.parametrize("name", [NAME, "Trường Tiểu học Hoa Sen Hai"])
async def test_a_place_next_door_beyond_the_border_is_neither_linked_nor_made_again(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer, name: str
) -> None:
    await register(owner, NEXT_WARD, name=name, at=(21.0362, 105.8302))
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    assert await verdicts(owner, import_id) == {2: REFUSED}
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM place_source")) == 0
        assert await connection.scalar(text("SELECT count(*) FROM place_safety")) == 0
    assert await place_count(owner) == 1


async def test_places_of_the_own_area_are_linked_as_ever(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    known = await register(owner, AREA, ref="A1")
    listed = HEADING + LINE + "A2;Trường THCS Hai;THCS;;21.0375;105.8310;\n"
    import_id = await send(owner, job_context, admin, listed, "so.csv")
    assert await verdicts(owner, import_id) == {2: ("known", ""), 3: ("new", "")}
    await take(owner, job_context, admin, import_id)
    async with owner.connect() as connection:
        lat = await connection.scalar(text("SELECT lat FROM place WHERE id = :id"), {"id": known})
        assert lat == HERE[0]
        assert await connection.scalar(text("SELECT count(*) FROM place_safety")) == 2


async def test_a_list_of_the_command_line_reaches_the_whole_country(
    owner: AsyncEngine, job_context: JobContext
) -> None:
    far = await register(owner, OTHER_AREA, ref="A1")
    async with owner.begin() as connection:
        import_id = await store.start(
            connection,
            officer_id=None,
            file_name="so.csv",
            source="so",
            kinds=service.GROUPS,
            content=(HEADING + LINE).encode(),
        )
    await tasks.read(job_context, {"import": import_id})
    assert await verdicts(owner, import_id) == {2: ("known", "")}
    await tasks.take(job_context, {"import": import_id})
    assert not await as_it_was(owner, far, "A1")


async def test_a_place_that_went_to_another_area_since_the_dry_run_is_left_alone(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    known = await register(owner, AREA, ref="A1")
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    assert await verdicts(owner, import_id) == {2: ("known", "")}
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE place SET area = :area"), {"area": OTHER_AREA})
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED}
    assert await as_it_was(owner, known, "A1")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE officer_role SET area = 'VN.79'",
        "UPDATE officer_role SET role = 'safety_inspector'",
        "UPDATE officer SET disabled_at = now()",
    ],
)
async def test_who_lost_the_area_since_the_dry_run_makes_and_changes_nothing_there(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer, change: str
) -> None:
    known = await register(owner, AREA, ref="A2", name="Trường Tiểu học Kim Đồng")
    listed = HEADING + LINE + "A2;Trường Tiểu học Kim Đồng;Trường học;;21.0460;105.8400;\n"
    import_id = await send(owner, job_context, admin, listed, "so.csv")
    assert await verdicts(owner, import_id) == {2: ("new", ""), 3: ("known", "")}
    async with owner.begin() as connection:
        await connection.execute(text(change))
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED, 3: REFUSED}
    # Nor by a list that was on its way.
    import_id = await send(owner, job_context, admin, listed, "so.csv")
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED, 3: REFUSED}
    assert await as_it_was(owner, known, "A2")
    assert await place_count(owner) == 1


async def test_a_number_that_went_elsewhere_since_the_dry_run_refuses_the_line_and_its_twin(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    listed = HEADING + LINE + f"Z9;{NAME};Trường học;;21.0361;105.8301;\n"
    import_id = await send(owner, job_context, admin, listed, "so.csv")
    assert await verdicts(owner, import_id) == {2: ("new", ""), 3: ("matched", "")}
    far = await register(owner, OTHER_AREA, ref="A1", name="Trường Tiểu học Kim Đồng")
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED, 3: REFUSED}
    assert await as_it_was(owner, far, "A1")
    assert await place_count(owner) == 1


async def test_a_place_made_beyond_the_border_since_the_dry_run_refuses_the_line(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    await register(owner, NEXT_WARD, at=HERE)
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED}
    assert await place_count(owner) == 1


async def test_a_number_that_went_elsewhere_while_places_were_made_stays_there_and_is_told(
    owner: AsyncEngine,
    job_context: JobContext,
    admin: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    far = await register(owner, OTHER_AREA, name="Trường Tiểu học Kim Đồng")
    note_made = work.note_made

    async def and_meanwhile(connection: AsyncConnection, one: int, made: dict[int, int]) -> None:
        await note_made(connection, one, made)
        await number(connection, "A1", far)

    monkeypatch.setattr(work, "note_made", and_meanwhile)
    await take(owner, job_context, admin, import_id)
    assert await verdicts(owner, import_id) == {2: REFUSED}
    assert await as_it_was(owner, far, "A1")
    assert await place_count(owner) == 2


async def test_no_statement_of_taking_over_writes_to_a_place_elsewhere(
    owner: AsyncEngine, job_context: JobContext, admin: Viewer
) -> None:
    """Each by itself, though the lines were refused before."""
    import_id = await send(owner, job_context, admin, HEADING + LINE, "so.csv")
    far = await register(owner, OTHER_AREA, name="Trường Tiểu học Kim Đồng")
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE facility_import_row SET verdict = 'known', place_id = :far"), {"far": far}
        )
    async with job_context.engine.begin() as connection:
        await work._each(connection, [work._DONE], {"id": import_id, "roots": [AREA]})
    async with owner.begin() as connection:
        rows = "UPDATE facility_import_row SET done_at = now() WHERE done_at IS NULL"
        assert (await connection.execute(text(rows))).rowcount == 1, "it was not done"
    async with job_context.engine.begin() as connection:
        await work.settle(connection, import_id, "so", service.GROUPS, [AREA])
        assert await work.without_position(connection, import_id, [AREA]) == []
        await work.give_positions(connection, [(far, *HERE, cell_of(*HERE))], [AREA])
    assert await as_it_was(owner, far)
