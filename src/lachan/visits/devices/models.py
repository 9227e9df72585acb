"""Who was found for scans that could not be asked about twice."""

from sqlalchemy import BigInteger, Column, DateTime, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from lachan.storage.tables import metadata

device_scan = Table(
    "device_scan",
    metadata,
    Column("name", Uuid, primary_key=True),
    Column("people", ARRAY(BigInteger), nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
