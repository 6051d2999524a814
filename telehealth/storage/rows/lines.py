"""Tables of how a clinic runs on a day, and of what it told those at home and those who wait."""

from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, Table

from telehealth.domain.clinic_message import Prepared
from telehealth.domain.queue import Reason
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

running = Table(
    "clinic_running",
    metadata,
    refers("practitioner_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("day", Date, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("late_minutes", Integer, nullable=False),
    Column("late_reason", Word(Reason), nullable=False),
    Column("paused_at", UtcDateTime),
    Column("pause_reason", Word(Reason), nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("practitioner_id", "day"),
)

told_late = Table(
    "told_late",
    metadata,
    refers("visit_id", "visit"),
    Column("start", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    PrimaryKeyConstraint("visit_id"),
)

clinic_message = Table(
    "clinic_message",
    metadata,
    identity(),
    refers("visit_id", "visit", index=True),
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    refers("author_id", "practitioner"),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("prepared", Word(Prepared), nullable=False),
    *sealed(),
)
