"""The table of the shared record: every version of every FHIR resource, sealed."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String, Table

from telehealth.storage.rows.metadata import may_refer, metadata, sealed
from telehealth.storage.types import UtcDateTime

resource_version = Table(
    "resource_version",
    metadata,
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),
    may_refer("patient_id", "patient", index=True),
    may_refer("organization_id", "organization"),
    Column("updated_at", UtcDateTime, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("type", "id", "version"),
)
