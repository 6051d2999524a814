"""Tables of organizations, sites, services, staff, their weekly hours and what differs from those."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Time

from telehealth.domain.hours_exceptions import ExceptionKind
from telehealth.domain.organizations import OrganizationKind, SiteKind
from telehealth.domain.people import Role
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import Breaks, Minutes, Ways, Word

organizations = Table(
    "organization",
    metadata,
    identity(),
    Column("name", String, nullable=False),
    Column("kind", Word(OrganizationKind), nullable=False),
    Column("phone", String, nullable=False),
    Column("language", String, nullable=False),
    Column("prepares", Boolean, nullable=False),
)

locations = Table(
    "location",
    metadata,
    identity(),
    refers("organization_id", "organization", index=True),
    Column("name", String, nullable=False),
    Column("kind", Word(SiteKind), nullable=False),
    Column("zone", String, nullable=False),
    Column("region", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("address", String, nullable=False),
)

healthcare_service = Table(
    "healthcare_service",
    metadata,
    identity(),
    refers("organization_id", "organization", index=True),
    Column("name", String, nullable=False),
    Column("specialty", String, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("buffer_minutes", Integer, nullable=False),
    Column("before_minutes", Integer, nullable=False),
    Column("notice_minutes", Integer, nullable=False),
    Column("horizon_days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("reminders", Minutes, nullable=False),
    Column("open_to_patients", Boolean, nullable=False),
    Column("modalities", Ways, nullable=False),
    Column("capacity", Integer, nullable=False),
)

practitioners = Table(
    "practitioner",
    metadata,
    identity(),
    refers("organization_id", "organization", index=True),
    refers("location_id", "location"),
    Column("role", Word(Role), nullable=False, index=True),
    Column("public_key", LargeBinary),
    *sealed(),
)

weekly_hours = Table(
    "weekly_hours",
    metadata,
    identity(),
    refers("practitioner_id", "practitioner", index=True),
    refers("location_id", "location"),
    may_refer("service_id", "healthcare_service", index=True),
    Column("weekday", Integer, nullable=False),
    Column("start", Time, nullable=False),
    Column("end", Time, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("until", Date),
    Column("breaks", Breaks, nullable=False),
    Column("version", Integer, nullable=False),
)

hours_exception = Table(
    "hours_exception",
    metadata,
    identity(),
    refers("organization_id", "organization"),
    may_refer("practitioner_id", "practitioner", index=True),
    refers("location_id", "location"),
    may_refer("service_id", "healthcare_service"),
    Column("kind", Word(ExceptionKind), nullable=False),
    Column("first", Date, nullable=False),
    Column("start", Time, nullable=False),
    Column("last", Date, nullable=False),
    Column("end", Time, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "organization_id", "last"),
)
