"""The tables. Columns of type LargeBinary hold encrypted JSON; nothing else holds what people wrote."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """A point in time, always with UTC; SQLite stores none, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("key", String(64), nullable=False, unique=True),  # keyed hash of the widget's token or the number
    Column("address", LargeBinary),  # the number to answer by SMS
    Column("callback", LargeBinary),  # the number and time for a call the relative asked for
    Column("state", String(16), nullable=False),
    Column("owner_id", ForeignKey("counselors.id", ondelete="SET NULL")),
    Column("reason", String(32)),  # why it is queued
    Column(
        "level", Integer, nullable=False, default=0
    ),  # highest crisis level so far; only a counselor lowers it
    Column("intent", String(40)),  # crisis intent behind the level
    Column("malform", String(8), nullable=False, default="nb"),
    Column("dialogue", LargeBinary),  # the engine's short memory: slots and last turns, no text
    Column("last_seq", Integer, nullable=False, default=0),
    Column("created_at", Utc, nullable=False),
    Column("active_at", Utc, nullable=False),
    Column("waiting_since", Utc),
    Column("closed_at", Utc),
    Column("muted", Boolean, nullable=False, default=False),  # the number said STOPP
    Column("lease_by", String(32)),
    Column("lease_until", Utc),
    Index(None, "state", "waiting_since"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    Column("counselor_id", ForeignKey("counselors.id", ondelete="SET NULL")),
    Column("client_id", String(64)),  # the sender's own id: a repeat is the same message
    Column("kind", String(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("level", Integer, nullable=False, default=0),
    Column("pending", Boolean, nullable=False, default=False),  # stored and not yet answered or handed on
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_id"),
    Index(None, "pending", "conversation_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("status", String(16), nullable=False),  # queued, sending, sent, delivered, failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Utc, nullable=False),
    Column("provider_ref", String(128), index=True),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    Index(None, "status", "next_at"),
)

counselors = Table(
    "counselors",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("on_duty", Boolean, nullable=False, default=False),
    Column("seen_at", Utc),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Utc, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("counselor_id", ForeignKey("counselors.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Utc, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "conversation_id", String(32), nullable=False, index=True
    ),  # outlives the conversation, without content
    Column("at", Utc, nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("counselor_id", Integer),
    Column("detail", JSON, nullable=False),
)

page_votes = Table(
    "page_votes",
    metadata,
    Column("topic", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("helpful", Boolean, primary_key=True),
    Column("number", Integer, nullable=False),
)

crises = Table(
    "crises",  # a danger from the first message of it until a counselor ends it; outlives the conversation
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(32), nullable=False, index=True),
    Column("at", Utc, nullable=False, index=True),
    Column("level", Integer, nullable=False),  # the highest in it
    Column("intent", String(40)),
    Column("viewed_at", Utc),  # when a counselor first had it on the screen
    Column("viewed_by", Integer),
    Column("claimed_at", Utc),
    Column("replied_at", Utc),  # when a counselor first wrote to the relative
    Column("replied_by", Integer),
    Column("ended_at", Utc),  # when a counselor closed the conversation or gave it back to the bot
    Column("waiting_since", Utc, index=True),  # nobody has it since then; empty when somebody has
    Column("alarmed_at", Utc),
    Column("alarmed_for", Utc),  # the marker: equal to waiting_since when this wait has had its alarm
)

alarms = Table(
    "alarms",  # what is sent out of the house about a crisis that nobody takes
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("crisis_id", ForeignKey("crises.id", ondelete="CASCADE"), nullable=False),
    Column("way", String(16), nullable=False),  # webhook, sms
    Column("since", Utc, nullable=False),  # the wait it is about: one alarm a wait and way
    Column("status", String(16), nullable=False),  # queued, sending, sent, failed, unneeded
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("crisis_id", "way", "since"),
    Index(None, "status", "next_at"),
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column(
        "key", String(64), nullable=False, unique=True
    ),  # as in conversations: a keyed hash, never a number
    Column("channel", String(16), nullable=False),
    Column("conversation_id", String(32), nullable=False),  # where it was done
    Column("counselor_id", Integer, nullable=False),  # who did it
    Column("reason", String(32), nullable=False),
    Column("at", Utc, nullable=False),
    Column("until", Utc, nullable=False, index=True),
    Column("told_at", Utc),  # when the sender last read that they are blocked
)

topic_words = Table(
    "topic_words",  # the knowledge base as PostgreSQL searches in it; empty on SQLite, which searches in memory
    metadata,
    Column(
        "edition", String(64), primary_key=True
    ),  # digest of the words: services may differ while one is renewed
    Column("topic", String(40), primary_key=True),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "words", postgresql_using="gin"),
)
