"""What speaks against a visit, and how far the job that looks for it has come."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

visit_doubt = Table(
    "visit_doubt",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("place_id", BigInteger, nullable=False),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

doubt_watermark = Table(
    "doubt_watermark",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("recorded_until", DateTime(timezone=True), nullable=False),
)
