"""Reading the shared record: for those who treat the patient, each read on the audit log."""

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.services.trail import Work, enter, require

READABLE = frozenset({"Patient", "Encounter", "Composition", "Provenance"})


class SharedRecord:
    """The cluster's record as people of the cluster may read it."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor, type_: str, id_: str, version: int | None = None) -> ResourceVersion:
        """Return a resource's text to the letter; what is foreign is not found."""
        require(actor, Permission.RECORD_READ, Subject(care_team=(actor.id,)))
        if type_ not in READABLE:
            raise NotFound
        async with self._work.units.writing() as uow:
            resource = await uow.record.get(type_, id_, version)
            if resource is None:
                raise NotFound
            treats = await uow.visits.cared_for(actor.id, resource.patient_id)
            require(actor, Permission.RECORD_READ, Subject(care_team=(actor.id,) if treats else ()))
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.RECORD_READ,
                patient_ids=(resource.patient_id,),
                entity=type_,
                entity_id=id_,
            )
        return resource
