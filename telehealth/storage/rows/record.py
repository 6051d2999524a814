"""The tables of the shared record: every version of every resource, sealed, and by what they are found."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, String, Table

from telehealth.storage.rows.metadata import may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime

resource_version = Table(
    "resource_version",
    metadata,
    Column("type", String, nullable=False),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),
    may_refer("patient_id", "patient"),
    may_refer("organization_id", "organization"),
    Column("updated_at", UtcDateTime, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("type", "id", "version"),
    Index(None, "patient_id", "type", "updated_at", "id"),
)

resource_identifier = Table(
    "resource_identifier",
    metadata,
    Column("type", String, nullable=False),
    refers("patient_id", "patient"),
    Column("digest", LargeBinary, nullable=False),
    Column("place", String, nullable=False),
    Column("resource_id", String, nullable=False),
    PrimaryKeyConstraint("type", "patient_id", "digest", "place"),
    Index(None, "type", "resource_id"),
)
"""Identifiers by their blind index. The first resource that has one stands in the empty place, which there is
once; others of the patient's with the same identifier each stand in a place named after themselves."""
