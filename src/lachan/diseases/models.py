"""Versions of the rules of a disease that officers published."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

disease_rule = Table(
    "disease_rule",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("disease", Text, nullable=False),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("body", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("published_by", BigInteger, ForeignKey("officer.id")),
    Column("published_at", DateTime(timezone=True)),
)
