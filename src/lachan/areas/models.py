"""Administrative units, their former selves and their outlines."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from lachan.storage.tables import metadata

area = Table(
    "area",
    metadata,
    Column("path", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("parent", Text, ForeignKey("area.path")),
    Column("name", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("lat", Double),
    Column("lon", Double),
    Column("area_km2", Double, nullable=False),
    Column("derived", Boolean, nullable=False),
)

area_former = Table(
    "area_former",
    metadata,
    Column("code", Text, primary_key=True),
    Column("level", SmallInteger, nullable=False),
    Column("parent_code", Text),
    Column("name", Text, nullable=False),
    Column("full_name", Text, nullable=False),
    Column("later_name", Text),
    Column("edition", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("lat", Double),
    Column("lon", Double),
)

area_crosswalk = Table(
    "area_crosswalk",
    metadata,
    Column("former_code", Text, ForeignKey("area_former.code"), primary_key=True),
    Column("path", Text, ForeignKey("area.path"), primary_key=True),
    Column("position", SmallInteger, nullable=False),
)

area_outline = Table(
    "area_outline",
    metadata,
    Column("path", Text, ForeignKey("area.path"), primary_key=True),
    Column("geometry", LargeBinary, nullable=False),
    Column("west", Double, nullable=False),
    Column("south", Double, nullable=False),
    Column("east", Double, nullable=False),
    Column("north", Double, nullable=False),
    Column("official", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

area_edition = Table(
    "area_edition",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
