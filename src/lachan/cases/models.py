"""The case register."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, Table, Text, text

from lachan.storage.tables import metadata

case_record = Table(
    "case_record",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("code", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id"), nullable=False),
    Column("disease", Text, nullable=False),
    Column("profile_version", Text, nullable=False),
    Column("classification", Text, nullable=False),
    Column("onset_on", Date),
    Column("sampled_on", Date),
    Column("infectious_from", DateTime(timezone=True), nullable=False),
    Column("infectious_until", DateTime(timezone=True), nullable=False),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("opened_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("closed_at", DateTime(timezone=True)),
    Column("drill_id", BigInteger, ForeignKey("drill.id")),
)
