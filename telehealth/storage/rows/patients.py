"""Tables of patients: one sealed row each, and the blind indexes that find them."""

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table

from telehealth.storage.rows.metadata import identity, metadata, refers, sealed

patients = Table(
    "patient",
    metadata,
    identity(),
    refers("organization_id", "organization", index=True),
    *sealed(),
)

patient_index = Table(
    "patient_index",
    metadata,
    refers("patient_id", "patient"),
    refers("organization_id", "organization"),
    Column("field", String, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("patient_id", "field", "value"),
    Index(None, "value", "field", "organization_id"),
)
