"""The table of closed clinics."""

from sqlalchemy import Column, Index, Table

from telehealth.domain.closures import ClosedBecause
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime, Word

closures = Table(
    "closure",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    may_refer("location_id", "location"),
    Column("start", UtcDateTime, nullable=False),
    Column("end", UtcDateTime, nullable=False),
    Column("reason", Word(ClosedBecause), nullable=False),
    *sealed(),
    Index(None, "organization_id", "end"),
)
