"""Trace runs, contacts and their evidence."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

trace_run = Table(
    "trace_run",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE"), nullable=False),
    Column("requested_by", BigInteger, ForeignKey("officer.id")),
    Column("profile_version", Text, nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("max_level", SmallInteger, nullable=False),
    Column("dry_run", Boolean, nullable=False, server_default="false"),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("error", Text),
    Column("progress", SmallInteger, nullable=False, server_default="0"),
    Column("counts", JSONB, nullable=False, server_default="{}"),
    Column("as_of", DateTime(timezone=True)),
    Column("requested_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
)

late_visits = Table(
    "late_visits",
    metadata,
    Column(
        "case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("run_id", BigInteger, ForeignKey("trace_run.id", ondelete="CASCADE"), nullable=False),
    Column("visits", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("counted_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

late_watermark = Table(
    "late_watermark",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("recorded_until", DateTime(timezone=True), nullable=False),
)

contact = Table(
    "contact",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE"), nullable=False),
    Column("run_id", BigInteger, ForeignKey("trace_run.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area", Text, nullable=False),
    Column("first_exposure", DateTime(timezone=True), nullable=False),
    Column("last_exposure", DateTime(timezone=True), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("household", Boolean, nullable=False, server_default="false"),
    Column("status", Text, nullable=False, server_default="new"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

exposure = Table(
    "exposure",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("contact_id", BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_person_id", BigInteger, nullable=False),
    Column("source_visit_id", Uuid, nullable=False),
    Column("visit_id", Uuid, nullable=False),
    Column("place_id", BigInteger, nullable=False),
    Column("room_id", BigInteger),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("lingering_minutes", Integer, nullable=False, server_default="0"),
)
