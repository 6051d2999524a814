"""The table of what patients permit and deny about their records."""

from sqlalchemy import Column, Integer, Table

from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime

consents = Table(
    "consent",
    metadata,
    identity(),
    refers("patient_id", "patient", unique=True),
    refers("organization_id", "organization"),
    Column("given_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
)
