"""The tables of waiting lists and of the times that were offered to those on them."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, false, text

from telehealth.domain.waitlist import OfferState, WaitStatus
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers
from telehealth.storage.types import Minutes, UtcDateTime, Word

WAITS, OPEN = text("status = 'waiting'"), text("state = 'open'")

waitlist = Table(
    "waitlist",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("patient_organization_id", "organization"),
    refers("service_id", "healthcare_service"),
    refers("patient_id", "patient"),
    may_refer("practitioner_id", "practitioner"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("weekdays", Minutes, nullable=False),
    Column("notice_hours", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    may_refer("visit_id", "visit"),
    Column("status", Word(WaitStatus), nullable=False),
    Column("from_hour", Integer, nullable=False, server_default="0"),
    Column("until_hour", Integer, nullable=False, server_default="24"),
    Column("by_patient", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    Index(None, "status", "since"),
    Index(
        "ix_waitlist_waits_once",
        "patient_id",
        "service_id",
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    ),
)

offers = Table(
    "waitlist_offer",
    metadata,
    identity(),
    refers("waiting_id", "waitlist", index=True),
    refers("patient_id", "patient"),
    refers("hold_id", "appointment"),
    refers("practitioner_id", "practitioner"),
    Column("start", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("code_digest", LargeBinary, nullable=False, unique=True),
    Column("state", Word(OfferState), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "state", "expires_at"),
    Index("ix_waitlist_offer_open_once", "waiting_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
)
