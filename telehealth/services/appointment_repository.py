"""What services may ask of storage about booked times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from telehealth.domain.appointment import Appointment, AppointmentQuery, Claim, ResourceKind
from telehealth.domain.groups import Session
from telehealth.domain.scheduling import Interval

Claimed = tuple[Appointment, Sequence[Claim]]
"""A booked time and what it takes."""
Ends = tuple[tuple[int, ...], tuple[int, ...]]
"""Starts and ends of what is taken of a resource, in microseconds since 1970, both in order."""


class Appointments(Protocol):
    """Booked times; the database decides who wins."""

    async def book(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        """Insert with its claims, in sorted order; raise SlotTaken when any resource is busy."""

    async def book_all(self, booked: Sequence[Claimed]) -> None:
        """Insert several as `book` does; all of them or none."""

    async def get(self, appointment_id: str) -> Appointment | None:
        """Return one appointment."""

    async def save(self, appointment: Appointment, *, retake: bool = True) -> None:
        """Write status and times; claims are freed when the status takes no time.

        Without `retake`, what was freed stays free. Raises StaleVersion unless the stored version is exactly
        one less.
        """

    async def free(self, appointment_id: str) -> None:
        """Give up all that an appointment takes, whatever its status."""

    async def move(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        """Write another time and place, and claim them instead of the former ones.

        Raises StaleVersion as `save` does, and SlotTaken as `book` does.
        """

    async def move_all(self, moved: Sequence[Claimed]) -> None:
        """Move several as `move` does; all former claims are given up before one is made."""

    async def busy(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        """Return the busy times that touch `window` for each resource asked for, earliest first.

        With `now` without holds that ran out by then; without it they count until they are released.
        """

    async def taken(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        """Return the same as `busy`, but as one what has no time between."""

    async def ends(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, Ends]:
        """Return the same as `busy` for long windows: of those resources of which anything is taken."""

    async def sessions(
        self,
        service_id: str,
        practitioner_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> list[Session]:
        """Return these specialists' group sessions of a service that start in `window`; `now` as above."""

    async def together(self, appointment_id: str) -> list[str]:
        """Return the ids of all in the group session of an appointment, by id; of one alone its own."""

    async def stay_together(self, appointment_ids: Sequence[str], toward: str = "") -> None:
        """Keep others out of the session of these, which are locked, until this writing unit ends.

        And out of the session `toward` which they go, if that is one. Raises StaleVersion where somebody has
        joined them or left them since they were looked up.
        """

    async def fulfilled(self, patient_id: str) -> list[Appointment]:
        """Return the patient's last visits that took place, the newest first."""

    async def give_back(self, practitioner_id: str, now: datetime) -> None:
        """End what a practitioner's fulfilled appointments take beyond `now`: they were over sooner."""

    async def search(
        self, query: AppointmentQuery, organization_id: str, now: datetime
    ) -> tuple[list[Appointment], int]:
        """Return what an organization manages of those sought, earliest first, and how many there are in all.

        Holds that ran out are over, whether they were freed or not; tests are left out.
        """

    async def of_other_rules(self, tzdata: str, now: datetime) -> list[Appointment]:
        """Return what is booked from `now` on under other time-zone rules than these."""

    async def release_expired(self, now: datetime) -> int:
        """Free holds that ran out; returns how many."""
