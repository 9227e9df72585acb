"""Figures that the worker counts, by ward and day."""

from sqlalchemy import Column, Date, Integer, Table, Text

from lachan.storage.tables import metadata

check_in_day = Table(
    "check_in_day",
    metadata,
    Column("area", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("active_places", Integer, nullable=False),
    Column("arrivals", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("scanned", Integer, nullable=False),
)
