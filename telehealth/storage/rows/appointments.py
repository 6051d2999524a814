"""Tables of booked times. The migration adds what makes double booking impossible (see README.md)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    text,
)

from telehealth.domain.appointment import AppointmentStatus, ResourceKind
from telehealth.domain.modality import Modality
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import Blank, UtcDateTime, Word

appointments = Table(
    "appointment",
    metadata,
    identity(),
    Column("uid", String, nullable=False, unique=True),
    refers("organization_id", "organization"),
    refers("patient_organization_id", "organization"),
    refers("patient_id", "patient", index=True),
    refers("practitioner_id", "practitioner"),
    refers("service_id", "healthcare_service"),
    refers("location_id", "location"),
    Column("status", Word(AppointmentStatus), nullable=False),
    Column("start", UtcDateTime, nullable=False),
    Column("end", UtcDateTime, nullable=False),
    Column("zone", String, nullable=False),
    Column("local_start", String, nullable=False),
    Column("tzdata", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("held_until", UtcDateTime),
    Column("test", Boolean, nullable=False),
    Column("patient_moves", Integer, nullable=False),
    Column("by_patient", Boolean, nullable=False),
    Column("by_practitioner", Boolean, nullable=False),
    may_refer("series_id", "appointment_series"),
    Column("recurrence", Blank),
    Column("apart", Boolean, nullable=False),
    Column("modality", Word(Modality), nullable=False),
    Index(None, "practitioner_id", "start"),
    Index(None, "series_id", "recurrence", unique=True),
    Index(
        "ix_appointment_holds",
        "held_until",
        sqlite_where=text("held_until IS NOT NULL"),
        postgresql_where=text("held_until IS NOT NULL"),
    ),
)

appointment_series = Table(
    "appointment_series",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    refers("patient_organization_id", "organization"),
    refers("patient_id", "patient"),
    refers("practitioner_id", "practitioner"),
    refers("service_id", "healthcare_service"),
    Column("zone", String, nullable=False),
    Column("local_start", String, nullable=False),
    Column("rule", String, nullable=False),
)

appointment_resource = Table(
    "appointment_resource",
    metadata,
    refers("appointment_id", "appointment"),
    Column("kind", Word(ResourceKind), nullable=False),
    Column("resource_id", String, nullable=False),
    Column("busy_start", UtcDateTime, nullable=False),
    Column("busy_end", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("wanted", Blank),
    Column("session", Blank),
    Column("seat", Integer),
    *sealed(nullable=True),
    PrimaryKeyConstraint("appointment_id", "kind", "resource_id"),
    CheckConstraint("busy_start < busy_end", "forwards"),
    Index(
        "ix_appointment_resource_busy",
        "resource_id",
        "kind",
        "busy_end",
        "busy_start",
        sqlite_where=text("active"),
        postgresql_where=text("active"),
    ),
    Index(
        "ix_appointment_resource_seat",
        "session",
        "seat",
        unique=True,
        sqlite_where=text("active AND seat IS NOT NULL"),
        postgresql_where=text("active AND seat IS NOT NULL"),
    ),
)
