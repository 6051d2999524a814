"""What services may ask of storage about when specialists can be booked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from telehealth.domain.availability import Timetable
from telehealth.domain.hours_exceptions import HoursException
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval

ClosedTimes = tuple[tuple[str, Interval], ...]
"""Closed times of an organization, each with the site meant; empty for all sites."""


@dataclass(frozen=True, slots=True)
class Offering:
    """A service with the sites and the closed times of its organization, and whoever was asked about."""

    service: HealthcareService
    sites: Mapping[str, Location]
    closed: ClosedTimes
    practitioner: Practitioner | None = None


class Schedules(Protocol):
    """Exceptions to weekly hours, and the rules of a service put together from all that says them."""

    async def queue_for(self, practitioner_id: str) -> None:
        """Wait until no other writing unit changes when this specialist works; others wait for this one."""

    async def add_exception(self, exception: HoursException) -> None:
        """Insert an exception."""

    async def save_exception(self, exception: HoursException) -> None:
        """Compare-and-swap: raises StaleVersion unless the stored version is exactly one less."""

    async def remove_exception(self, exception_id: str, version: int) -> None:
        """Delete an exception; raises StaleVersion unless it is stored in this version."""

    async def exception(self, exception_id: str) -> HoursException | None:
        """Return one exception."""

    async def exceptions(
        self, organization_id: str, practitioner_id: str, first: date, last: date
    ) -> list[HoursException]:
        """Return one specialist's, or with an empty id the sites', that touch these days, by first day."""

    async def offering(self, service_id: str, window: Interval, practitioner_id: str = "") -> Offering | None:
        """Return a service, its sites and what is closed in `window`, from one query; None if not known.

        With `practitioner_id` also that specialist; None where there is none.
        """

    async def timetables(
        self, offering: Offering, window: Interval, practitioner_id: str = ""
    ) -> dict[str, Timetable]:
        """Return by which rules around `window` each practitioner offers the service, from one query.

        By id; with `practitioner_id`, of that one only. Whose account was disabled offers nothing.
        """

    async def specialists(self, practitioner_ids: Collection[str]) -> dict[str, Practitioner]:
        """Return these practitioners by id, from one query."""
