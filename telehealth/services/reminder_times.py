"""How long before their visits a service's patients are reminded."""

from collections.abc import Collection
from dataclasses import replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.reminders import OFFERED
from telehealth.domain.sentences import N_
from telehealth.services.trail import Work, enter, require


class ReminderTimes:
    """What administrators decide for the services of their organization; it holds for what is booked then."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> list[HealthcareService]:
        """Return the organization's services by name."""
        require(actor, Permission.ORGANIZATION_MANAGE)
        async with self._work.units.reading() as uow:
            services = await uow.directory.services()
        return [each for each in services if each.organization_id == actor.organization_id]

    async def choose(
        self, actor: Actor, service_id: str, version: int, minutes: Collection[int]
    ) -> HealthcareService:
        """Keep the spans in minutes, none for no reminders; raises BadInput for one that is not offered.

        Raises StaleVersion when the service is not as it was read and other spans stand there.
        """
        require(actor, Permission.ORGANIZATION_MANAGE)
        if not set(minutes) <= set(OFFERED):
            detail = N_("Please choose one of those offered.")
            raise BadInput(FieldProblem("minutes", "not-a-choice", detail))
        async with self._work.units.writing() as uow:
            before = await uow.directory.service(service_id)
            if before is None:
                raise NotFound
            require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(before.organization_id,)))
            chosen = tuple(sorted(set(minutes), reverse=True))
            if chosen == before.reminders:
                return before
            if before.version != version:
                raise StaleVersion(current=before.version)
            after = replace(before, reminders=chosen, version=before.version + 1)
            await uow.directory.save_service(after)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.REMINDERS_CHANGED,
                entity="HealthcareService",
                entity_id=after.id,
                reason=" ".join(str(each) for each in after.reminders),
            )
        return after
