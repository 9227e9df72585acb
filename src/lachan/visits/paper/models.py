"""Lists of visitors on paper, their rows, and who the rows turned out to be."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from lachan.storage.tables import metadata

paper_list = Table(
    "paper_list",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("area", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("typed_by_person", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),
    Column("typed_by_officer", BigInteger, ForeignKey("officer.id")),
    Column("day", Date, nullable=False),
    Column("content_index", LargeBinary),
    Column("sealed", LargeBinary),
    Column("reading", JSONB, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False),
    Column("row_count", Integer, nullable=False, server_default="0"),
    Column("rows_handled", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

paper_row = Table(
    "paper_row",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("list_id", Uuid, ForeignKey("paper_list.id", ondelete="CASCADE")),
    Column("line", Integer),
    Column("place_id", BigInteger, ForeignKey("place.id", ondelete="CASCADE"), nullable=False),
    Column("area", Text, nullable=False),
    Column("room_id", BigInteger),
    Column("device_id", BigInteger),
    Column("typed_by_person", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),
    Column("typed_by_officer", BigInteger, ForeignKey("officer.id")),
    Column("sealed", LargeBinary, nullable=False),
    Column("row_index", LargeBinary),
    Column("direction", Text, nullable=False, server_default="in"),
    Column("arrived_at", DateTime(timezone=True)),
    Column("left_at", DateTime(timezone=True)),
    Column("state", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False, server_default="{}"),
    Column("decided_by_person", BigInteger, ForeignKey("person.id", ondelete="SET NULL")),
    Column("decided_by_officer", BigInteger, ForeignKey("officer.id")),
    Column("decided_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

paper_match = Table(
    "paper_match",
    metadata,
    Column("row_id", Uuid, ForeignKey("paper_row.id", ondelete="CASCADE"), primary_key=True),
    Column("area", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("enrolled", Boolean, nullable=False),
    Column("name_index", LargeBinary),
    Column("visit_id", Uuid),
    Column("visit_day", Date),
    Column("state", Text, nullable=False),
    Column("decided_by_officer", BigInteger, ForeignKey("officer.id")),
    Column("decided_at", DateTime(timezone=True)),
)
