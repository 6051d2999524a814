"""What patients tell when they book by themselves, until a code has shown that they can be reached."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from telehealth.domain.words import telephone

CODE_DIGITS = 6
CODE_TRIES = 5
MOST_AHEAD = 5
"""Visits ahead of one service with one phone number or address: a family's, and no specialist's whole day."""


def anyone_of(organization_id: str) -> str:
    """Return the id of the record that stands for whoever has not said yet who they are.

    A time is kept before its patient is known, and what is booked is booked for a patient.
    """
    return f"anyone-{organization_id}"


def plain_code(typed: str) -> str:
    """Return a code's digits as every phone has them; spaces do not matter."""
    return "".join(str(int(each)) for each in typed if each.isdecimal())


@dataclass(frozen=True, slots=True)
class Asked:
    """Who somebody says they are. `contact` is a phone number or an e-mail address, as typed."""

    given: str
    family: str
    birth_date: date
    contact: str
    language: str

    @property
    def email(self) -> str:
        """The contact where it is an e-mail address, else empty."""
        return self.contact.strip() if "@" in self.contact else ""

    @property
    def phone(self) -> str:
        """The contact where it is none; what cannot be dialled stays, to be refused in words."""
        if self.email:
            return ""
        return "".join((telephone(self.contact) or self.contact).split())

    @property
    def counted(self) -> str:
        """One text for all ways to write the contact: case and what follows a plus lead to one mailbox."""
        name, at, host = self.email.casefold().rpartition("@")
        return f"{name.partition('+')[0]}@{host}" if at else self.phone


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """One browser's way from a time to a visit. `digest` is the SHA-256 of its cookie.

    `hold_id` is the appointment that keeps the time. `code` is what was sent to the contact; `patient_id` is
    known once it was typed, `visit_id` once the visit is booked.
    """

    id: str
    organization_id: str
    service_id: str
    hold_id: str
    digest: bytes
    made_at: datetime
    patient_id: str = ""
    visit_id: str = ""
    tries: int = 0
    version: int = 0
    asked: Asked | None = None
    code: str = ""

    def keep(self, hold_id: str) -> Self:
        """Return it with another time; whoever booked with it was not shown yet."""
        return replace(self, hold_id=hold_id, code="", tries=0, version=self.version + 1)

    def tell(self, asked: Asked) -> Self:
        """Return it with other answers: a code that was sent elsewhere shows nothing any more."""
        return replace(self, asked=asked, code="", version=self.version + 1)

    def send(self, code: str) -> Self:
        """Return it with a new code; the tries stay spent."""
        return replace(self, code=code, version=self.version + 1)

    def mistype(self) -> Self:
        """Return it after a wrong code; after the last try no code is right."""
        return replace(self, tries=self.tries + 1, version=self.version + 1)

    def belong(self, patient_id: str) -> Self:
        """Return it with the patient whom the code has shown."""
        return replace(self, patient_id=patient_id, code="", version=self.version + 1)

    def book(self, visit_id: str) -> Self:
        """Return it with its visit."""
        return replace(self, visit_id=visit_id, version=self.version + 1)
