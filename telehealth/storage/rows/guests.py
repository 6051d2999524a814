"""The table of the guests of a visit."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, UniqueConstraint

from telehealth.domain.guests import GuestKind, GuestState
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

guests = Table(
    "visit_guest",
    metadata,
    identity(),
    refers("visit_id", "visit"),
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    Column("number", Integer, nullable=False),
    Column("kind", Word(GuestKind), nullable=False),
    Column("invited_by", String, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", Word(GuestState), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("session_digest", LargeBinary),
    Column("agreed_at", UtcDateTime),
    Column("hears_after", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
    UniqueConstraint("visit_id", "number"),
)
