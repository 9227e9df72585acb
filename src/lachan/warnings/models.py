"""Warnings and what each person was told."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lachan.storage.tables import metadata

warning = Table(
    "warning",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE"), nullable=False),
    Column("run_id", BigInteger, ForeignKey("trace_run.id", ondelete="SET NULL")),
    Column("area", Text, nullable=False),
    Column("disease", Text, nullable=False),
    Column("levels", ARRAY(SmallInteger), nullable=False),
    Column("advice_version", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("recipients", Integer, nullable=False),
    Column("created_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("approved_by", BigInteger, ForeignKey("officer.id")),
    Column("approved_at", DateTime(timezone=True)),
    Column("withdrawn_by", BigInteger, ForeignKey("officer.id")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_reason", Text),
)

warning_message = Table(
    "warning_message",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("warning_id", BigInteger, ForeignKey("warning.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("area", Text, nullable=False),
    Column("disease", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("advice_version", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("place_id", BigInteger),
    Column("room_id", BigInteger),
    Column("window_from", DateTime(timezone=True), nullable=False),
    Column("window_to", DateTime(timezone=True), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("others", Integer, nullable=False, server_default="0"),
    Column("sent_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_reason", Text),
    Column("disputed_at", DateTime(timezone=True)),
    Column("dispute_sealed", LargeBinary),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", BigInteger, ForeignKey("officer.id")),
    Column("answer", Text),
)
