"""What is asked after a breach, by whoever runs the service: what did X see, and who saw Y. All of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.services.audit_rows import AuditRow, AuditSearch, found, with_names
from telehealth.services.trail import Work, enter, require

Tell = Callable[[Sequence[AuditRow]], None]
"""Takes some rows, newest first; then it gets older ones."""
BATCH = 500


class BreachQuestions:
    """Answers from the whole log, of all organizations; asking is entered before anything is told.

    They are told as they are read, some at a time and each time apart: a log of years fits no memory, and who
    reads the answer page by page holds up nobody who writes.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def seen_by(self, actor: Actor, who: str, search: AuditSearch, tell: Tell) -> None:
        """Tell what one member of staff did about any patient, newest first; `who` is an id or an e-mail.

        Raises BadInput where nobody is called that.
        """
        require(actor, Permission.AUDIT_READ)
        async with self._work.units.reading() as uow:
            account = await uow.accounts.by_email(who)
            person = await uow.directory.practitioner(account.practitioner_id if account else who)
        if person is None:
            raise BadInput(FieldProblem("person", "unknown", "No member of staff has this id or e-mail."))
        await self._answer(actor, replace(search, actor_id=person.id), tell)

    async def seen(self, actor: Actor, patient_id: str, search: AuditSearch, tell: Tell) -> None:
        """Tell what anybody did about one patient, newest first; raises BadInput for an unknown id."""
        require(actor, Permission.AUDIT_READ)
        async with self._work.units.reading() as uow:
            known = await uow.patients.get(patient_id)
        if known is None:
            raise BadInput(FieldProblem("patient", "unknown", "No patient has this id."))
        await self._answer(actor, replace(search, patient_id=patient_id), tell)

    async def _answer(self, actor: Actor, search: AuditSearch, tell: Tell) -> None:
        """Read the newest before the question is entered, so that no answer tells of its own question."""
        asked = replace(search, limit=BATCH)
        rows = await self._rows(asked)
        async with self._work.units.writing() as uow:
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.AUDIT_READ,
                patient_ids=(asked.patient_id,) if asked.patient_id else (),
                entity="Practitioner" if asked.actor_id else "",
                entity_id=asked.actor_id,
            )
        while rows:
            about = [each for each in rows if each.entry.patient_ids]
            if about:
                tell(about)
            last = rows[-1].entry
            rows = await self._rows(replace(asked, before=(last.at, last.id)))

    async def _rows(self, search: AuditSearch) -> list[AuditRow]:
        async with self._work.units.reading() as uow:
            return await with_names(uow, await found(uow, search))
