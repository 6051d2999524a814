"""Tables of organizations, sites, services, staff and their weekly hours."""

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, String, Table, Time

from telehealth.domain.organizations import OrganizationKind, SiteKind
from telehealth.domain.people import Role
from telehealth.storage.rows.metadata import identity, may_refer, metadata, refers, sealed
from telehealth.storage.types import Word

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
)
