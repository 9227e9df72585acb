"""Browsers that asked to be told at once, what is on its way to them, and who wants a reminder."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from lachan.storage.tables import metadata

push_subscription = Table(
    "push_subscription",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column(
        "session_hash",
        LargeBinary,
        ForeignKey("session.token_hash", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("endpoint_index", LargeBinary, nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("lang", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("used_at", DateTime(timezone=True)),
)

push_delivery = Table(
    "push_delivery",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column(
        "subscription_id",
        BigInteger,
        ForeignKey("push_subscription.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("purpose", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("message_id", BigInteger, ForeignKey("warning_message.id", ondelete="CASCADE")),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("sent_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

leave_reminder = Table(
    "leave_reminder",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "session_hash",
        LargeBinary,
        ForeignKey("session.token_hash", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("visit_id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
