"""Which services patients may book by themselves, and whom their times are held for until they are known."""

from dataclasses import replace
from datetime import date

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.own_booking import anyone_of
from telehealth.domain.people import Gender, HumanName, Patient
from telehealth.services.repositories import UnitOfWork
from telehealth.services.service_terms import managed
from telehealth.services.trail import Work, enter, require

NEVER = date(1890, 1, 1)
"""The birth date of nobody."""


class OpenServices:
    """Which services of the actor's organization anybody may book by their public pages."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> list[HealthcareService]:
        """Return the services of the actor's organization by name."""
        require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.reading() as uow:
            return [
                each
                for each in await uow.directory.services()
                if each.organization_id == actor.organization_id
            ]

    async def open(self, actor: Actor, service_id: str, *, wanted: bool) -> HealthcareService:
        """Open a service to patients, or close it; times that are held just now can still be booked."""
        async with self._work.units.writing() as uow:
            before = await managed(uow, actor, service_id)
            if before.open_to_patients is wanted:
                return before
            if wanted:
                await keep_anyone(uow, before.organization_id)
            after = replace(before, open_to_patients=wanted, version=before.version + 1)
            await uow.directory.save_service(after)
            action = AuditAction.SERVICE_OPENED if wanted else AuditAction.SERVICE_CLOSED
            await enter(self._work, uow, actor, action, entity="HealthcareService", entity_id=after.id)
        return after


async def keep_anyone(uow: UnitOfWork, organization_id: str) -> None:
    """See to the record for which times are held until their patients are known; no search finds it."""
    anyone = anyone_of(organization_id)
    if await uow.patients.get(anyone) is None:
        nobody = HumanName("", "")
        await uow.patients.add(
            Patient(anyone, organization_id, nobody, NEVER, Gender.UNKNOWN, "en", "", "", (), "UTC")
        )
