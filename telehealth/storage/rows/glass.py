"""The table of records that were opened in an emergency."""

from sqlalchemy import Column, Integer, String, Table

from telehealth.domain.glass import Finding
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

glasses = Table(
    "glass",
    metadata,
    identity(),
    refers("patient_id", "patient"),
    refers("organization_id", "organization", index=True),
    refers("practitioner_id", "practitioner", index=True),
    refers("reader_organization_id", "organization", index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("reviewed_at", UtcDateTime),
    Column("reviewer_id", String, nullable=False),
    Column("finding", Word(Finding)),
    Column("version", Integer, nullable=False),
    *sealed(),
)
