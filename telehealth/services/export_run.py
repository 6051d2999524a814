"""Writing an export, some patients at a time: consent and scopes as in a single read, marked as it goes on.

What is marked is on the disk. Killed at any moment it goes on behind its last mark: what was written after it
is cut off and written again.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import StaleVersion
from telehealth.domain.exports import KEPT, MOST_TRIES, Export, ExportState, FilesLost, wait_after
from telehealth.domain.programs import granted
from telehealth.services.caring import can_read, concerns
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
        except Exception as error:
            anew = isinstance(error, FilesLost)
            if await self._failed(replace(export, files=(), after="", done=0) if anew else export):
                log.exception("an export got no further", extra={"export_id": export.id})
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
        taken = [each for each in ids if await self._write(actor, export, spool, each)]
        files = await spool.close()
        now = self._work.clock.now()
        further = replace(export, files=files, changed_at=now, tries=0, version=export.version + 1)
        if ids:
            further = replace(further, after=ids[-1], done=export.done + len(ids))
        else:
            further = replace(further, state=ExportState.READY)
        await self._mark(actor, further, taken)

    async def _write(self, actor: Actor, export: Export, spool: Spool, patient_id: str) -> bool:
        """Write a patient's resources; False where there are none that the program is shown."""
        count = 0
        async with self._work.units.reading() as uow:
            if await concerns(self._work, uow, actor, patient_id):
                for type_ in export.types:
                    if can_read(actor, type_):
                        count += await self._written(uow, export, spool, (patient_id, type_))
        return count > 0

    async def _written(self, uow: UnitOfWork, export: Export, spool: Spool, whose: tuple[str, str]) -> int:
        (patient_id, type_), count = whose, 0
        first = None if export.since is None else (export.since, "")
        async for heads in heads_of(uow, patient_id, type_, first):
            async for each in opened(uow, type_, heads):
                await spool.add(type_, [on_one_line(each.text)])
                count += 1
        return count

    async def _mark(self, actor: Actor, export: Export, taken: Sequence[str]) -> None:
        """Write how far it is, with an entry that names whose records are in the files now."""
        async with self._work.units.writing() as uow:
            await uow.exports.save(export)
            if taken:
                await enter(
                    self._work,
                    uow,
                    actor,
                    AuditAction.RECORD_EXPORTED,
                    patient_ids=taken,
                    entity="Export",
                    entity_id=export.id,
                )

    async def _failed(self, export: Export) -> bool:
        """Plan the next try, or give up; False where it was cancelled meanwhile, which is no failure."""
        tries = export.tries + 1
        state = ExportState.FAILED if tries >= MOST_TRIES else ExportState.RUNNING
        further = replace(export, tries=tries, state=state, version=export.version + 1)
        try:
            async with self._work.units.writing() as uow:
                await uow.exports.save(further, self._work.clock.now() + wait_after(tries))
        except StaleVersion:
            await self.sweep()
            return False
        return True


def on_one_line(text: str) -> str:
    """Return a resource as a line of NDJSON: what breaks lines stands between its parts, never in a text."""
    return text.replace("\r", " ").replace("\n", " ")
