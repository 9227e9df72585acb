"""Places, rooms, the codes on posters, staff, devices, and what is counted and reported there."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
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

from lachan.storage.tables import metadata

place = Table(
    "place",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("lat", Double),
    Column("lon", Double),
    Column("h3", BigInteger),
    Column("ventilation", Text, nullable=False, server_default="unknown"),
    Column("usual_stay_minutes", Integer),
    Column("state", Text, nullable=False, server_default="active"),
    Column("folded", Text, nullable=False, server_default=""),
    Column("proof", Text, nullable=False, server_default="off"),
    Column("hours", ARRAY(SmallInteger)),
    Column("by_authority", Boolean, nullable=False, server_default=text("false")),
    Column("has_owner", Boolean, nullable=False, server_default=text("false")),
    Column("drill_id", BigInteger, ForeignKey("drill.id")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

room = Table(
    "room",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("ventilation", Text),
)

place_code = Table(
    "place_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", BigInteger, ForeignKey("room.id", ondelete="CASCADE")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revoked_at", DateTime(timezone=True)),
)

place_staff = Table(
    "place_staff",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("id", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

place_invite = Table(
    "place_invite",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("code_hash", LargeBinary, unique=True),
    Column("phone_index", LargeBinary),
    Column("created_by", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("created_by_officer", BigInteger, ForeignKey("officer.id")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("declined_at", DateTime(timezone=True)),
)

place_review = Table(
    "place_review",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("similar_to", BigInteger, ForeignKey("place.id", ondelete="SET NULL")),
    Column("why", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("decided_by", BigInteger, ForeignKey("officer.id")),
    Column("decided_at", DateTime(timezone=True)),
)

door_count = Table(
    "door_count",
    metadata,
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),
    Column("counted", Integer, nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

day_close = Table(
    "day_close",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("closed_by", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("closed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("people", Integer),
    Column("undone_at", DateTime(timezone=True)),
)

day_close_visit = Table(
    "day_close_visit",
    metadata,
    Column(
        "close_id", BigInteger, ForeignKey("day_close.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("visit_id", Uuid, primary_key=True),
    Column("day", Date, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("ended_before", DateTime(timezone=True), nullable=False),
)

place_import = Table(
    "place_import",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),
    Column("officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE")),
    Column("file_name", Text, nullable=False),
    Column("rows", JSONB, nullable=False),
    Column("sealed", LargeBinary),
    Column("report", JSONB, nullable=False),
    Column("size", Text, nullable=False, server_default="a4"),
    Column("state", Text, nullable=False, server_default="checked"),
    Column("made", Integer, nullable=False, server_default="0"),
    Column("printed", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("finished_at", DateTime(timezone=True)),
)

place_import_place = Table(
    "place_import_place",
    metadata,
    Column(
        "import_id", BigInteger, ForeignKey("place_import.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("line", Integer, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
)

place_import_pdf = Table(
    "place_import_pdf",
    metadata,
    Column(
        "import_id", BigInteger, ForeignKey("place_import.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

place_report = Table(
    "place_report",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("area", Text, nullable=False),
    Column("room_ids", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("on_duty_from", DateTime(timezone=True), nullable=False),
    Column("on_duty_to", DateTime(timezone=True), nullable=False),
    Column("tested_on", Date, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("reported_by", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("reported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("state", Text, nullable=False, server_default="new"),
    Column("case_id", BigInteger, ForeignKey("case_record.id", ondelete="SET NULL")),
    Column("decided_by", BigInteger, ForeignKey("officer.id")),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", Text),
)

duty_end = Table(
    "duty_end",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("kind", Text),
    Column("ends_on", Date, nullable=False),
    Column("ended_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", BigInteger, ForeignKey("officer.id")),
)

device = Table(
    "device",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", BigInteger, ForeignKey("room.id", ondelete="CASCADE")),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_by", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("seen_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)
