"""Reading the shared record: for those who treat the patient, each read on the audit log."""

import json

from telehealth.domain.access import Actor, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.services.trail import Work, enter, require

READABLE = frozenset({"AllergyIntolerance", "Patient", "Encounter", "Composition", "Provenance"})


class SharedRecord:
    """The cluster's record as people of the cluster may read it."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor, type_: str, id_: str, version: int | None = None) -> ResourceVersion:
        """Return a resource's text to the letter; to everyone who may not read it, it is not there."""
        mine = Subject(care_team=(actor.id,))
        if type_ not in READABLE or decide(actor, Permission.RECORD_READ, mine) is not Decision.ALLOWED:
            raise NotFound
        async with self._work.units.writing() as uow:
            resource = await uow.record.get(type_, id_, version)
            if resource is None:
                raise NotFound
            if not own(resource, actor):
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

    async def of_patient(self, actor: Actor, type_: str, patient_id: str) -> list[ResourceVersion]:
        """Return a patient's resources of one type, oldest change first.

        To who does not treat them the patient is not there: an empty list would say that nothing is known.
        """
        mine = Subject(care_team=(actor.id,))
        if decide(actor, Permission.RECORD_READ, mine) is not Decision.ALLOWED:
            raise NotFound
        async with self._work.units.writing() as uow:
            treats = await uow.visits.cared_for(actor.id, patient_id)
            require(actor, Permission.RECORD_READ, Subject(care_team=(actor.id,) if treats else ()))
            found = await uow.record.of_patient(patient_id, type_)
            await enter(
                self._work, uow, actor, AuditAction.RECORD_READ, patient_ids=(patient_id,), entity=type_
            )
        return found


def own(resource: ResourceVersion, actor: Actor) -> bool:
    """Whether it is the actor's whoever treats the patient: their writing, visit or organization's patient.

    A visit that only tests the line makes nobody a carer, yet who held it may read back what they filed.
    """
    if resource.type == "Patient":
        ours = Subject(organizations=(resource.organization_id,))
        return decide(actor, Permission.PATIENT_READ, ours) is Decision.ALLOWED
    text = json.loads(resource.text)
    people = {
        "AllergyIntolerance": (text.get("recorder", {}),),
        "Composition": text.get("author", ()),
        "Encounter": [each.get("individual", {}) for each in text.get("participant", ())],
        "Provenance": [each.get("who", {}) for each in text.get("agent", ())],
    }
    return {"reference": f"Practitioner/{actor.id}"} in people[resource.type]
