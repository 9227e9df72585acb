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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from lachan.storage.tables import metadata

warning = Table(
    "warning",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE")),
    Column("place_report_id", Uuid, ForeignKey("place_report.id", ondelete="CASCADE")),
    Column("run_id", BigInteger, ForeignKey("trace_run.id", ondelete="SET NULL")),
    Column("area", Text, nullable=False),
    Column("disease", Text, nullable=False),
    Column("levels", ARRAY(SmallInteger), nullable=False),
    Column("advice_version", Text, nullable=False),
    Column("rule_id", BigInteger, ForeignKey("disease_rule.id")),
    Column("rule_version", Text, nullable=False, server_default=""),
    Column("kinds", JSONB, nullable=False, server_default="{}"),
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
    Column("first_sent_at", DateTime(timezone=True)),
    Column("held_until", DateTime(timezone=True)),
    Column("stopped_at", DateTime(timezone=True)),
    Column("resumed_at", DateTime(timezone=True)),
    Column("resumed_by", BigInteger, ForeignKey("officer.id")),
    Column("resumed_reason", Text),
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
    Column("kind", Text, nullable=False, server_default="watch"),
    Column("rule_version", Text, nullable=False, server_default=""),
    Column("pushed_at", DateTime(timezone=True)),
    Column("texted_at", DateTime(timezone=True)),
    Column("seen_via", Text),
    Column("tested_at", DateTime(timezone=True)),
    Column("call_asked_at", DateTime(timezone=True)),
    Column("well_at", DateTime(timezone=True)),
    Column("replied_via", Text),
    Column("called_at", DateTime(timezone=True)),
    Column("called_by", BigInteger, ForeignKey("officer.id")),
    Column("decision", Text),
    Column("corrected_minutes", Integer),
)

warning_pause = Table(
    "warning_pause",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("paused_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("paused_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("resumed_by", BigInteger, ForeignKey("officer.id")),
    Column("resumed_at", DateTime(timezone=True)),
)

outbreak_place = Table(
    "outbreak_place",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("warning_id", BigInteger, ForeignKey("warning.id", ondelete="CASCADE"), nullable=False),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", BigInteger, ForeignKey("room.id", ondelete="SET NULL")),
    Column("disease", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("advice_version", Text, nullable=False),
    Column("window_from", DateTime(timezone=True), nullable=False),
    Column("window_to", DateTime(timezone=True), nullable=False),
    Column("people", Integer),
    Column("shown_until", DateTime(timezone=True), nullable=False),
    Column("published_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("withdrawn_at", DateTime(timezone=True)),
)

rule_trial = Table(
    "rule_trial",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "rule_id", BigInteger, ForeignKey("disease_rule.id", ondelete="CASCADE"), nullable=False
    ),
    Column("area", Text, nullable=False),
    Column("present", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("requested_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("finished_at", DateTime(timezone=True)),
)

rule_trial_case = Table(
    "rule_trial_case",
    metadata,
    Column(
        "trial_id", BigInteger, ForeignKey("rule_trial.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "case_id", BigInteger, ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("case_code", Text, nullable=False),
    Column("would", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("gained", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("kinds", JSONB, nullable=False, server_default="{}"),
)
