"""The record beside the call: what houses of the cluster have sent about the patient of a visit."""

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.record import Head
from telehealth.domain.recorded import Group, grouped
from telehealth.fhir.recorded import KINDS, recorded
from telehealth.services.arriving import require_care
from telehealth.services.kept_files import TYPE as DOCUMENT
from telehealth.services.kept_files import files_of
from telehealth.services.sifting import every
from telehealth.services.trail import Work, enter, own_visit


class RecordInView:
    """Read from a visit of one's own, by who may read the shared record of its patient."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def opened(self, actor: Actor, visit_id: str) -> tuple[list[Group], list[Head]]:
        """Return what is written of each kind, with the house that wrote it, but for what was an error.

        And what there is of pictures and documents, which stay sealed.
        """
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_READ, visit_id)
            await require_care(uow, actor, Permission.RECORD_READ, visit.patient_id)
            houses = {each.id: each.name for each in await uow.directory.organizations()}
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.RECORD_READ,
                patient_ids=(visit.patient_id,),
                entity="Patient",
                entity_id=visit.patient_id,
                reason=", ".join((*KINDS, DOCUMENT)),
            )
        async with self._work.units.reading() as uow:
            found = [
                recorded(each.text, houses.get(each.organization_id, ""))
                for type_ in KINDS
                async for each in every(uow, visit.patient_id, type_)
            ]
            files = await files_of(uow, visit.patient_id)
        return grouped([each for each in reversed(found) if each is not None]), files
