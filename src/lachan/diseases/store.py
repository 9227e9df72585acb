"""All SQL about published versions of rules."""

# ruff: noqa: S608 - statements are put together from constants of this file, never from input

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lachan.diseases.rules import Rule, default_rule, rule_from

_COLUMNS = "id, disease, area, body, reason, created_by, created_at, published_by, published_at"
# The nearest area that has a version of its own, and there the newest: a province may go further
# than the country, and what the country publishes later does not undo it.
_IN_FORCE = text(
    f"""
    SELECT {_COLUMNS} FROM disease_rule
    WHERE disease = :disease AND published_at IS NOT NULL
      AND (:area = area OR starts_with(:area, area || '.'))
    ORDER BY length(area) DESC, published_at DESC, id DESC LIMIT 1
    """
)
_ONE = text(f"SELECT {_COLUMNS} FROM disease_rule WHERE id = :rule")
_ALL = text(
    f"""
    SELECT {_COLUMNS} FROM disease_rule WHERE disease = :disease ORDER BY id DESC LIMIT :limit
    """
)
_INSERT = text(
    """
    INSERT INTO disease_rule (disease, area, body, reason, created_by)
    VALUES (:disease, :area, CAST(:body AS jsonb), :reason, :officer) RETURNING id
    """
)
_PUBLISH = text(
    "UPDATE disease_rule SET published_by = :officer, published_at = clock_timestamp() "
    "WHERE id = :rule AND published_at IS NULL"
)


def rule_of(row: Row[Any]) -> Rule:
    """A kept version as a rule; its number is its version."""
    return rule_from(
        row.body, disease=row.disease, area=row.area, version=str(row.id), rule_id=row.id
    )


async def in_force(connection: AsyncConnection, disease: str, area: str) -> Rule:
    """The version by which a case in `area` is worked now. Raises `DiseaseUnknown`."""
    row = (await connection.execute(_IN_FORCE, {"disease": disease, "area": area})).one_or_none()
    return default_rule(disease) if row is None else rule_of(row)


async def find(connection: AsyncConnection, rule_id: int) -> Row[Any] | None:
    """One kept version, published or not."""
    return (await connection.execute(_ONE, {"rule": rule_id})).one_or_none()


async def by_id(connection: AsyncConnection, disease: str, rule_id: int | None) -> Rule:
    """The version with this number, else the one that comes with the program."""
    row = None if rule_id is None else await find(connection, rule_id)
    return default_rule(disease) if row is None else rule_of(row)


async def versions(
    connection: AsyncConnection, disease: str, limit: int = 100
) -> Sequence[Row[Any]]:
    """Kept versions of a disease, newest first."""
    return (await connection.execute(_ALL, {"disease": disease, "limit": limit})).all()


async def insert(
    connection: AsyncConnection, *, disease: str, area: str, body: str, reason: str, officer: int
) -> int:
    """Keep a draft of a version (`body` as JSON); its number."""
    values = {
        "disease": disease,
        "area": area,
        "body": body,
        "reason": reason,
        "officer": officer,
    }
    return int((await connection.execute(_INSERT, values)).scalar_one())


async def publish(connection: AsyncConnection, rule_id: int, officer: int) -> bool:
    """Put a draft in force; False when it is already."""
    return (await connection.execute(_PUBLISH, {"rule": rule_id, "officer": officer})).rowcount == 1
