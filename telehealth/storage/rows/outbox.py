"""Tables of messages waiting to leave, of own wordings, of kept answers and of facts about the database."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, text

from telehealth.domain.outbox import Channel, Delivery
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

OPEN = text("state IN ('due', 'sending', 'leaving')")

outbox = Table(
    "outbox",
    metadata,
    identity(),
    Column("channel", Word(Channel), nullable=False),
    Column("template", String, nullable=False),
    Column("person_id", String, nullable=False),
    may_refer("organization_id", "organization"),
    may_refer("visit_id", "visit", index=True),
    may_refer("account_id", "account"),
    may_refer("offer_id", "waitlist_offer", index=True),
    may_refer("choice_id", "choice", index=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Word(Delivery), nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("made_at", UtcDateTime),
    Column("changed_at", UtcDateTime),
    *sealed(),
    Index("ix_outbox_open", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
)

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("client", String, nullable=False),
    Column("key", String, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    *sealed(),
    PrimaryKeyConstraint("client", "key"),
)

own_text = Table(
    "own_text",
    metadata,
    refers("organization_id", "organization"),
    Column("template", String, nullable=False),
    Column("language", String, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("organization_id", "template", "language"),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
