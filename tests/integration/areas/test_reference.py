import time

from sqlalchemy import text

from lachan.areas.reference import load_reference


async def count(connection, table):
    return await connection.scalar(text(f"SELECT count(*) FROM {table}"))


async def test_all_units_are_loaded_with_their_outlines(connection):
    assert await count(connection, "area") == 1 + 34 + 3321
    assert await count(connection, "area_outline") == 1 + 34 + 3321
    assert await count(connection, "area_former WHERE edition = '2021'") == 63 + 705 + 10_599
    assert await count(connection, "area_crosswalk") > 11_000


async def test_loading_again_changes_nothing_and_is_quick(connection):
    began = time.perf_counter()
    assert await load_reference(connection) is False
    assert time.perf_counter() - began < 0.5


async def test_newer_data_replaces_the_old_but_not_official_outlines(connection):
    await connection.execute(text("UPDATE area SET name = 'Cũ' WHERE path = 'VN.01.00004'"))
    await connection.execute(
        text("UPDATE area_outline SET official = true, source = 'x' WHERE path = 'VN.01.00004'")
    )
    await connection.execute(text("DELETE FROM area_outline WHERE path = 'VN.01.00008'"))
    await connection.execute(text("UPDATE area_edition SET version = 'older'"))
    assert await load_reference(connection) is True
    found = await connection.execute(
        text("SELECT a.name, o.official FROM area a JOIN area_outline o USING (path) "
             "WHERE path IN ('VN.01.00004', 'VN.01.00008') ORDER BY path")
    )  # fmt: skip
    assert [tuple(row) for row in found] == [("Ba Đình", True), ("Ngọc Hà", False)]
    assert await count(connection, "area_outline") == 1 + 34 + 3321


async def test_places_keep_their_area_when_the_data_is_renewed(connection):
    await connection.execute(
        text("INSERT INTO place (name, kind, area) VALUES ('Chợ', 'market', 'VN.01.00004')")
    )
    await connection.execute(text("UPDATE area_edition SET version = 'older'"))
    assert await load_reference(connection) is True
    assert await count(connection, "place WHERE area = 'VN.01.00004'") == 1


async def test_the_programs_roles_may_read_and_not_write(connection):
    for role in ("lachan_app", "lachan_intake", "lachan_worker"):
        for table in ("area", "area_former", "area_crosswalk", "area_outline", "area_edition"):
            rights = await connection.execute(
                text(
                    "SELECT has_table_privilege(:role, :table, 'SELECT'), "
                    "has_table_privilege(:role, :table, 'INSERT, UPDATE, DELETE, TRUNCATE')"
                ),
                {"role": role, "table": table},
            )
            assert tuple(rights.one()) == (True, False), (role, table)
