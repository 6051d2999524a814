"""The record beside the call: what houses of the cluster have sent about the patient of a visit."""

from collections.abc import AsyncIterator, Iterable

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.care import Withheld
from telehealth.domain.record import Head
from telehealth.domain.recorded import Group, grouped
from telehealth.fhir.recorded import KINDS, recorded
from telehealth.services.caring import require_care, withheld
from telehealth.services.kept_files import TYPE as DOCUMENT
from telehealth.services.kept_files import files_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sifting import every
from telehealth.services.trail import Work, enter, own_visit


class RecordInView:
    """Read from a visit of one's own, by who may read the shared record of its patient."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def opened(self, actor: Actor, visit_id: str) -> tuple[list[Group], list[Head]] | Withheld:
        """Return what is written of each kind, with the house that wrote it, but for what was an error.

        And what there is of pictures and documents, which stay sealed; or why it is withheld.
        """
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_READ, visit_id)
            if why := await withheld(self._work, uow, actor, visit.patient_id):
                return why
            houses = await enter_reading(self._work, uow, actor, visit.patient_id, (*KINDS, DOCUMENT))
        async with self._work.units.reading() as uow:
            return await groups_of(uow, visit.patient_id, houses), await files_of(uow, visit.patient_id)


async def groups_of(uow: UnitOfWork, patient_id: str, houses: dict[str, str]) -> list[Group]:
    """Return what is written of each kind about a patient, but for what was an error."""
    found = [
        recorded(text, house)
        for type_ in KINDS
        async for text, house in written(uow, patient_id, type_, houses)
    ]
    return grouped([each for each in reversed(found) if each is not None])


async def enter_reading(
    work: Work, uow: UnitOfWork, actor: Actor, patient_id: str, types: Iterable[str]
) -> dict[str, str]:
    """Enter that these types of a patient's record are read; return the names of the cluster's houses.

    Raises what `require_care` raises for who may not read them.
    """
    glass = await require_care(work, uow, actor, Permission.RECORD_READ, patient_id)
    await enter(
        work,
        uow,
        actor,
        AuditAction.RECORD_READ,
        patient_ids=(patient_id,),
        entity="Patient",
        entity_id=patient_id,
        reason=", ".join(filter(None, (glass, *types))),
    )
    return {each.id: each.name for each in await uow.directory.organizations()}


async def written(
    uow: UnitOfWork, patient_id: str, type_: str, houses: dict[str, str]
) -> AsyncIterator[tuple[str, str]]:
    """Walk over all of a patient's resources of a type, oldest change first: the text, and who wrote it."""
    async for each in every(uow, patient_id, type_):
        yield each.text, houses.get(each.organization_id, "")
