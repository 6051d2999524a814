"""Allergies in the shared record, as the specialist of a visit reads and writes them.

They stay in view for whoever treats the patient now, a denial or not: `Consent` says so, and the patient's
page.
"""

import json
from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission
from telehealth.domain.allergies import MOST_ALLERGIES, Allergy, Over, real, same
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, WrongState
from telehealth.domain.record import ResourceVersion
from telehealth.fhir.allergy import allergy_of, allergy_to_fhir, described, ended
from telehealth.fhir.text import Resource
from telehealth.services.caring import require_treating
from telehealth.services.filing import file_resource
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, own_visit

TYPE = "AllergyIntolerance"


@dataclass(frozen=True, slots=True)
class NewAllergy:
    """What the specialist has heard."""

    substance: str
    reaction: str
    severe: bool


async def allergies_of(uow: UnitOfWork, patient_id: str) -> list[Allergy]:
    """Return what holds now of a patient's allergies."""
    stored = await uow.record.of_patient(patient_id, TYPE)
    found = [allergy_of(json.loads(each.text)) for each in stored]
    return [each for each in found if each is not None]


class Allergies:
    """Written from a visit of one's own, once it is confirmed who the patient is."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor, visit_id: str) -> list[Allergy]:
        """Return what holds now; raises NotTreating and NotYetMet."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_READ, visit_id)
            await require_treating(self._work, uow, actor, visit.patient_id)
            await self._enter(uow, actor, AuditAction.RECORD_READ, visit, visit.patient_id)
            return await allergies_of(uow, visit.patient_id)

    async def add(self, actor: Actor, visit_id: str, new: NewAllergy) -> list[Allergy]:
        """Write an allergy, or what is known now about one that stands; said twice it stands once.

        Raises WrongState while it is not confirmed who the patient is, BadInput without a substance or beyond
        the number that can still be overlooked.
        """
        substance = " ".join(new.substance.split())
        if not substance:
            raise BadInput(FieldProblem("substance", "required", "Write what the patient is allergic to."))
        async with self._work.units.writing() as uow:
            visit = await self._confirmed(uow, actor, visit_id)
            standing = await allergies_of(uow, visit.patient_id)
            wanted = Allergy("", substance, new.reaction.strip(), new.severe)
            before = same(standing, substance)
            if before is not None and replace(wanted, id=before.id, substance=before.substance) == before:
                return standing
            if before is None and len(real(standing)) >= MOST_ALLERGIES:
                raise WrongState("No more allergies can be written for this patient.")
            for none in (each for each in standing if each.none):
                await self._end(uow, actor, visit, none.id, Over.MISTAKEN)
            if before is None:
                await self._first(uow, actor, visit, replace(wanted, id=self._work.identifier()))
            else:
                stored = await self._stored(uow, visit, before.id)
                await self._next(uow, actor, visit, stored, described(json.loads(stored.text), wanted))
            return await allergies_of(uow, visit.patient_id)

    async def none_known(self, actor: Actor, visit_id: str) -> list[Allergy]:
        """Write that no allergy is known; raises WrongState while one stands, or nobody is confirmed."""
        async with self._work.units.writing() as uow:
            visit = await self._confirmed(uow, actor, visit_id)
            standing = await allergies_of(uow, visit.patient_id)
            if real(standing):
                raise WrongState("Allergies are written for this patient. Take them away first.")
            if not standing:
                await self._first(uow, actor, visit, Allergy(self._work.identifier(), none=True))
            return await allergies_of(uow, visit.patient_id)

    async def end(self, actor: Actor, visit_id: str, allergy_id: str, why: Over) -> list[Allergy]:
        """Take an allergy away; it stays readable in the record's history. Twice is once."""
        async with self._work.units.writing() as uow:
            visit = await self._confirmed(uow, actor, visit_id)
            await self._end(uow, actor, visit, allergy_id, why)
            return await allergies_of(uow, visit.patient_id)

    async def _confirmed(self, uow: UnitOfWork, actor: Actor, visit_id: str) -> Consultation:
        visit = await own_visit(uow, actor, Permission.ALLERGY_WRITE, visit_id)
        if visit.confirmation is None:
            raise WrongState("Confirm first who and where the patient is.")
        await require_treating(self._work, uow, actor, visit.patient_id)
        return visit

    async def _stored(self, uow: UnitOfWork, visit: Consultation, allergy_id: str) -> ResourceVersion:
        stored = await uow.record.get(TYPE, allergy_id)
        if stored is None or stored.patient_id != visit.patient_id:
            raise NotFound
        return stored

    async def _end(
        self, uow: UnitOfWork, actor: Actor, visit: Consultation, allergy_id: str, why: Over
    ) -> None:
        stored = await self._stored(uow, visit, allergy_id)
        resource = json.loads(stored.text)
        if allergy_of(resource) is not None:
            await self._next(uow, actor, visit, stored, ended(resource, why))

    async def _first(self, uow: UnitOfWork, actor: Actor, visit: Consultation, allergy: Allergy) -> None:
        now = self._work.clock.now()
        resource = allergy_to_fhir(
            allergy, patient_id=visit.patient_id, encounter_id=visit.id, recorder_id=actor.id, at=now
        )
        await file_resource(
            uow, resource, patient_id=visit.patient_id, organization_id=visit.organization_id, at=now
        )
        await self._enter(uow, actor, AuditAction.RECORD_WRITTEN, visit, allergy.id, "version 1")

    async def _next(
        self, uow: UnitOfWork, actor: Actor, visit: Consultation, stored: ResourceVersion, changed: Resource
    ) -> None:
        now, version = self._work.clock.now(), stored.version + 1
        await file_resource(
            uow,
            changed,
            patient_id=stored.patient_id,
            organization_id=stored.organization_id,
            at=now,
            version=version,
        )
        await self._enter(uow, actor, AuditAction.RECORD_WRITTEN, visit, stored.id, f"version {version}")

    async def _enter(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: AuditAction,
        visit: Consultation,
        entity_id: str,
        reason: str = "",
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(visit.patient_id,),
            entity=TYPE,
            entity_id=entity_id,
            reason=reason,
        )
