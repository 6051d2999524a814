"""The table of rooms, devices and interpreters."""

from sqlalchemy import Column, Integer, Table

from telehealth.domain.appointment import ResourceKind
from telehealth.storage.rows.metadata import identity, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

resources = Table(
    "resource",
    metadata,
    identity(),
    refers("organization_id", "organization", index=True),
    refers("location_id", "location"),
    Column("kind", Word(ResourceKind), nullable=False),
    Column("before_minutes", Integer, nullable=False),
    Column("after_minutes", Integer, nullable=False),
    Column("retired_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    *sealed(),
)
