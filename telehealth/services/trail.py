"""What every service is handed, how it asks for permission, and how it leaves an audit entry."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.services.ports import Chance, Clock, Units
from telehealth.services.repositories import DayRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class Work:
    """The three things no use case goes without: storage, the present and chance."""

    units: Units
    clock: Clock
    chance: Chance

    def identifier(self) -> str:
        """Return a new id."""
        return self.chance.identifier(self.clock.now())


@dataclass(frozen=True, slots=True)
class Once:
    """An Idempotency-Key: the first answer to `key` of `client` is the answer to every retry.

    `request_hash` is the SHA-256 over method, path and body; another body under the same key is refused.
    """

    client: str
    key: str
    request_hash: bytes


NOBODY = Subject()


def require(actor: Actor, permission: Permission, subject: Subject = NOBODY) -> None:
    """Pass when `actor` may; raise NotPermitted, or NotFound where the thing must not exist for them."""
    decision = decide(actor, permission, subject)
    if decision is Decision.HIDDEN:
        raise NotFound
    if decision is Decision.REFUSED:
        raise NotPermitted


def role_allows(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted when the actor's role never allows this; `require` follows once the thing is known.

    Asked before the lookup, so that real and made-up ids get the same answer.
    """
    if decide(actor, permission, NOBODY) is Decision.REFUSED:
        raise NotPermitted


async def enter(  # noqa: PLR0913 (an audit entry has that many facts)
    work: Work,
    uow: UnitOfWork,
    actor: Actor,
    action: AuditAction,
    *,
    outcome: AuditOutcome = AuditOutcome.SUCCESS,
    patient_ids: Sequence[str] = (),
    entity: str = "",
    entity_id: str = "",
    reason: str = "",
) -> None:
    """Write one audit entry in the transaction of what it records."""
    now = work.clock.now()
    await uow.audit.enter(
        AuditEntry(
            id=work.chance.identifier(now),
            at=now,
            action=action,
            outcome=outcome,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_role=actor.role.value if actor.role else "",
            organization_id=actor.organization_id,
            session_id=actor.session_id,
            request_id=actor.request_id,
            patient_ids=tuple(patient_ids),
            entity=entity,
            entity_id=entity_id,
            reason=reason,
        )
    )


async def own_visit(uow: UnitOfWork, actor: Actor, permission: Permission, visit_id: str) -> Consultation:
    """Return a visit that is the actor's own; raise NotPermitted or NotFound like `require`."""
    role_allows(actor, permission)
    visit = await uow.visits.get(visit_id)
    if visit is None:
        raise NotFound
    require(actor, permission, of_visit(visit))
    return visit


async def row_for(uow: UnitOfWork, actor: Actor, permission: Permission, visit_id: str) -> DayRow:
    """Return a visit about which staff of both houses, and specialists of their own, may do this.

    Raises NotPermitted and NotFound.
    """
    role_allows(actor, permission)
    row = await uow.visits.row(visit_id)
    if row is None:
        raise NotFound
    houses = (row.visit.organization_id, row.appointment.patient_organization_id)
    require(actor, permission, replace(of_visit(row.visit), organizations=houses))
    return row


def of_visit(visit: Consultation) -> Subject:
    """Return what `require` asks about when a visit and its specialist are concerned."""
    return Subject(practitioner_id=visit.practitioner_id, visit_id=visit.id)


async def enter_visit(
    work: Work,
    uow: UnitOfWork,
    actor: Actor,
    action: AuditAction,
    visit: Consultation,
    reason: str = "",
    patient_ids: Sequence[str] = (),
) -> None:
    """Write one audit entry about a visit; its patient is named unless `patient_ids` names more."""
    await enter(
        work,
        uow,
        actor,
        action,
        patient_ids=patient_ids or (visit.patient_id,),
        entity="Encounter",
        entity_id=visit.id,
        reason=reason,
    )
