"""Reading the shared record: for those who treat the patient, each read on the audit log."""

import json

from telehealth.domain.access import Actor, Decision, Permission, Subject, decide
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.record import ResourceVersion
from telehealth.services.arriving import Arriving
from telehealth.services.break_glass import BreakGlass
from telehealth.services.caring import may_read, require_care
from telehealth.services.export_repository import Spools
from telehealth.services.exporting import Exporting
from telehealth.services.including import narrowed, types_of, with_included
from telehealth.services.programs import TOKEN_ENDPOINT, Programs
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import Page, RecordQuery, fitting, sifted
from telehealth.services.subscriptions import Subscribing
from telehealth.services.trail import Work, enter
from telehealth.services.transactions import Transactions
from telehealth.services.whole_record import WholeRecord


class SharedRecord:
    """The cluster's record as people of the cluster may read it; `arriving` is how they write into it.

    `transactions` write several resources at once, `whole` is all that is known of a patient; `glass` opens
    it in an emergency. `programs` are let in to it by themselves, `subscribing` to be told of what is
    new, `exporting` to get files of all of it. `url` is our public address.
    """

    def __init__(self, *, work: Work, url: str, spools: Spools) -> None:
        self._work = work
        self.arriving = Arriving(work=work)
        self.glass = BreakGlass(work=work, reviews=f"{url}/reviews")
        self.transactions = Transactions(work=work, arriving=self.arriving)
        self.whole = WholeRecord(work=work)
        self.programs = Programs(work=work, audience=f"{url}{TOKEN_ENDPOINT}")
        self.subscribing = Subscribing(work=work)
        self.exporting = Exporting(work=work, spools=spools)

    async def read(self, actor: Actor, type_: str, id_: str, version: int | None = None) -> ResourceVersion:
        """Return a resource's text to the letter; to everyone who may not read it, it is not there."""
        may_read(actor, type_)
        async with self._work.units.writing() as uow:
            return await self._shown(uow, actor, await uow.record.get(type_, id_, version))

    async def history(
        self, actor: Actor, type_: str, id_: str, before: int, limit: int
    ) -> tuple[list[ResourceVersion], int]:
        """Return versions older than `before`, newest first, and how many there are; hidden as by `read`.

        There may be fewer than `limit` where they are large.
        """
        may_read(actor, type_)
        async with self._work.units.writing() as uow:
            newest = await self._shown(uow, actor, await uow.record.get(type_, id_), "history")
        async with self._work.units.reading() as uow:
            heads = await uow.record.history(type_, id_, min(before, newest.version + 1), limit)
            return await fitting(uow, type_, heads), newest.version

    async def search(self, actor: Actor, query: RecordQuery) -> Page:
        """Return what of a patient's resources is sought, and what comes along with it.

        To who does not treat them the patient is not there: an empty list would say that nothing is known.
        It is read apart from its entry in the log: it takes its time, and nobody else could write meanwhile.
        """
        may_read(actor, query.type)
        query = narrowed(query, actor)
        async with self._work.units.writing() as uow:
            glass = await require_care(self._work, uow, actor, Permission.RECORD_READ, query.patient_id)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.RECORD_SEARCHED,
                patient_ids=(query.patient_id,),
                entity=query.type,
                reason=", ".join(filter(None, (glass, *types_of(query)))),
            )
        async with self._work.units.reading() as uow:
            return await with_included(uow, query, await sifted(uow, query))

    async def _shown(
        self, uow: UnitOfWork, actor: Actor, resource: ResourceVersion | None, reason: str = ""
    ) -> ResourceVersion:
        """Return what may be shown, and enter that it was; raises NotFound for everything else."""
        if resource is None:
            raise NotFound
        glass = ""
        if not own(resource, actor):
            glass = await require_care(self._work, uow, actor, Permission.RECORD_READ, resource.patient_id)
        await enter(
            self._work,
            uow,
            actor,
            AuditAction.RECORD_READ,
            patient_ids=(resource.patient_id,),
            entity=resource.type,
            entity_id=resource.id,
            reason=", ".join(filter(None, (glass, reason))),
        )
        return resource


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
