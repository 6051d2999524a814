"""The table of odd patterns of reading."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from telehealth.domain.alerts import Pattern
from telehealth.storage.rows.metadata import identity, metadata, refers
from telehealth.storage.types import UtcDateTime, Word

alerts = Table(
    "alert",
    metadata,
    identity(),
    Column("pattern", Word(Pattern), nullable=False),
    refers("organization_id", "organization", index=True),
    refers("practitioner_id", "practitioner"),
    Column("patient_id", String, nullable=False),
    Column("day", String, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("seen_by", String, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("pattern", "practitioner_id", "patient_id", "day"),
)
