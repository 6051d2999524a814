"""Who somebody is who books alone: a code shows that a contact is theirs, then they are looked up."""

from datetime import datetime

from telehealth.domain.access import Actor
from telehealth.domain.errors import EnoughBooked
from telehealth.domain.organizations import HealthcareService
from telehealth.domain.outbox import CONTACT_CODE, Channel, OutboxMessage
from telehealth.domain.own_booking import CODE_DIGITS, MOST_AHEAD, Asked
from telehealth.domain.people import Gender, Patient, PatientQuery
from telehealth.services.desk import NewPatient, add_patient
from telehealth.services.ports import Chance
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work


def new_code(chance: Chance) -> str:
    """Return six digits that nobody can foresee."""
    return f"{int.from_bytes(chance.token(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def channel_of(asked: Asked) -> Channel:
    """Return how a contact is reached."""
    return Channel.EMAIL if asked.email else Channel.SMS


def code_message(work: Work, organization_id: str, asked: Asked, code: str) -> OutboxMessage:
    """Return the message with the code, the same for whoever is known and whoever is not."""
    now = work.clock.now()
    return OutboxMessage(
        id=work.identifier(),
        channel=channel_of(asked),
        template=CONTACT_CODE,
        person_id="",
        language=asked.language,
        values={"to": asked.email or asked.phone, "code": code},
        due_at=now,
        organization_id=organization_id,
        made_at=now,
        changed_at=now,
    )


def person_of(asked: Asked, zone: str) -> NewPatient:
    """Return what somebody told as the desk would type it."""
    return NewPatient(
        given=asked.given,
        family=asked.family,
        birth_date=asked.birth_date,
        gender=Gender.UNKNOWN,
        language=asked.language,
        zone=zone,
        phone=asked.phone,
        email=asked.email,
    )


async def check_room(uow: UnitOfWork, asked: Asked, service: HealthcareService, now: datetime) -> None:
    """Pass while people with this contact may book one more visit alone; raises EnoughBooked."""
    query = PatientQuery(phone=asked.phone, email=asked.email)
    people = await uow.patients.search(query, service.organization_id)
    rows = await uow.visits.ahead([each.id for each in people], now)
    own = [row for row in rows if row.appointment.by_patient and row.appointment.service_id == service.id]
    if len(own) >= MOST_AHEAD:
        raise EnoughBooked


async def known_or_new(work: Work, uow: UnitOfWork, actor: Actor, asked: Asked, zone: str) -> Patient:
    """Return whom the organization knows by name, birth date and contact together, else a new patient."""
    query = PatientQuery(
        phone=asked.phone,
        email=asked.email,
        family=asked.family.strip() or asked.given.strip(),
        birth_date=asked.birth_date,
    )
    found = await uow.patients.search(query, actor.organization_id)
    known = [each for each in found if _is_called(each, asked)]
    if len(known) == 1:
        return known[0]
    return await add_patient(work, uow, actor, person_of(asked, zone))


def _is_called(patient: Patient, asked: Asked) -> bool:
    def plain(text: str) -> str:
        return " ".join(text.split()).casefold()

    name = patient.name
    return (plain(name.given), plain(name.family)) == (plain(asked.given), plain(asked.family))
