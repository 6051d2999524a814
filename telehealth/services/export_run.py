"""Writing an export, some patients at a time: consent and scopes as in a single read, marked as it goes on.

What is marked is on the disk. Killed at any moment it goes on behind its last mark: what was written after it
is cut off and written again.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.access import Actor, Decision, Permission, decide
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound, StaleVersion
from telehealth.domain.exports import KEPT, MOST_TRIES, Export, ExportState
from telehealth.domain.programs import granted
from telehealth.services.caring import can_read, standing
from telehealth.services.export_repository import Spool, Spools
from telehealth.services.programs import acting
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import heads_of, opened
from telehealth.services.trail import Work, enter

PATIENTS = 20
"""Between two marks."""
CLAIM_FOR = timedelta(minutes=5)

log = logging.getLogger(__name__)


class ExportRun:
    """What the worker does."""

    def __init__(self, *, work: Work, spools: Spools) -> None:
        self._work, self._spools = work, spools

    async def step(self) -> bool:
        """Write the next patients of one export; False where none runs."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            export = await uow.exports.claim(now, now + CLAIM_FOR)
        if export is None:
            return False
        try:
            await self._go_on(export)
        except StaleVersion:
            await self.sweep()
        except Exception:
            log.exception("an export got no further", extra={"export_id": export.id})
            await self._failed(export)
            return False
        return True

    async def sweep(self) -> None:
        """Erase what is kept no longer, and files that belong to no export."""
        async with self._work.units.writing() as uow:
            await uow.exports.forget(self._work.clock.now() - KEPT)
            left = await uow.exports.ids()
        await self._spools.erase_all_but(left)

    async def _go_on(self, export: Export) -> None:
        async with self._work.units.reading() as uow:
            program = await uow.programs.get(export.program_id)
            ids = await uow.patients.ids(export.organization_id, export.after, PATIENTS)
        if program is None or program.ended_at is not None:
            raise StaleVersion
        actor = acting(program, granted(export.scopes, program.scopes))
        spool = await self._spools.open(export)
        shown = [each for each in ids if await self._write(actor, export, spool, each)]
        files = await spool.close()
        now = self._work.clock.now()
        further = replace(export, files=files, changed_at=now, tries=0, version=export.version + 1)
        if ids:
            further = replace(further, after=ids[-1], done=export.done + len(ids))
        else:
            further = replace(further, state=ExportState.READY)
        await self._mark(actor, further, shown)

    async def _write(self, actor: Actor, export: Export, spool: Spool, patient_id: str) -> bool:
        """Write a patient's resources; False where their record is not shown to the program."""
        async with self._work.units.reading() as uow:
            if not await self._shown(uow, actor, patient_id):
                return False
            for type_ in export.types:
                if can_read(actor, type_):
                    await self._written(uow, export, spool, (patient_id, type_))
        return True

    async def _shown(self, uow: UnitOfWork, actor: Actor, patient_id: str) -> bool:
        try:
            subject, _ = await standing(self._work, uow, actor, Permission.RECORD_READ, patient_id)
        except NotFound:
            return False
        return decide(actor, Permission.RECORD_READ, subject) is Decision.ALLOWED

    async def _written(self, uow: UnitOfWork, export: Export, spool: Spool, whose: tuple[str, str]) -> None:
        patient_id, type_ = whose
        first = None if export.since is None else (export.since, "")
        async for heads in heads_of(uow, patient_id, type_, first):
            async for each in opened(uow, type_, heads):
                await spool.add(type_, [on_one_line(each.text)])

    async def _mark(self, actor: Actor, export: Export, shown: Sequence[str]) -> None:
        """Write how far it is, with an entry that names whose records are in the files now."""
        async with self._work.units.writing() as uow:
            await uow.exports.save(export)
            if shown:
                await enter(
                    self._work,
                    uow,
                    actor,
                    AuditAction.RECORD_EXPORTED,
                    patient_ids=shown,
                    entity="Export",
                    entity_id=export.id,
                )

    async def _failed(self, export: Export) -> None:
        tries = export.tries + 1
        state = ExportState.FAILED if tries >= MOST_TRIES else ExportState.RUNNING
        async with self._work.units.writing() as uow:
            await uow.exports.save(replace(export, tries=tries, state=state, version=export.version + 1))


def on_one_line(text: str) -> str:
    """Return a resource as a line of NDJSON: what breaks lines stands between its parts, never in a text."""
    return text.replace("\r", " ").replace("\n", " ")
