"""What the serving role can reach by plain SQL, whatever hole a page might have.

Every question here is asked as an attacker would who got the application's own database login:
a raw connection of `lachan_app`, any statement.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lachan.identity import sessions
from lachan.kit.crypto import Keyring, new_token, token_hash
from tests.conftest import AREA, Database, MakeOfficer, MakeResident, Someone

OTHER_AREA = "VN.79.26740"  # a ward of Hồ Chí Minh City
PRIVATE = (
    "case_record",
    "trace_run",
    "contact",
    "exposure",
    "warning",
    "warning_message",
    "place_report",
    "place_invite",
    "place_import",
    "door_count",
    "day_close",
    "visit",
    "scan",
    "last_visit",
    "identity_sealed",
    "audit_entry",
    "session",
    "passkey",
    "card",
    "card_batch",
    "visit_doubt",
    "late_visits",
    "device",
    "client_app",
    "push_subscription",
    "leave_reminder",
    "feedback",
    "inspection",
    "repair_order",
    "facility_import",
    "facility_import_row",
)
CLOSED = (
    "session_proof",
    "audit_head",
    "phone_key",
    "phone_code_use",
    "device_scan",
    "doubt_watermark",
    "late_watermark",
    "push_delivery",
)


@pytest.fixture
async def database(fresh_database: Database) -> Database:
    """A clone of one's own: the checks of its tables are dropped, see `_NO_CHECKS`."""
    return fresh_database


@pytest.fixture
async def raw(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role, without any of the application around it."""
    connection = await asyncpg.connect(database.dsn("app"))
    yield connection
    await connection.close()


_FILLERS = {
    "text": "'x'",
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "double precision": "0",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "'x'",
    "ARRAY": "'{1}'",
    "uuid": "gen_random_uuid()",
    "date": "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
    "timestamp with time zone": "now()",
}


# What is looked at here is who sees a row, not what is in it; the clone is thrown away.
_NO_CHECKS = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conname, conrelid::regclass AS of FROM pg_constraint
           WHERE contype = 'c' AND coninhcount = 0 AND conrelid::regclass::text = ANY ('{%s}') LOOP
    EXECUTE format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.of, c.conname);
  END LOOP;
END $$
"""


async def _put(connection: AsyncConnection, table: str, **known: object) -> int:
    """A row with these values and anything at all in the other columns that must have one."""
    columns = await connection.execute(
        text(
            "SELECT column_name, data_type, is_nullable = 'NO' AND column_default IS NULL"
            " AND is_identity = 'NO' AS needed"
            " FROM information_schema.columns WHERE table_name = :table"
        ),
        {"table": table},
    )
    names, values, used = [], [], {}
    for name, kind, needed in columns:
        if name in known:
            names.append(name)
            values.append(f":{name}")
            used[name] = known[name]
        elif needed:
            names.append(name)
            values.append(_FILLERS[kind])
    found = await connection.scalar(
        text(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(values)})"
            f" RETURNING to_jsonb({table}) -> 'id'"
        ),
        used,
    )
    return found if isinstance(found, int) else 0


async def _session_of(connection: AsyncConnection, person: int) -> bytes:
    found = await connection.scalar(
        text("SELECT token_hash FROM session WHERE person_id = :person"), {"person": person}
    )
    assert isinstance(found, bytes)
    return found


async def _fill(owner: AsyncEngine, tracer: Someone, person: int, area: str, code: str) -> None:
    """A case with all that hangs on it."""
    moment = datetime.now(UTC)
    async with owner.begin() as connection:
        await connection.execute(text(_NO_CHECKS % ",".join(PRIVATE)))
        await _put(connection, "identity_sealed", person_id=person, phone_index=code.encode())
        case = await _put(
            connection,
            "case_record",
            code=code,
            person_id=person,
            area=area,
            opened_by=tracer.id,
            classification="confirmed",
            infectious_from=moment,
            infectious_until=moment + timedelta(days=1),
        )
        run = await _put(connection, "trace_run", case_id=case, requested_by=tracer.id)
        contact = await _put(
            connection, "contact", case_id=case, run_id=run, person_id=person, level=1, area=area
        )
        await _put(connection, "exposure", contact_id=contact, kind="same_room")
        warning = await _put(
            connection, "warning", case_id=case, area=area, created_by=tracer.id, level=1
        )
        await _put(
            connection, "warning_message", warning_id=warning, person_id=person, sent_at=moment
        )
        await _put(connection, "late_visits", case_id=case, run_id=run, visits=1)
        for table in ("visit", "scan", "last_visit", "visit_doubt"):
            await _put(connection, table, person_id=person)
        of_mine = {"person_id": person, "session_hash": await _session_of(connection, person)}
        await _put(connection, "push_subscription", **of_mine, endpoint_index=code.encode())
        await _put(connection, "leave_reminder", **of_mine)
        sent = await _put(connection, "facility_import", officer_id=tracer.id)
        await _put(connection, "facility_import_row", import_id=sent, line=1, area=area)
        await _put(
            connection,
            "audit_entry",
            actor_kind="officer",
            actor_id=tracer.id,
            action="case.opened",
            subject_person=person,
            area=area,
        )


@pytest.fixture
async def two_cities(
    owner: AsyncEngine, make_officer: MakeOfficer, make_resident: MakeResident
) -> tuple[Someone, Someone, Someone, Someone]:
    """Tracer and case of Hà Nội, tracer and case of Hồ Chí Minh City."""
    north, south = await make_officer("tracer", "VN.01"), await make_officer("tracer", "VN.79")
    ba_dinh, sai_gon = await make_resident(area=AREA), await make_resident(area=OTHER_AREA)
    await _fill(owner, north, ba_dinh.id, AREA, "N")
    await _fill(owner, south, sai_gon.id, OTHER_AREA, "S")
    return north, south, ba_dinh, sai_gon


async def _ask_as(raw: asyncpg.Connection, token: str) -> None:
    await raw.execute("SELECT set_config('lachan.session', $1, false)", token)


async def _count(raw: asyncpg.Connection, table: str) -> int:
    found: int = await raw.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def _refused(raw: asyncpg.Connection, statement: str, *values: Any) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await raw.execute(statement, *values)


async def _changes_nothing(raw: asyncpg.Connection, statement: str, *values: Any) -> None:
    """The right is missing altogether, or no row is in reach."""
    try:
        done = await raw.execute(statement, *values)
    except asyncpg.InsufficientPrivilegeError:
        return
    assert done.rpartition(" ")[2] == "0", (statement, done)


async def test_without_a_session_nothing_of_anybody_is_there(
    raw: asyncpg.Connection, two_cities: object
) -> None:
    for guess in ("", "x", "0" * 43, "' OR true --"):
        await _ask_as(raw, guess)
        for table in PRIVATE:
            assert await _count(raw, table) == 0, (guess, table)
    for table in CLOSED:
        await _refused(raw, f"SELECT * FROM {table}")
    await _refused(raw, "SELECT password_hash FROM officer")
    await _refused(raw, "SELECT totp_sealed FROM officer")


async def test_a_tracer_sees_the_own_jurisdiction_and_nothing_beside_it(
    raw: asyncpg.Connection, two_cities: tuple[Someone, Someone, Someone, Someone]
) -> None:
    north, south, ba_dinh, sai_gon = two_cities
    for tracer, code, person, area in (
        (north, "N", ba_dinh.id, AREA),
        (south, "S", sai_gon.id, OTHER_AREA),
    ):
        await _ask_as(raw, tracer.token)
        assert [r["code"] for r in await raw.fetch("SELECT code FROM case_record")] == [code]
        assert [r["area"] for r in await raw.fetch("SELECT area FROM contact")] == [area]
        assert [r["area"] for r in await raw.fetch("SELECT area FROM warning")] == [area]
        assert await _count(raw, "late_visits") == 1
        for table in ("visit", "identity_sealed", "visit_doubt"):
            rows = await raw.fetch(f"SELECT person_id FROM {table}")
            assert [r["person_id"] for r in rows] == [person], table
        # Conditions that would show what they hide by failing on it see nothing either.
        assert await raw.fetchval("SELECT count(*) FROM case_record WHERE 1 / (id * 0 + 1) > 0")
        other = "S" if code == "N" else "N"
        for statement in (
            "UPDATE case_record SET classification = 'discarded' WHERE code = $1",
            "UPDATE case_record SET area = 'VN' WHERE code = $1",
            (
                "UPDATE contact SET status = 'done' WHERE case_id <> (SELECT id FROM case_record"
                " WHERE code <> $1)"
            ),
            "DELETE FROM contact WHERE case_id <> (SELECT id FROM case_record WHERE code <> $1)",
        ):
            await _changes_nothing(raw, statement, other)
        await _refused(raw, "UPDATE case_record SET area = 'VN'")


async def test_other_roles_see_no_cases_even_of_the_whole_country(
    raw: asyncpg.Connection, two_cities: object, make_officer: MakeOfficer
) -> None:
    for role in ("admin", "border_officer", "safety_inspector", "reporter"):
        await _ask_as(raw, (await make_officer(role, "VN")).token)
        for table in PRIVATE:
            if table != "session":
                assert await _count(raw, table) == 0, (role, table)


async def test_an_auditor_reads_the_trail_of_the_own_area_and_nothing_else(
    raw: asyncpg.Connection, two_cities: object, make_officer: MakeOfficer
) -> None:
    await _ask_as(raw, (await make_officer("auditor", "VN.79")).token)
    rows = await raw.fetch("SELECT area FROM audit_entry")
    assert [row["area"] for row in rows] == [OTHER_AREA]
    for table in ("case_record", "visit", "identity_sealed", "warning"):
        assert await _count(raw, table) == 0, table


async def test_an_admin_sees_only_the_own_lists_of_facilities_and_the_own_areas_lines(
    raw: asyncpg.Connection,
    owner: AsyncEngine,
    two_cities: tuple[Someone, Someone, Someone, Someone],
    make_officer: MakeOfficer,
) -> None:
    north, south = await make_officer("admin", "VN.01"), await make_officer("admin", "VN.79")
    lists = {}
    async with owner.begin() as connection:
        # At the command line a list is nobody's; its lines are for the admins of each area.
        for whose, officer_id in (("north", north.id), ("south", south.id), ("all", None)):
            lists[whose] = await _put(connection, "facility_import", officer_id=officer_id)
            for line, area in enumerate((AREA, OTHER_AREA), start=1):
                await _put(
                    connection,
                    "facility_import_row",
                    import_id=lists[whose],
                    line=line,
                    area=area,
                    verdict="doubtful",
                )
    decide = "UPDATE facility_import_row SET decision = 'new'"
    send = "INSERT INTO facility_import (officer_id, file_name, source, kinds)"
    for admin, mine, others, line in ((north, "north", "south", 1), (south, "south", "north", 2)):
        await _ask_as(raw, admin.token)
        rows = await raw.fetch("SELECT id FROM facility_import")
        assert {row["id"] for row in rows} == {lists[mine], lists["all"]}
        rows = await raw.fetch("SELECT import_id, line FROM facility_import_row")
        assert {tuple(row) for row in rows} == {
            (lists[mine], 1), (lists[mine], 2), (lists["all"], line)
        }  # fmt: skip
        for statement, values in (
            ("UPDATE facility_import SET state = 'queued' WHERE id = $1", (lists[others],)),
            (f"{decide} WHERE import_id = $1", (lists[others],)),
            (f"{decide} WHERE import_id = $1 AND line = $2", (lists["all"], 3 - line)),
        ):
            await _changes_nothing(raw, statement, *values)
        for statement in (
            "UPDATE facility_import_row SET area = 'VN'",
            "UPDATE facility_import SET officer_id = NULL",
            "DELETE FROM facility_import",
            f"INSERT INTO facility_import_row (import_id, line) VALUES ({lists[mine]}, 3)",
            "INSERT INTO place_source (source, ref, place_id) VALUES ('so', '1', 1)",
            "UPDATE place_source SET place_id = 1",
            f"{send} VALUES (NULL, 'x', 'x', '[]')",
            f"{send} VALUES ({(south if admin is north else north).id}, 'x', 'x', '[]')",
        ):
            await _refused(raw, statement)


async def test_a_resident_sees_only_themselves(
    raw: asyncpg.Connection, two_cities: tuple[Someone, Someone, Someone, Someone]
) -> None:
    _, _, ba_dinh, sai_gon = two_cities
    await _ask_as(raw, ba_dinh.token)
    for table in ("visit", "identity_sealed", "push_subscription", "leave_reminder"):
        rows = await raw.fetch(f"SELECT person_id FROM {table}")
        assert [row["person_id"] for row in rows] == [ba_dinh.id], table
    assert await _count(raw, "case_record") == 0
    assert await _count(raw, "contact") == 0
    changed = await raw.execute(
        "UPDATE identity_sealed SET sealed = 'y' WHERE person_id = $1", sai_gon.id
    )
    assert changed == "UPDATE 0"
    await _refused(raw, "UPDATE identity_sealed SET phone_index = 'y'")
    # Moving into somebody's household would open the data of its children.
    await _refused(raw, "UPDATE person SET household_id = 1")
    await _refused(raw, "DELETE FROM person")


async def test_a_session_that_ended_in_any_way_sees_nothing(
    raw: asyncpg.Connection,
    owner: AsyncEngine,
    two_cities: tuple[Someone, Someone, Someone, Someone],
    app: Any,
) -> None:
    north = two_cities[0]
    await _ask_as(raw, north.token)
    endings = {
        "expired": ("UPDATE session SET expires_at = now()", "expires_at = now() + '1 hour'"),
        "revoked": ("UPDATE session SET revoked_at = now()", "revoked_at = NULL"),
        "idle": (
            "UPDATE session SET idle_minutes = 60, seen_at = now() - interval '61 minutes'",
            "idle_minutes = NULL",
        ),
        "unverified": ("UPDATE session SET verified_at = NULL", "verified_at = now()"),
        "disabled": ("UPDATE officer SET disabled_at = now()", None),
    }
    for ending, (end, mend) in endings.items():
        assert await _count(raw, "case_record") == 1, f"before {ending}"
        async with owner.begin() as connection:
            await connection.execute(text(end))
        assert await _count(raw, "case_record") == 0, ending
        assert await _count(raw, "identity_sealed") == 0, ending
        app.state.sessions.forget(north.token)
        assert await app.state.sessions.find(north.token) is None, ending
        if mend is not None:
            async with owner.begin() as connection:
                await connection.execute(text(f"UPDATE session SET {mend}"))


async def test_no_statement_makes_a_session_a_role_or_a_password(
    raw: asyncpg.Connection,
    two_cities: tuple[Someone, Someone, Someone, Someone],
    keyring: Keyring,
    app: Any,
) -> None:
    north, south, ba_dinh, _ = two_cities
    await _ask_as(raw, north.token)
    mine = token_hash(new_token())
    for statement in (
        "SET ROLE lachan_worker",
        "SET ROLE lachan_intake",
        "SET SESSION AUTHORIZATION lachan_worker",
        "SET row_security = off; SELECT * FROM case_record",
        "CREATE TABLE public.mine (id int)",
        "CREATE OR REPLACE FUNCTION lachan_officer() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE case_record DISABLE ROW LEVEL SECURITY",
        "DROP POLICY jurisdiction ON case_record",
        f"UPDATE session SET officer_id = {south.id}",
        "UPDATE session SET expires_at = now() + interval '1 year'",
        "UPDATE session SET seen_at = now()",
        f"UPDATE officer SET password_hash = 'x' WHERE id = {south.id}",
        f"INSERT INTO officer_role VALUES ({north.id}, 'tracer', 'VN')",
        "DELETE FROM officer_role",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET reason = 'x'",
        "SELECT lachan_erase(1)",
        "SELECT lachan_erase_due()",
        (
            f"INSERT INTO passkey (credential_id, officer_id, public_key, sign_count, label)"
            f" VALUES ('x', {south.id}, 'x', 0, 'x')"
        ),
        (
            f"INSERT INTO audit_entry (actor_kind, actor_id, action)"
            f" VALUES ('officer', {south.id}, 'forged')"
        ),
    ):
        await _refused(raw, statement)
    for kind, subject in (("officer", south.id), ("resident", ba_dinh.id)):
        await _refused(
            raw,
            "INSERT INTO session (token_hash, kind, expires_at) VALUES ($1, $2, now())",
            mine,
            kind,
        )
        for proof in (None, b"", bytes(32)):
            await _refused(
                raw,
                "SELECT lachan_open_session($1, $2, $3, 'web', 600, NULL, true, $4)",
                mine,
                kind,
                subject,
                proof,
            )
    # A proof for one session is no proof for another.
    proof = sessions._proof(keyring, mine, "officer", south.id, verified=False)
    await _refused(
        raw,
        "SELECT lachan_open_session($1, 'officer', $2, 'web', 600, NULL, true, $3)",
        mine,
        south.id,
        proof,
    )
    # What an officer who is no admin asks of the functions for admins is answered with no.
    for call in (
        f"lachan_grant_role({south.id}, 'tracer', 'VN.79')",
        f"lachan_revoke_role({south.id}, 'tracer', 'VN.79')",
        f"lachan_disable_officer({south.id}, true)",
        f"lachan_reset_officer({south.id}, 'x')",
    ):
        assert await raw.fetchval(f"SELECT {call}") is False, call
    assert await raw.fetchval("SELECT lachan_create_officer('a', 'b', 'c', 'admin', 'VN')") is None
    assert await _count(raw, "case_record") == 1


async def test_tokens_are_not_to_be_seen_in_what_others_are_running(
    raw: asyncpg.Connection, database: Database, two_cities: tuple[Someone, ...], app: Any
) -> None:
    north = two_cities[0]
    async with app.state.storage.transaction(north.token):
        rows = await raw.fetch("SELECT query FROM pg_stat_activity WHERE query <> ''")
    assert rows
    assert not any(north.token in row["query"] for row in rows)


async def test_the_database_keeps_the_hash_of_a_token_not_the_token(
    owner: AsyncEngine, two_cities: tuple[Someone, ...]
) -> None:
    async with owner.begin() as connection:
        rows = (await connection.execute(text("SELECT s::text AS whole FROM session s"))).all()
    for someone in two_cities:
        assert any(token_hash(someone.token).hex() in row.whole for row in rows)
        assert not any(someone.token in row.whole for row in rows)


# Asked by row policies, or by the functions above, in the name of whoever asks: each tells an asker
# only about the asker's own session, or a rule that is no secret.
OPEN_TO_ALL = {
    "lachan_officer",
    "lachan_officer_pending",
    "lachan_officer_self",
    "lachan_own_people",
    "lachan_person",
    "lachan_place_has_staff",
    "lachan_people_inside",
    "lachan_roots",
    "lachan_runs_place",
}


async def test_functions_with_the_owners_rights_are_few_pinned_and_not_for_everybody(
    raw: asyncpg.Connection,
) -> None:
    rows = await raw.fetch(
        "SELECT p.proname AS name, p.proconfig AS settings,"
        " has_function_privilege('lachan_intake', p.oid, 'EXECUTE') AS open,"
        " p.prorettype = 'trigger'::regtype AS trigger"
        " FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef"
    )
    assert len(rows) > 20
    for row in rows:
        assert "search_path=public, pg_temp" in (row["settings"] or []), row["name"]
    # The role that takes scans needs none of them: what it may call, everybody may.
    unexpected = {row["name"] for row in rows if row["open"] and not row["trigger"]} - OPEN_TO_ALL
    assert unexpected == set()


async def test_no_table_of_people_is_without_row_security_and_no_partition_is_a_way_round(
    raw: asyncpg.Connection,
) -> None:
    rows = await raw.fetch(
        "SELECT c.relname AS name, c.relrowsecurity AS guarded, c.relispartition AS part,"
        " has_any_column_privilege('lachan_app', c.oid, 'SELECT') AS readable"
        " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    guarded = {row["name"] for row in rows if row["guarded"]}
    assert guarded >= set(PRIVATE)
    assert not [row["name"] for row in rows if row["part"] and row["readable"]]
    open_tables = {
        row["name"] for row in rows if row["readable"] and not row["guarded"] and not row["part"]
    }
    # What the serving role may read in full. Of people: bare numbers with a ward and a household,
    # hashes that need the key file, sealed texts, and topics and jobs that name bare numbers.
    assert open_tables - {"alembic_version"} <= {
        "area", "area_crosswalk", "area_edition", "area_former", "area_outline",
        "drill", "event", "household", "officer", "officer_role", "one_time_code",
        "passkey_challenge", "person", "pgqueuer", "pgqueuer_log", "pgqueuer_statistics",
        "text_message",
    }  # fmt: skip
