"""When a service can be booked, and how: the specialist's pauses around a visit, notice, horizon, ways."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.groups import LARGEST
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.sentences import say
from telehealth.domain.ways import ways_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows

LIMITS = {
    "before_minutes": (0, 120),
    "buffer_minutes": (0, 120),
    "notice_minutes": (0, 90 * 24 * 60),
    "horizon_days": (1, 3 * 366),
    "capacity": (1, LARGEST),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Pauses before and after a visit, at least how long and at most how far ahead it is booked.

    `modalities` are the ways in which it is offered and `capacity` is how many patients can have one time;
    None leaves them as they are.
    """

    before_minutes: int
    buffer_minutes: int
    notice_minutes: int
    horizon_days: int
    modalities: tuple[Modality, ...] | None = None
    capacity: int | None = None


class ServiceTerms:
    """Services of the actor's organization. What is booked stays as it was booked."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor, service_id: str) -> HealthcareService:
        """Return a service; raises NotFound for another organization's."""
        async with self._work.units.reading() as uow:
            return await managed(uow, actor, service_id)

    async def change(self, actor: Actor, service_id: str, version: int, terms: Terms) -> HealthcareService:
        """Keep other terms from now on; raises BadInput and StaleVersion."""
        for name, (low, high) in LIMITS.items():
            value = getattr(terms, name)
            if value is not None and not low <= value <= high:
                told = say("It must be between {low} and {high}.", low=low, high=high)
                raise BadInput(FieldProblem(name, "out-of-range", told))
        if terms.notice_minutes >= terms.horizon_days * 24 * 60:
            raise BadInput(
                FieldProblem("notice_minutes", "never", "With so much notice nothing could ever be booked.")
            )
        async with self._work.units.writing() as uow:
            before = await managed(uow, actor, service_id)
            if before.version != version:
                raise StaleVersion(current=before.version)
            after = replace(
                before,
                before_minutes=terms.before_minutes,
                buffer_minutes=terms.buffer_minutes,
                notice_minutes=terms.notice_minutes,
                horizon_days=terms.horizon_days,
                modalities=before.modalities if terms.modalities is None else ways_of(terms.modalities),
                capacity=terms.capacity or before.capacity,
                version=version + 1,
            )
            await uow.directory.save_service(after)
            action, kind = AuditAction.SERVICE_TERMS_CHANGED, "HealthcareService"
            await enter(self._work, uow, actor, action, entity=kind, entity_id=after.id)
        return after


async def managed(uow: UnitOfWork, actor: Actor, service_id: str) -> HealthcareService:
    """Return a service that the actor manages; raises NotPermitted and NotFound."""
    role_allows(actor, Permission.ORGANIZATION_MANAGE)
    service = await uow.directory.service(service_id)
    if service is None:
        raise NotFound
    require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(service.organization_id,)))
    return service
