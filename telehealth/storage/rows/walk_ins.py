"""The table of those who came without an appointment."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, text

from telehealth.domain.walk_in import Triage, WalkInStatus
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

WAITS = text("status = 'waiting'")

walk_ins = Table(
    "walk_in",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("service_id", "healthcare_service"),
    refers("patient_id", "patient"),
    Column("triage", Word(Triage), nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("status", Word(WalkInStatus), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    may_refer("visit_id", "visit"),
    Column("version", Integer, nullable=False),
    may_refer("from_organization_id", "organization"),
    Column("link_digest", LargeBinary, unique=True, index=True),
    *sealed(),
    Index(None, "organization_id", "arrived_at"),
    Index(None, "from_organization_id", "arrived_at"),
    Index(None, "service_id", "arrived_at"),
    Index("ix_walk_in_waits_once", "patient_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
)
