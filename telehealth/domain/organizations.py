"""Organizations, their sites and what can be booked there (FHIR Organization, Location, …)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.modality import BY_VIDEO, Modality

AS_A_RULE = (24 * 60, 10)
"""Minutes before a visit at which its patient is reminded, unless the service says otherwise."""


class OrganizationKind(StrEnum):
    """What an organization is within the health cluster."""

    HOSPITAL = "hospital"
    CLINIC = "clinic"
    LAB = "lab"
    PHARMACY = "pharmacy"


class SiteKind(StrEnum):
    """What a site (FHIR Location) is: it decides who can be there, not what they may see."""

    HOSPITAL = "hospital"
    CLINIC = "clinic"
    MOBILE = "mobile"
    LAB = "lab"
    PHARMACY = "pharmacy"


@dataclass(frozen=True, slots=True)
class Organization:
    """A member of the cluster. `phone` is the help line that patients are given, E.164.

    `prepares` says whether the call of the next in line may be made ready before Admit.
    """

    id: str
    name: str
    kind: OrganizationKind
    phone: str
    language: str = "en"
    prepares: bool = True


@dataclass(frozen=True, slots=True)
class Location:
    """A site with its own IANA time zone; mobile clinics are sites too.

    `region` says whose public holidays it keeps, as ISO 3166 writes it (DE, DE-BY); empty for nobody's.
    `address` is where people find it, in one line.
    """

    id: str
    organization_id: str
    name: str
    kind: SiteKind
    zone: str
    region: str = ""
    version: int = 0
    address: str = ""

    @property
    def found_at(self) -> str:
        """Its name, and where it is."""
        return f"{self.name}, {self.address}" if self.address else self.name


@dataclass(frozen=True, slots=True)
class HealthcareService:
    """What can be booked: `minutes` is its length, the other figures say when.

    `before_minutes` and `buffer_minutes` are the specialist's pauses before and after it. It is booked
    `notice_minutes` ahead at the latest and `horizon_days` ahead at the earliest. `reminders` says how many
    minutes before a visit its patient is reminded, the earliest first. Where it is `open_to_patients`,
    anybody may book it by its public page. `modalities` are the ways of its visits, at least one, in order.
    With a `capacity` above 1 so many patients can have one time (see groups.py).
    """

    id: str
    organization_id: str
    name: str
    specialty: str
    minutes: int
    buffer_minutes: int = 0
    before_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int = 366
    reminders: tuple[int, ...] = AS_A_RULE
    version: int = 0
    open_to_patients: bool = False
    modalities: tuple[Modality, ...] = BY_VIDEO
    capacity: int = 1

    @property
    def length(self) -> timedelta:
        """How long a visit takes."""
        return timedelta(minutes=self.minutes)

    @property
    def before(self) -> timedelta:
        """The specialist's pause before a visit."""
        return timedelta(minutes=self.before_minutes)

    @property
    def after(self) -> timedelta:
        """The specialist's pause after a visit."""
        return timedelta(minutes=self.buffer_minutes)

    @property
    def step(self) -> timedelta:
        """From the start of one visit to the next: both pauses are kept."""
        return self.before + self.length + self.after

    def soonest(self, now: datetime) -> datetime:
        """Return before when no visit may start that is booked now."""
        return now + timedelta(minutes=self.notice_minutes)

    def latest(self, now: datetime) -> datetime:
        """Return after when no visit may start that is booked now."""
        return now + timedelta(days=self.horizon_days)
