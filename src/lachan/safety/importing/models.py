"""Lists of facilities and what comes of their lines."""

from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

place_source = Table(
    "place_source",
    metadata,
    Column("source", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

facility_import = Table(
    "facility_import",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE")),
    Column("file_name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kinds", JSONB, nullable=False),
    Column("content", LargeBinary),
    Column("state", Text, nullable=False, server_default="reading"),
    Column("problem", JSONB),
    Column("lines", Integer, nullable=False, server_default="0"),
    Column("made", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("checked_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
)

facility_import_row = Table(
    "facility_import_row",
    metadata,
    Column(
        "import_id",
        BigInteger,
        ForeignKey("facility_import.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("line", Integer, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("lat", Double),
    Column("lon", Double),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="SET NULL")),
    Column("twin", Integer),
    Column("likeness", REAL),
    Column("metres", Integer),
    Column("decision", Text),
    Column("done_at", DateTime(timezone=True)),
)
