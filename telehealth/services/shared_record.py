"""Reading the shared record: for those who treat the patient, each read on the audit log."""

import json
from dataclasses import dataclass
from datetime import UTC

from telehealth.domain.access import Actor, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.record import READABLE, ResourceVersion
from telehealth.fhir.record_search import Test
from telehealth.services.arriving import Arriving, require_care
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What is sought of a patient's resources of one type: what passes all tests, behind a page's mark."""

    type: str
    patient_id: str
    tests: tuple[Test, ...] = ()
    count: int = 50
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, oldest change first: `total` counts all, `after` marks where more follows."""

    found: list[ResourceVersion]
    total: int
    after: str


class SharedRecord:
    """The cluster's record as people of the cluster may read it; `arriving` is how they write into it."""

    def __init__(self, *, work: Work) -> None:
        self._work = work
        self.arriving = Arriving(work=work)

    async def read(self, actor: Actor, type_: str, id_: str, version: int | None = None) -> ResourceVersion:
        """Return a resource's text to the letter; to everyone who may not read it, it is not there."""
        _may_read(actor, type_)
        async with self._work.units.writing() as uow:
            return await self._shown(uow, actor, await uow.record.get(type_, id_, version))

    async def history(
        self, actor: Actor, type_: str, id_: str, before: int, limit: int
    ) -> tuple[list[ResourceVersion], int]:
        """Return versions older than `before`, newest first, and how many there are; hidden as by `read`."""
        _may_read(actor, type_)
        async with self._work.units.writing() as uow:
            newest = await self._shown(uow, actor, await uow.record.get(type_, id_), "history")
            return await uow.record.history(type_, id_, before, limit), newest.version

    async def search(self, actor: Actor, query: RecordQuery) -> Page:
        """Return what of a patient's resources is sought.

        To who does not treat them the patient is not there: an empty list would say that nothing is known.
        """
        _may_read(actor, query.type)
        async with self._work.units.writing() as uow:
            await require_care(uow, actor, Permission.RECORD_READ, query.patient_id)
            stored = await uow.record.of_patient(query.patient_id, query.type)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.RECORD_SEARCHED,
                patient_ids=(query.patient_id,),
                entity=query.type,
            )
        matching = [each for each in stored if _passes(each, query.tests)]
        rest = [each for each in matching if _mark(each) > query.after]
        found = rest[: query.count]
        return Page(found, len(matching), _mark(found[-1]) if found and len(rest) > len(found) else "")

    async def _shown(
        self, uow: UnitOfWork, actor: Actor, resource: ResourceVersion | None, reason: str = ""
    ) -> ResourceVersion:
        """Return what may be shown, and enter that it was; raises NotFound for everything else."""
        if resource is None:
            raise NotFound
        if not own(resource, actor):
            await require_care(uow, actor, Permission.RECORD_READ, resource.patient_id)
        await enter(
            self._work,
            uow,
            actor,
            AuditAction.RECORD_READ,
            patient_ids=(resource.patient_id,),
            entity=resource.type,
            entity_id=resource.id,
            reason=reason,
        )
        return resource


def _may_read(actor: Actor, type_: str) -> None:
    mine = Subject(care_team=(actor.id,))
    if type_ not in READABLE or decide(actor, Permission.RECORD_READ, mine) is not Decision.ALLOWED:
        raise NotFound


def _passes(stored: ResourceVersion, tests: tuple[Test, ...]) -> bool:
    if not tests:
        return True
    resource = json.loads(stored.text)
    return all(test(stored, resource) for test in tests)


def _mark(stored: ResourceVersion) -> str:
    """Return where a resource stands in the order of changes, as text that sorts as they do."""
    return f"{stored.updated_at.astimezone(UTC):%Y%m%d%H%M%S%f}-{stored.id}"


def own(resource: ResourceVersion, actor: Actor) -> bool:
    """Whether it is the actor's whoever treats the patient: their writing, visit or organization's patient.

    A visit that only tests the line makes nobody a carer, yet who held it may read back what they filed.
    What may come from outside is nobody's own, whatever name stands in it.
    """
    if resource.type == "Patient":
        ours = Subject(organizations=(resource.organization_id,))
        return decide(actor, Permission.PATIENT_READ, ours) is Decision.ALLOWED
    text = json.loads(resource.text)
    people = {
        "Composition": text.get("author", ()),
        "Encounter": [each.get("individual", {}) for each in text.get("participant", ())],
        "Provenance": [each.get("who", {}) for each in text.get("agent", ())],
    }
    return {"reference": f"Practitioner/{actor.id}"} in people.get(resource.type, ())
