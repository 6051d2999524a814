"""The table of invitations to choose a time."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, text

from telehealth.domain.choice import ChoiceState
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers
from telehealth.storage.types import UtcDateTime, Word

OPEN = text("state = 'open'")

choices = Table(
    "choice",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("patient_organization_id", "organization"),
    refers("service_id", "healthcare_service"),
    refers("patient_id", "patient", index=True),
    may_refer("practitioner_id", "practitioner"),
    Column("interpreter", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("code_digest", LargeBinary, nullable=False, unique=True),
    Column("state", Word(ChoiceState), nullable=False),
    Column("opened_at", UtcDateTime),
    may_refer("hold_id", "appointment"),
    may_refer("visit_id", "visit"),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Index(
        "ix_choice_open_once",
        "patient_id",
        "service_id",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
)
