"""Live events."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False, server_default="{}"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
