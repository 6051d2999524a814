"""The table of wishes that people leave on a waiting list by themselves."""

from sqlalchemy import Column, Integer, LargeBinary, Table

from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime

own_wishes = Table(
    "own_wish",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("service_id", "healthcare_service"),
    may_refer("waiting_id", "waitlist"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
)
