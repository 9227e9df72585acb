"""Places, rooms, the codes on posters, and staff."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    text,
)

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
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
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
    Column("revoked_at", DateTime(timezone=True)),
)
