"""Organizations, their sites and what can be booked there (FHIR Organization, Location, …)."""

from dataclasses import dataclass
from enum import StrEnum


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
    """A site with its own IANA time zone; mobile clinics are sites too."""

    id: str
    organization_id: str
    name: str
    kind: SiteKind
    zone: str


@dataclass(frozen=True, slots=True)
class HealthcareService:
    """What can be booked: `minutes` is its length, `buffer_minutes` the specialist's pause after it."""

    id: str
    organization_id: str
    name: str
    specialty: str
    minutes: int
    buffer_minutes: int = 0
