"""The table of specialists' calendar addresses; secrets are hashes."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from telehealth.storage.rows.metadata import metadata, refers
from telehealth.storage.types import UtcDateTime

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("practitioner_id", String, ForeignKey("practitioner.id"), primary_key=True),
    refers("organization_id", "organization"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
)
