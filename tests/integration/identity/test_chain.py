"""The audit trail: nobody changes it unnoticed, not even the owner of the server."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from lachan.identity import audit
from lachan.identity.chain import Break, Verdict, verify

REASONS = (
    'Nguyễn "Mẫu" \\ gạch',
    "dòng\nmới\tvà\x01điều khiển",
    "😷 và \x7f",
    "",
    None,
    "</script>",
)


@pytest.fixture
async def trail(owner: AsyncEngine) -> AsyncEngine:
    """Six entries with everything in them that could be written in two ways."""
    for number, reason in enumerate(REASONS):
        async with owner.begin() as connection:
            await audit.record(
                connection,
                None,
                "case.opened",
                subject_person=number or None,
                area="VN.01",
                object=f"case:{number}",
                reason=reason,
                details={"z": 1, "a": [1.50, None, True, "ừ"], "nested": {"b": 2, "aa": 1}},
            )
    return owner


async def _verify(owner: AsyncEngine, expect: tuple[int, str] | None = None) -> Verdict:
    async with owner.connect() as connection:
        return await verify(connection, expect=expect)


async def _tamper(owner: AsyncEngine, *statements: str) -> None:
    """Change the trail as a superuser can, past the triggers that guard it."""
    async with owner.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            await connection.execute(text(statement))


async def test_python_and_the_database_agree_on_every_entry(trail: AsyncEngine) -> None:
    verdict = await _verify(trail)
    assert verdict.broken is None
    assert (verdict.entries, verdict.head_id) == (len(REASONS), len(REASONS))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_entry SET reason = 'khác' WHERE id = 3", Break(3, "changed")),
        ("UPDATE audit_entry SET reason = NULL WHERE id = 4", Break(4, "changed")),
        ("UPDATE audit_entry SET at = at + interval '1 us' WHERE id = 2", Break(2, "changed")),
        ("UPDATE audit_entry SET details = '{}' WHERE id = 1", Break(1, "changed")),
        ("UPDATE audit_entry SET actor_kind = 'officer', actor_id = 9 WHERE id = 5",
         Break(5, "changed")),
        ("DELETE FROM audit_entry WHERE id = 3", Break(3, "missing")),
        ("DELETE FROM audit_entry WHERE id = 6", Break(6, "head")),
        ("DELETE FROM audit_entry", Break(1, "head")),
        ("UPDATE audit_entry SET hash = sha256('x') WHERE id = 2", Break(2, "changed")),
        ("UPDATE audit_entry SET previous_hash = sha256('x') WHERE id = 4", Break(4, "unlinked")),
    ],
)  # fmt: skip
async def test_the_first_entry_that_was_tampered_with_is_named(
    trail: AsyncEngine, statement: str, broken: Break
) -> None:
    await _tamper(trail, statement)
    assert (await _verify(trail)).broken == broken


async def test_a_chain_made_up_anew_is_found_by_a_head_noted_elsewhere(trail: AsyncEngine) -> None:
    noted = await _verify(trail)
    head = (noted.head_id, noted.head_hash)
    assert (await _verify(trail, head)).broken is None
    await _tamper(
        trail,
        "UPDATE audit_entry SET reason = 'giả' WHERE id = 6",
        "UPDATE audit_entry e SET hash = sha256(convert_to(lachan_audit_text(e), 'UTF8'))"
        " WHERE id = 6",
        "UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE id = 6)",
    )
    assert (await _verify(trail)).broken is None
    assert (await _verify(trail, head)).broken == Break(6, "changed")
    await _tamper(
        trail,
        "DELETE FROM audit_entry WHERE id = 6",
        "UPDATE audit_head SET id = 5, hash = (SELECT hash FROM audit_entry WHERE id = 5)",
    )
    assert (await _verify(trail, head)).broken == Break(6, "missing")


async def test_even_the_owner_cannot_change_it_by_accident(trail: AsyncEngine) -> None:
    for statement in (
        "UPDATE audit_entry SET reason = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with trail.begin() as connection:
                await connection.execute(text(statement))
