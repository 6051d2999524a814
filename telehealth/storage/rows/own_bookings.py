"""The table of bookings that patients make by themselves, while they make them."""

from sqlalchemy import Column, Integer, LargeBinary, Table

from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import UtcDateTime

own_bookings = Table(
    "own_booking",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("service_id", "healthcare_service"),
    refers("hold_id", "appointment"),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False, index=True),
    may_refer("patient_id", "patient"),
    may_refer("visit_id", "visit"),
    Column("tries", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    *sealed(),
)
