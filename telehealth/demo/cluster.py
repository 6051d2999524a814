"""Invented organizations, sites, services and staff of the demo cluster."""

from dataclasses import dataclass

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.organizations import OrganizationKind, SiteKind
from telehealth.domain.people import Role


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """An organization and its sites as (key, name, kind, zone, address)."""

    key: str
    name: str
    kind: OrganizationKind
    phone: str
    sites: tuple[tuple[str, str, SiteKind, str, str], ...]


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A member of staff; `service` names what a specialist offers."""

    key: str
    organization: str
    site: str
    role: Role
    title: str
    given: str
    family: str
    specialty: str = ""
    languages: tuple[str, ...] = ()


BERLIN = "Europe/Berlin"
NAIROBI = "Africa/Nairobi"

ORGANIZATIONS: tuple[DemoOrganization, ...] = (
    DemoOrganization(
        "hospital",
        "Lindenau District Hospital",
        OrganizationKind.HOSPITAL,
        "+493005550100",
        (
            (
                "hospital",
                "Lindenau District Hospital",
                SiteKind.HOSPITAL,
                BERLIN,
                "Linden Street 12, Lindenau",
            ),
        ),
    ),
    DemoOrganization(
        "rural",
        "Hillside Rural Health",
        OrganizationKind.CLINIC,
        "+254205550100",
        (
            ("hillside", "Hillside Clinic", SiteKind.CLINIC, NAIROBI, "4 Mill Lane, Hillside"),
            ("mobile", "Hillside Mobile Clinic", SiteKind.MOBILE, NAIROBI, ""),
        ),
    ),
    DemoOrganization(
        "lab",
        "Lindenau Laboratory",
        OrganizationKind.LAB,
        "+493005550140",
        (("lab", "Lindenau Laboratory", SiteKind.LAB, BERLIN, ""),),
    ),
    DemoOrganization(
        "pharmacy",
        "Market Square Pharmacy",
        OrganizationKind.PHARMACY,
        "+493005550160",
        (("pharmacy", "Market Square Pharmacy", SiteKind.PHARMACY, BERLIN, ""),),
    ),
)

SERVICES: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("cardiology", "hospital", "Cardiology video visit", "Cardiology", 20, 0),
    ("dermatology", "hospital", "Skin visit", "Dermatology", 20, 0),
    ("mental-health", "hospital", "Mental health video visit", "Psychiatry", 30, 10),
)
"""Key, organization, name, specialty, minutes, minutes of pause after it."""
OPEN_SERVICES = frozenset({"dermatology"})
"""Anybody may book these by their public pages."""
EVERY_WAY = frozenset({"dermatology"})
"""These are offered by video, assisted at a site and by phone; all others by video."""

RESOURCES: tuple[tuple[str, str, ResourceKind, str, tuple[str, ...], int], ...] = (
    ("hospital", "hospital", ResourceKind.ROOM, "Room 12", (), 10),
    ("hospital", "hospital", ResourceKind.ROOM, "Room 14", (), 10),
    ("hospital", "hospital", ResourceKind.DEVICE, "Dermatoscope", (), 0),
    ("hospital", "hospital", ResourceKind.INTERPRETER, "Lina Haddad", ("ar", "es"), 0),
    ("rural", "hillside", ResourceKind.ROOM, "Consulting room", (), 10),
    ("rural", "hillside", ResourceKind.INTERPRETER, "Abebe Tadesse", ("am", "sw"), 0),
)
"""Organization, site, kind, name, languages, minutes of pause after a visit."""

STAFF: tuple[DemoStaff, ...] = (
    DemoStaff(
        "amara", "hospital", "hospital", Role.SPECIALIST, "Dr", "Amara", "Diallo", "cardiology", ("en", "fr")
    ),
    DemoStaff(
        "khan", "hospital", "hospital", Role.SPECIALIST, "Dr", "Amina", "Khan", "dermatology", ("en", "hi")
    ),
    DemoStaff(
        "weber", "hospital", "hospital", Role.SPECIALIST, "Dr", "Jonas", "Weber", "mental-health", ("en",)
    ),
    DemoStaff("carla", "hospital", "hospital", Role.COORDINATOR, "", "Carla", "Neumann"),
    DemoStaff("ada", "hospital", "hospital", Role.ADMINISTRATOR, "", "Ada", "Brandt"),
    DemoStaff("pia", "hospital", "hospital", Role.PRIVACY_OFFICER, "", "Pia", "Sommer"),
    DemoStaff("noor", "rural", "hillside", Role.CLINIC_STAFF, "Nurse", "Noor", "Hassan"),
    DemoStaff("grace", "rural", "mobile", Role.CLINIC_STAFF, "Nurse", "Grace", "Wanjiru"),
    DemoStaff("juma", "rural", "hillside", Role.COORDINATOR, "", "Juma", "Otieno"),
    DemoStaff("ruth", "rural", "hillside", Role.ADMINISTRATOR, "", "Ruth", "Kamau"),
)
