"""The safety map: criteria, daily checks, inspections, answers from the public, colours."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
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
from sqlalchemy.dialects.postgresql import JSONB

from lachan.safety.importing import models as importing
from lachan.storage.tables import metadata

__all__ = [
    "criteria_item",
    "criteria_set",
    "daily_check",
    "feedback",
    "importing",
    "inspection",
    "place_safety",
    "repair_order",
    "safety_area_day",
    "safety_day",
    "safety_photo",
    "safety_reminder",
]

criteria_set = Table(
    "criteria_set",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("title", JSONB, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("rules", JSONB, nullable=False),
    Column("repair_hours", Integer),
    Column("source", Text, nullable=False),
    Column("verified", Boolean, nullable=False, server_default=text("false")),
    Column("valid_from", Date, nullable=False),
    Column("state", Text, nullable=False, server_default="draft"),
    Column("created_by", BigInteger, ForeignKey("officer.id")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("published_at", DateTime(timezone=True)),
)

criteria_item = Table(
    "criteria_item",
    metadata,
    Column(
        "set_id", BigInteger, ForeignKey("criteria_set.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("code", Text, primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Column("chapter", JSONB, nullable=False),
    Column("moment", Text, nullable=False),
    Column("wording", JSONB, nullable=False),
    Column("points", SmallInteger, nullable=False, server_default="1"),
    Column("graded", Boolean, nullable=False, server_default=text("false")),
    Column("compulsory", Boolean, nullable=False, server_default=text("false")),
    Column("evidence", Text, nullable=False, server_default="none"),
)

place_safety = Table(
    "place_safety",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("set_id", BigInteger, ForeignKey("criteria_set.id")),
    Column("joined_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("day", Date),
    Column("colour", Text, nullable=False, server_default="grey"),
    Column("held", Text),
    Column("reasons", JSONB, nullable=False, server_default="[]"),
    Column("outcome", Text),
    Column("score", SmallInteger),
    Column("maximum", SmallInteger),
    Column("below_since", DateTime(timezone=True)),
    Column("streak", Integer, nullable=False, server_default="0"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

safety_day = Table(
    "safety_day",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("colour", Text, nullable=False),
    Column("score", SmallInteger),
    Column("maximum", SmallInteger),
    Column("late", Boolean, nullable=False, server_default=text("false")),
)

daily_check = Table(
    "daily_check",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("commit_id", Uuid, nullable=False, unique=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("set_id", BigInteger, ForeignKey("criteria_set.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("moment", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("name_sealed", LargeBinary),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Column("answers", JSONB, nullable=False),
    Column("notes", JSONB, nullable=False, server_default="{}"),
    Column("score", SmallInteger, nullable=False),
    Column("maximum", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("replaced_by", BigInteger, ForeignKey("daily_check.id")),
)

safety_reminder = Table(
    "safety_reminder",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("moment", Text, primary_key=True),
    Column("officer_id", BigInteger, ForeignKey("officer.id")),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

safety_photo = Table(
    "safety_photo",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("check_id", BigInteger, ForeignKey("daily_check.id", ondelete="CASCADE")),
    Column("inspection_id", BigInteger),
    Column("feedback_id", BigInteger),
    Column("item_code", Text),
    Column("picture", LargeBinary, nullable=False),
    Column("width", SmallInteger, nullable=False),
    Column("height", SmallInteger, nullable=False),
    Column("taken_by", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

inspection = Table(
    "inspection",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("officer_id", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("set_id", BigInteger, ForeignKey("criteria_set.id"), nullable=False),
    Column("recheck_of", BigInteger, ForeignKey("inspection.id")),
    Column("day", Date, nullable=False),
    Column("answers", JSONB, nullable=False),
    Column("notes", JSONB, nullable=False, server_default="{}"),
    Column("score", SmallInteger, nullable=False),
    Column("maximum", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("deviation", JSONB, nullable=False, server_default="{}"),
    Column("remark", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="closed"),
    Column("due_at", DateTime(timezone=True)),
    Column("repaired_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("overdue_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

repair_order = Table(
    "repair_order",
    metadata,
    Column(
        "inspection_id",
        BigInteger,
        ForeignKey("inspection.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("item_code", Text, primary_key=True),
    Column("wording", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("handle_hash", LargeBinary, nullable=False, unique=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("item_code", Text),
    Column("body", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("weight", SmallInteger, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("source_hash", LargeBinary),
    Column("state", Text, nullable=False, server_default="open"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("answer", Text),
    Column("answered_at", DateTime(timezone=True)),
    Column("reopened_at", DateTime(timezone=True)),
    Column("reopened_because", Text),
    Column("decided_by", BigInteger, ForeignKey("officer.id")),
    Column("decided_at", DateTime(timezone=True)),
    Column("remark", Text),
    Column("overdue_at", DateTime(timezone=True)),
)

safety_area_day = Table(
    "safety_area_day",
    metadata,
    Column("area", Text, ForeignKey("area.path"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("colour", Text, primary_key=True),
    Column("places", Integer, nullable=False),
)

safety_quiet = Table(
    "safety_quiet",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)
