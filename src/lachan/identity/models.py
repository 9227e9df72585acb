"""People, officers, sessions, sealed identities, the audit trail."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from lachan.identity.clients import models as client_models
from lachan.identity.push import models as push_models
from lachan.storage.tables import metadata

__all__ = ["client_models", "push_models"]

drill = Table(
    "drill",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("label", Text, nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("closed_at", DateTime(timezone=True)),
)

household = Table(
    "household",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

person = Table(
    "person",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("home_area", Text, ForeignKey("area.path")),
    Column("household_id", BigInteger, ForeignKey("household.id")),
    Column("drill_id", BigInteger, ForeignKey("drill.id")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("erase_requested_at", DateTime(timezone=True)),
)

identity_sealed = Table(
    "identity_sealed",
    metadata,
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("phone_index", LargeBinary),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("document_index", LargeBinary),
    Column("document_check", LargeBinary),
)

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("phone_index", LargeBinary, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("used_at", DateTime(timezone=True)),
)

text_message = Table(
    "text_message",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("gateway", Text),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_at", DateTime(timezone=True)),
    Column("warning_messages", ARRAY(BigInteger)),
)

officer = Table(
    "officer",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("login", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_temporary", Boolean, nullable=False, server_default=text("false")),
    Column("totp_sealed", LargeBinary),
    Column("totp_last_step", BigInteger),
    Column("failed_attempts", Integer, nullable=False, server_default="0"),
    Column("locked_until", DateTime(timezone=True)),
    Column("disabled_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

officer_role = Table(
    "officer_role",
    metadata,
    Column(
        "officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("role", Text, primary_key=True),
    Column("area", Text, ForeignKey("area.path"), primary_key=True),
)

passkey = Table(
    "passkey",
    metadata,
    Column("credential_id", LargeBinary, primary_key=True),
    Column("officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE"), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("used_at", DateTime(timezone=True)),
)

passkey_challenge = Table(
    "passkey_challenge",
    metadata,
    Column("handle_hash", LargeBinary, primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

session_proof = Table(
    "session_proof",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("inner_key", LargeBinary, nullable=False),
    Column("outer_key", LargeBinary, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),
    Column("officer_id", BigInteger, ForeignKey("officer.id", ondelete="CASCADE")),
    Column("device_id", BigInteger),
    Column("client", Text, nullable=False, server_default="web"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("idle_minutes", Integer),
    Column("verified_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", BigInteger),
    Column("action", Text, nullable=False),
    Column("subject_person", BigInteger),
    Column("area", Text),
    Column("object", Text),
    Column("reason", Text),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("id", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

phone_key = Table(
    "phone_key",
    metadata,
    Column("handle", LargeBinary, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("members", ARRAY(BigInteger), nullable=False, server_default="{}"),
    Column("session_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("ends_at", DateTime(timezone=True), nullable=False),
)

phone_code_use = Table(
    "phone_code_use",
    metadata,
    Column("handle", LargeBinary, primary_key=True),
    Column("step", BigInteger, primary_key=True),
    Column("device_id", BigInteger, nullable=False),
)

card_batch = Table(
    "card_batch",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("area", Text, ForeignKey("area.path"), nullable=False),
    Column("label", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("made_by", BigInteger, ForeignKey("officer.id"), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("printed_at", DateTime(timezone=True)),
    Column("drill_id", BigInteger, ForeignKey("drill.id")),
)

card = Table(
    "card",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("batch_id", BigInteger, ForeignKey("card_batch.id"), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("number_index", LargeBinary, nullable=False),
    Column("area", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="blank"),
    Column("person_id", BigInteger, ForeignKey("person.id")),
    Column("attached_at", DateTime(timezone=True)),
    Column("attached_by", BigInteger, ForeignKey("officer.id")),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_reason", Text),
)
