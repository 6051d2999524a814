"""Pictures and documents that were shown in a call, kept in the shared record by the visit's specialist."""

import asyncio
import json
from dataclasses import dataclass

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import NotFound, WrongState
from telehealth.domain.files import MOST_FILES, FileKind, bare
from telehealth.domain.record import Head, Mark
from telehealth.fhir.document import document_to_fhir, file_of, identifier_of
from telehealth.services.caring import require_care
from telehealth.services.filing import file_resource
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, own_visit

TYPE = "DocumentReference"
MOST_LISTED = 50
PAGE = 200


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it goes out."""

    kind: FileKind
    content: bytes


async def files_of(uow: UnitOfWork, patient_id: str) -> list[Head]:
    """Return what there is of a patient's documents, newest first; none is opened."""
    found: list[Head] = []
    after: Mark | None = None
    while page := await uow.record.heads(patient_id, TYPE, after, PAGE):
        found, after = [*found, *page][-MOST_LISTED:], page[-1].mark
    return list(reversed(found))


class KeptFiles:
    """Written from a visit of one's own, once it is confirmed who the patient is."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def keep(self, actor: Actor, visit_id: str, kind: FileKind, raw: bytes) -> str:
        """Write a file into the record, without notes about its making, and return its id; the same one once.

        Raises WrongState while it is not confirmed who the patient is or too many are kept, BadInput for what
        is not what it says it is.
        """
        content = await asyncio.to_thread(bare, raw, kind)  # a hostile one takes a second
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.FILE_KEEP, visit_id)
            if visit.confirmation is None:
                raise WrongState("Confirm first who and where the patient is.")
            same = identifier_of(visit.id, content)
            known = await uow.record.holders(TYPE, visit.patient_id, same)
            if known:
                return known[0]
            return await self._file(uow, actor, visit, KeptFile(kind, content))

    async def opened(self, actor: Actor, visit_id: str, file_id: str) -> KeptFile:
        """Return a document of the visit's patient that holds its file itself."""
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_READ, visit_id)
            glass = await require_care(self._work, uow, actor, Permission.RECORD_READ, visit.patient_id)
            stored = await uow.record.get(TYPE, file_id)
            if stored is None or stored.patient_id != visit.patient_id:
                raise NotFound
            found = file_of(json.loads(stored.text))
            if found is None:
                raise NotFound
            await self._enter(uow, actor, AuditAction.RECORD_READ, visit, file_id, glass)
        return KeptFile(*found)

    async def _file(self, uow: UnitOfWork, actor: Actor, visit: Consultation, file: KeptFile) -> str:
        if await uow.record.count(visit.patient_id, TYPE) >= MOST_FILES:
            raise WrongState("No more files can be kept for this patient.")
        now, document_id = self._work.clock.now(), self._work.identifier()
        resource = document_to_fhir(
            document_id,
            file.kind,
            file.content,
            patient_id=visit.patient_id,
            encounter_id=visit.id,
            author_id=actor.id,
            at=now,
        )
        await file_resource(
            uow, resource, patient_id=visit.patient_id, organization_id=visit.organization_id, at=now
        )
        same = identifier_of(visit.id, file.content)
        await uow.record.identify(TYPE, visit.patient_id, document_id, [same])
        await self._enter(uow, actor, AuditAction.RECORD_WRITTEN, visit, document_id)
        return document_id

    async def _enter(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: AuditAction,
        visit: Consultation,
        document_id: str,
        reason: str = "",
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(visit.patient_id,),
            entity=TYPE,
            entity_id=document_id,
            reason=reason,
        )
