"""The table of clinicians' own short texts."""

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table

from telehealth.storage.rows.metadata import metadata, refers, sealed

snippets = Table(
    "snippet",
    metadata,
    refers("practitioner_id", "practitioner"),
    refers("organization_id", "organization"),
    Column("version", Integer, nullable=False),
    *sealed(),
    PrimaryKeyConstraint("practitioner_id"),
)
