"""People: patients and practitioners, how they are named, reached and told apart."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is for; permissions hang on it in `access.py`."""

    SPECIALIST = "specialist"
    CLINIC_STAFF = "clinic_staff"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"


class Gender(StrEnum):
    """FHIR administrative-gender."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HumanName:
    """A name as its bearer writes it; either part may be empty where a culture has only one."""

    given: str
    family: str

    @property
    def full(self) -> str:
        """Given and family name in reading order."""
        return f"{self.given} {self.family}".strip()

    @property
    def listed(self) -> str:
        """Family name first, for lists that staff scan."""
        return self.listed_with(", ")

    def listed_with(self, comma: str) -> str:
        """Family name first, with the comma that the reader's language writes."""
        return comma.join(part for part in (self.family, self.given) if part)

    @property
    def guarded(self) -> str:
        """Given name and an initial: what a link shows before anyone is identified."""
        return f"{self.given} {self.family[:1]}.".strip() if self.family else self.given


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that means one person within a system (a URI such as a national id's)."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Patient:
    """A person who is cared for. `organization_id` manages the record; `phone` is E.164 or empty."""

    id: str
    organization_id: str
    name: HumanName
    birth_date: date
    gender: Gender
    language: str
    phone: str
    email: str
    identifiers: tuple[Identifier, ...]
    zone: str
    interpreter: bool = False

    @property
    def phone_hint(self) -> str:
        """The end of the phone number: who knows it recognises it, who doesn't learns nothing to call."""
        return f"•••• {self.phone[-4:]}" if self.phone else ""


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A member of staff: one person with one role at one site (FHIR Practitioner + PractitionerRole).

    `languages` are those they speak with patients (communication), as BCP 47 tags.
    """

    id: str
    organization_id: str
    location_id: str
    role: Role
    name: HumanName
    title: str
    email: str
    specialty: str = ""
    public_key: bytes | None = None
    languages: tuple[str, ...] = ()

    @property
    def display(self) -> str:
        """Title and full name, as patients read it."""
        return f"{self.title} {self.name.full}".strip()


@dataclass(frozen=True, slots=True)
class PatientQuery:
    """A search for one person: an identifier, a phone, an e-mail, or family name and birth date together."""

    identifier: str = ""
    phone: str = ""
    email: str = ""
    family: str = ""
    birth_date: date | None = None
