"""Presence: visits, the scans that made them, and where each was last."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Table, Text, Uuid, text

from lachan.storage.tables import metadata
from lachan.visits.devices import models as devices
from lachan.visits.doubts import models as doubts
from lachan.visits.paper import models as paper

__all__ = ["devices", "doubts", "last_visit", "paper", "scan", "visit"]

visit = Table(
    "visit",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("place_id", BigInteger, nullable=False),
    Column("room_id", BigInteger),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("end_source", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("offline", Boolean, nullable=False),
    Column("device_id", BigInteger),
    Column("proof", Text, nullable=False, server_default="none"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

scan = Table(
    "scan",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("scan_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visit_id", Uuid),
    Column("visit_day", Date),
    Column("place_id", BigInteger, nullable=False),
    Column("room_id", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("device_at", DateTime(timezone=True)),
    Column("received_at", DateTime(timezone=True), nullable=False),
)

last_visit = Table(
    "last_visit",
    metadata,
    Column("person_id", BigInteger, primary_key=True),
    Column("visit_id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    Column("place_id", BigInteger, nullable=False),
    Column("room_id", BigInteger),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("end_source", Text, nullable=False),
)
