"""Tables of what programs want to be told of: what they watch and where they hear of it is sealed."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, text

from telehealth.domain.subscriptions import SubscriptionState
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

ACTIVE = text("state = 'active'")

subscriptions = Table(
    "subscription",
    metadata,
    identity(),
    refers("program_id", "program", index=True),
    refers("organization_id", "organization"),
    Column("type", String, nullable=False),
    may_refer("patient_id", "patient"),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("claimed_until", UtcDateTime),
    Column("state", Word(SubscriptionState), nullable=False),
    Column("error", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
    Index("ix_subscription_active", "organization_id", "type", sqlite_where=ACTIVE, postgresql_where=ACTIVE),
)

subscription_events = Table(
    "subscription_event",
    metadata,
    refers("subscription_id", "subscription"),
    Column("resource_id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("patient_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("subscription_id", "resource_id", "version"),
    Index("ix_subscription_event_order", "subscription_id", "at", "resource_id", "version"),
)
"""What each has yet to be told: a row goes when that was done."""
