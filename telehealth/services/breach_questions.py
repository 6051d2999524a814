"""What is asked after a breach, by whoever runs the service: what did X see, and who saw Y. All of it."""

from dataclasses import replace

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.services.audit_rows import AuditRow, AuditSearch, everything, with_names
from telehealth.services.trail import Work, enter, require


class BreachQuestions:
    """Answers from the whole log, of all organizations; asking is entered before anything is told.

    They are read apart from that entry: a long log takes its time, and nobody else could write meanwhile.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def seen_by(self, actor: Actor, who: str, search: AuditSearch) -> list[AuditRow]:
        """Return what one member of staff did about any patient, newest first; `who` is an id or an e-mail.

        Raises BadInput where nobody is called that.
        """
        require(actor, Permission.AUDIT_READ)
        async with self._work.units.reading() as uow:
            account = await uow.accounts.by_email(who)
            person = await uow.directory.practitioner(account.practitioner_id if account else who)
            if person is None:
                raise BadInput(FieldProblem("person", "unknown", "No member of staff has this id or e-mail."))
            entries = await everything(uow, replace(search, actor_id=person.id))
            rows = await with_names(uow, [each for each in entries if each.patient_ids])
        async with self._work.units.writing() as uow:
            action, kind = AuditAction.AUDIT_READ, "Practitioner"
            await enter(self._work, uow, actor, action, entity=kind, entity_id=person.id)
        return rows

    async def seen(self, actor: Actor, patient_id: str, search: AuditSearch) -> list[AuditRow]:
        """Return what anybody did about one patient, newest first; raises BadInput for an unknown id."""
        require(actor, Permission.AUDIT_READ)
        async with self._work.units.reading() as uow:
            if await uow.patients.get(patient_id) is None:
                raise BadInput(FieldProblem("patient", "unknown", "No patient has this id."))
            rows = await with_names(uow, await everything(uow, replace(search, patient_id=patient_id)))
        async with self._work.units.writing() as uow:
            await enter(self._work, uow, actor, AuditAction.AUDIT_READ, patient_ids=(patient_id,))
        return rows
