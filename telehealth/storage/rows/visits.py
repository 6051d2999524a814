"""Tables of consultations, of the links to them and of the browsers in them."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from telehealth.domain.consultation import Connection, Device, VisitStatus
from telehealth.domain.queue import Priority, TextMe
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

IN_LINE = text("status IN ('waiting', 'in-progress')")
ENDED = text("ended_at IS NOT NULL")

visits = Table(
    "visit",
    metadata,
    identity(),
    refers("appointment_id", "appointment", unique=True),
    refers("organization_id", "organization"),
    refers("patient_id", "patient", index=True),
    refers("practitioner_id", "practitioner"),
    Column("status", Word(VisitStatus), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("device", Word(Device), nullable=False),
    Column("connection", Word(Connection), nullable=False),
    Column("consent_at", UtcDateTime),
    Column("waiting_at", UtcDateTime),
    Column("admitted_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("relay_only", Boolean, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("bound_to", String),
    Column("asked_by", String),
    Column("transfer_digest", LargeBinary),
    Column("transfer_until", UtcDateTime),
    Column("priority", Word(Priority), nullable=False),
    Column("text_me", Word(TextMe), nullable=False),
    Column("moved_at", UtcDateTime),
    *sealed(nullable=True),
    Index(None, "practitioner_id", "patient_id"),
    Index("uq_visit_transfer_digest", "transfer_digest", unique=True),
    Index(
        "ix_visit_line",
        "practitioner_id",
        sqlite_where=IN_LINE,
        postgresql_where=IN_LINE,
    ),
    Index("ix_visit_ended", "practitioner_id", "ended_at", sqlite_where=ENDED, postgresql_where=ENDED),
)

visit_link = Table(
    "visit_link",
    metadata,
    identity(),
    refers("visit_id", "visit"),
    Column("person_id", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("code_digest", LargeBinary, nullable=False, index=True),
    Column("code_tries", Integer, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("moved", Boolean, nullable=False),
    UniqueConstraint("visit_id", "person_id", "generation"),
)

visit_session = Table(
    "visit_session",
    metadata,
    identity(),
    refers("visit_id", "visit", index=True),
    Column("person_id", String, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("generation", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)
