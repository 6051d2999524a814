"""What a patient permits and denies about their record: set by their link, in force with the next reading."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consent import Consent, Sharing
from telehealth.domain.consultation import Consultation
from telehealth.domain.errors import BadInput, FieldProblem, IdentityNotConfirmed
from telehealth.domain.people import Patient, Practitioner, Role
from telehealth.fhir.consent import consent_to_fhir
from telehealth.services.filing import file_resource
from telehealth.services.own_record import own_patient
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter_visit, require


@dataclass(frozen=True, slots=True)
class SharingView:
    """A patient's word, the house that manages their record, and whom it can be denied to, by house and name.

    Houses are named by id. Nothing of the word is told, and `consent` is None, before it was confirmed in
    this visit who the patient is: until then somebody else may have the link.
    """

    visit_id: str
    consent: Consent | None
    organization: str
    phone: str
    people: list[Practitioner]
    houses: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the patient wants from now on, on top of `version`."""

    sharing: Sharing
    denied: tuple[str, ...]
    emergencies: bool
    programs: bool
    version: int


class OwnSharing:
    """By a patient's link, from the browser that is their device, once it was confirmed who they are.

    In the visit of that link: whoever opens a link first has shown nobody yet that it is theirs, and an
    earlier visit has seen another browser.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def view(self, actor: Actor) -> SharingView:
        """Return what holds now; raises OtherDevice for a browser that is not the patient's."""
        async with self._work.units.writing() as uow:
            visit, patient = await self._own(uow, actor)
            await enter_visit(self._work, uow, actor, AuditAction.CONSENT_READ, visit)
            return await self._shown(uow, visit, patient)

    async def change(self, actor: Actor, wanted: Wanted) -> None:
        """Keep what the patient wants, also as FHIR Consent.

        Raises as `view`, IdentityNotConfirmed, StaleVersion and BadInput.
        """
        async with self._work.units.writing() as uow:
            visit, patient = await self._own(uow, actor)
            if visit.confirmation is None:
                raise IdentityNotConfirmed
            known = await self._word(uow, patient)
            people = await _specialists(uow)
            if not {*wanted.denied} <= {each.id for each in people}:
                raise BadInput(FieldProblem("denied", "unknown", "There is nothing here."))
            consent = replace(
                known,
                sharing=wanted.sharing,
                denied=tuple(sorted({*wanted.denied})),
                emergencies=wanted.emergencies,
                programs=wanted.programs,
                given_at=self._work.clock.now(),
                version=wanted.version + 1,
            )
            await uow.consents.put(consent)
            if known.programs and not consent.programs:
                await uow.exports.remove_of(consent.organization_id)  # this record is in the files already
            await self._file(uow, consent)
            reason = f"version {consent.version}"
            await enter_visit(self._work, uow, actor, AuditAction.CONSENT_CHANGED, visit, reason)

    async def _file(self, uow: UnitOfWork, consent: Consent) -> None:
        await file_resource(
            uow,
            consent_to_fhir(consent),
            patient_id=consent.patient_id,
            organization_id=consent.organization_id,
            at=consent.given_at,
            version=consent.version,
        )

    async def _own(self, uow: UnitOfWork, actor: Actor) -> tuple[Consultation, Patient]:
        require(actor, Permission.CONSENT_GIVE, Subject(visit_id=actor.visit_id))
        return await own_patient(uow, actor)

    async def _word(self, uow: UnitOfWork, patient: Patient) -> Consent:
        """Return what the patient has said, or that they have said nothing."""
        now, id_ = self._work.clock.now(), self._work.identifier()
        return await uow.consents.of(patient.id) or Consent(id_, patient.id, patient.organization_id, now)

    async def _shown(self, uow: UnitOfWork, visit: Consultation, patient: Patient) -> SharingView:
        houses = {each.id: each for each in await uow.directory.organizations()}
        own = houses[patient.organization_id]
        names = {each.id: each.name for each in houses.values()}
        word = await self._word(uow, patient) if visit.confirmation is not None else None
        return SharingView(visit.id, word, own.name, own.phone, await _specialists(uow), names)


async def _specialists(uow: UnitOfWork) -> list[Practitioner]:
    people = await uow.directory.practitioners(role=Role.SPECIALIST)
    return sorted(people, key=lambda each: (each.organization_id, each.name.listed))
