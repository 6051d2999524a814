"""The registration desk: finding one patient without browsing, registering a new one, what can be booked."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import available_timezones

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.modality import Modality
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import Gender, HumanName, Identifier, Patient, PatientQuery, Practitioner, Role
from telehealth.domain.sentences import N_
from telehealth.domain.words import is_a_line, is_email, is_language
from telehealth.fhir.patient import patient_to_fhir
from telehealth.services.caring import treats
from telehealth.services.filing import file_resource
from telehealth.services.once import keep, recall
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Once, Work, enter, require

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
OLDEST = date(1890, 1, 1)


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What the desk types. At least one of phone and e-mail, so that the link can reach them."""

    given: str
    family: str
    birth_date: date
    gender: Gender
    language: str
    zone: str
    phone: str = ""
    email: str = ""
    identifier_system: str = ""
    identifier_value: str = ""
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be booked in the cluster and with whom."""

    services: list[HealthcareService]
    practitioners: list[Practitioner]
    locations: list[Location]
    organizations: list[Organization]
    offers: list[tuple[str, str]]

    @property
    def ways(self) -> list[Modality]:
        """The ways in which some service is offered, in order."""
        offered = {way for each in self.services for way in each.modalities}
        return [each for each in Modality if each in offered]


class Desk:
    """Finds and registers patients of the actor's own organization."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def catalogue(self, actor: Actor) -> Catalogue:
        """Return services, specialists, sites and who offers what as (service id, practitioner id)."""
        require(actor, Permission.SLOT_FIND)
        async with self._work.units.reading() as uow:
            people = await uow.directory.practitioners(role=Role.SPECIALIST, working=True)
            working = {person.id for person in people}
            rules = [rule for rule in await uow.directory.hours() if rule.practitioner_id in working]
            offers = {(rule.service_id, rule.practitioner_id) for rule in rules}
            return Catalogue(
                services=await uow.directory.services(),
                practitioners=people,
                locations=await uow.directory.locations(),
                organizations=await uow.directory.organizations(),
                offers=sorted(offers),
            )

    async def search(self, actor: Actor, query: PatientQuery) -> list[Patient]:
        """Return exact matches for an identifier, phone, e-mail, or family name and birth date together."""
        require(actor, Permission.PATIENT_SEARCH)
        return await matching(self._work, actor, query)

    async def get(self, actor: Actor, patient_id: str) -> Patient:
        """Return one patient of the actor's organization, or one whom the actor treats."""
        require(actor, Permission.PATIENT_READ)
        async with self._work.units.writing() as uow:
            patient = await uow.patients.get(patient_id)
            if patient is None:
                raise NotFound
            team = (actor.id,) if await treats(self._work, uow, actor, patient_id) else ()
            subject = Subject(organizations=(patient.organization_id,), care_team=team)
            require(actor, Permission.PATIENT_READ, subject)
            await enter(self._work, uow, actor, AuditAction.PATIENT_READ, patient_ids=(patient.id,))
        return patient

    async def register(self, actor: Actor, new: NewPatient, once: Once | None = None) -> Patient:
        """Register a patient with the actor's organization; the FHIR Patient is filed with it."""
        require(actor, Permission.PATIENT_SEARCH)
        check_person(new, self._work.clock.now().date())
        async with self._work.units.writing() as uow:
            earlier = await recall(uow, once)
            if earlier is not None:
                known = await uow.patients.get(earlier["patient"])
                if known is not None:
                    return known
            patient = await add_patient(self._work, uow, actor, new)
            await keep(self._work, uow, once, {"patient": patient.id})
        return patient


async def matching(work: Work, actor: Actor, query: PatientQuery) -> list[Patient]:
    """Return the own organization's patients who match exactly, and enter it; who may ask was decided before.

    Raises BadInput for a query that is too wide.
    """
    narrow(query)
    async with work.units.writing() as uow:
        found = await uow.patients.search(query, actor.organization_id)
        ids = tuple(each.id for each in found)
        await enter(work, uow, actor, AuditAction.PATIENT_SEARCHED, patient_ids=ids)
    return found


def narrow(query: PatientQuery) -> None:
    """Raise BadInput unless the query can only mean one person or a few: nobody browses patients."""
    by_name = bool(query.family and query.birth_date)
    if not (query.identifier or query.phone or query.email or by_name):
        problem = FieldProblem(
            "query",
            "too-wide",
            N_("Give an identifier, a phone, an e-mail, or the family name with the birth date."),
        )
        raise BadInput(problem)


async def add_patient(work: Work, uow: UnitOfWork, actor: Actor, new: NewPatient) -> Patient:
    """Store a patient of the actor's organization whose fields were checked, and file the FHIR Patient."""
    number = Identifier(new.identifier_system, new.identifier_value.strip())
    patient = Patient(
        id=work.identifier(),
        organization_id=actor.organization_id,
        name=HumanName(new.given.strip(), new.family.strip()),
        birth_date=new.birth_date,
        gender=new.gender,
        language=new.language,
        phone=new.phone.replace(" ", ""),
        email=new.email.strip(),
        identifiers=(number,) if number.value else (),
        zone=new.zone,
        interpreter=new.interpreter,
    )
    now = work.clock.now()
    await uow.patients.add(patient)
    await file_resource(
        uow,
        patient_to_fhir(patient),
        patient_id=patient.id,
        organization_id=patient.organization_id,
        at=now,
    )
    await enter(work, uow, actor, AuditAction.PATIENT_CREATED, patient_ids=(patient.id,))
    return patient


async def to_be_seen(
    work: Work, uow: UnitOfWork, actor: Actor, patient_id: str, new: NewPatient | None
) -> Patient:
    """Return whom a visit is for; somebody new is written in its transaction. Raises NotFound."""
    if new is not None:
        require(actor, Permission.PATIENT_SEARCH)
        check_person(new, work.clock.now().date())
        return await add_patient(work, uow, actor, new)
    patient = await uow.patients.get(patient_id)
    if patient is None:
        raise NotFound
    require(actor, Permission.APPOINTMENT_BOOK, Subject(organizations=(patient.organization_id,)))
    return patient


@cache
def _zones() -> frozenset[str]:
    """Return the names of all time zones; finding them reads a folder."""
    return frozenset(available_timezones())


UNREADABLE = N_("There is an unreadable character in here.")


def check_person(new: NewPatient, today: date) -> None:
    """Raise BadInput naming every field that cannot be used."""
    phone, email = new.phone.replace(" ", ""), new.email.strip()
    rules = [
        (bool(new.given.strip() or new.family.strip()), "family", "required", N_("A name is needed.")),
        (len(new.given) + len(new.family) <= 200, "family", "too-long", N_("The name is too long.")),  # noqa: PLR2004
        (
            OLDEST <= new.birth_date <= today,
            "birth_date",
            "impossible",
            N_("This birth date is not possible."),
        ),
        (not phone or PHONE.fullmatch(phone), "phone", "not-a-phone", N_("Write the phone as +15551234.")),
        (not email or is_email(email), "email", "not-an-email", N_("Check the e-mail.")),
        (is_language(new.language), "language", "not-a-language", N_("Write the language as es or pt-BR.")),
        (new.zone in _zones(), "zone", "unknown", N_("Choose a time zone.")),
        (bool(phone or email), "phone", "required", N_("A phone or an e-mail is needed to send the link.")),
        (
            bool(new.identifier_system) or not new.identifier_value,
            "identifier_system",
            "required",
            N_("Say whose number."),
        ),
        *(
            (is_a_line(getattr(new, field)), field, "unreadable", UNREADABLE)
            for field in ("given", "family", "identifier_system", "identifier_value")
        ),
    ]
    problems = [FieldProblem(field, code, detail) for holds, field, code, detail in rules if not holds]
    if problems:
        raise BadInput(*problems)
