"""The cast as domain values: Dr Amara treats Bo; Cy is a stranger; Noor hosts at the rural clinic."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from telehealth.domain.accounts import Account, LinkPurpose, OneTimeLink, Session, SessionStage
from telehealth.domain.appointment import Appointment, AppointmentStatus, Claim, ResourceKind
from telehealth.domain.audit import AuditAction, AuditEntry, AuditOutcome
from telehealth.domain.clinic_message import ClinicMessage, Prepared
from telehealth.domain.closures import ClosedBecause, Closure
from telehealth.domain.consultation import Confirmation, Consultation, VisitStatus
from telehealth.domain.conversation import Kind, Phrase, Utterance
from telehealth.domain.guests import Guest, GuestKind, GuestState
from telehealth.domain.hours_exceptions import ExceptionKind, HoursException
from telehealth.domain.note import Addendum, Note, NoteContent, NoteState, Outcome
from telehealth.domain.organizations import (
    HealthcareService,
    Location,
    Organization,
    OrganizationKind,
    SiteKind,
)
from telehealth.domain.outbox import Channel, OutboxMessage
from telehealth.domain.people import Gender, HumanName, Identifier, Patient, Practitioner, Role
from telehealth.domain.record import ResourceVersion
from telehealth.domain.resources import Resource
from telehealth.domain.scheduling import WeeklyHours
from telehealth.domain.visiting import VisitLink, VisitSession
from telehealth.services.repositories import UnitOfWork

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
VISIT_LENGTH = timedelta(minutes=20)

HOSPITAL = Organization("org-hospital", "District Hospital", OrganizationKind.HOSPITAL, "+498955500")
RURAL = Organization("org-rural", "Rural Clinic", OrganizationKind.CLINIC, "+498955501", "de")
WARD = Location("loc-ward", HOSPITAL.id, "Cardiology", SiteKind.HOSPITAL, "Europe/Berlin")
VILLAGE = Location("loc-village", RURAL.id, "Village", SiteKind.MOBILE, "Africa/Casablanca")
CARDIOLOGY = HealthcareService("svc-cardiology", HOSPITAL.id, "Heart consultation", "cardiology", 20, 5)

AMARA = Practitioner(
    id="prac-amara",
    organization_id=HOSPITAL.id,
    location_id=WARD.id,
    role=Role.SPECIALIST,
    name=HumanName("Amara", "Okonkwo-Vestergaard"),
    title="Dr",
    email="amara.okonkwo@hospital.example",
    specialty="cardiology",
)
NOOR = Practitioner(
    id="prac-noor",
    organization_id=RURAL.id,
    location_id=VILLAGE.id,
    role=Role.CLINIC_STAFF,
    name=HumanName("Noor", "Benabdallah"),
    title="",
    email="noor@rural.example",
)
MONDAYS = WeeklyHours(
    "hours-1", AMARA.id, WARD.id, CARDIOLOGY.id, 1, time(9), time(0), date(2026, 1, 5), date(2027, 1, 4)
)
BO = Patient(
    id="pat-bo",
    organization_id=RURAL.id,
    name=HumanName("Bo", "Lindqvist-Ødegaard"),
    birth_date=date(1961, 4, 17),
    gender=Gender.MALE,
    language="sv",
    phone="+46701740605",
    email="bo.lindqvist@mail.example",
    identifiers=(Identifier("urn:oid:1.2.752.129.2.1.3.1", "19610417-2384"),),
    zone="Europe/Stockholm",
    interpreter=True,
)
CY = Patient(
    id="pat-cy",
    organization_id=HOSPITAL.id,
    name=HumanName("Cy", ""),
    birth_date=date(1990, 2, 28),
    gender=Gender.UNKNOWN,
    language="en",
    phone="",
    email="",
    identifiers=(),
    zone="UTC",
)

LINA = Resource(
    "res-lina", RURAL.id, VILLAGE.id, ResourceKind.INTERPRETER, "Lina Vestergaard", ("sv", "ar"), 0, 5
)
"""She interprets at Bo's clinic."""


async def move_in(unit: UnitOfWork) -> None:
    """Everybody and everything that a visit needs."""
    for organization in (HOSPITAL, RURAL):
        await unit.directory.add_organization(organization)
    for location in (WARD, VILLAGE):
        await unit.directory.add_location(location)
    await unit.directory.add_service(CARDIOLOGY)
    for practitioner in (AMARA, NOOR):
        await unit.directory.add_practitioner(practitioner)
    await unit.directory.add_hours(MONDAYS)
    for patient in (BO, CY):
        await unit.patients.add(patient)


def appointment(name: str = "1", start: datetime = NOW, patient: Patient = BO) -> Appointment:
    return Appointment(
        id=f"appointment-{name}",
        uid=f"{name}@telehealth",
        organization_id=HOSPITAL.id,
        patient_organization_id=patient.organization_id,
        patient_id=patient.id,
        practitioner_id=AMARA.id,
        service_id=CARDIOLOGY.id,
        location_id=WARD.id,
        status=AppointmentStatus.BOOKED,
        start=start,
        end=start + VISIT_LENGTH,
        zone="Europe/Berlin",
        local_start="2026-11-23T10:00:00",
        tzdata="2026.6",
    )


def held(name: str, until: datetime, start: datetime = NOW) -> Appointment:
    return replace(appointment(name, start), status=AppointmentStatus.PENDING, held_until=until)


def claims(booked: Appointment, *, pause: timedelta = timedelta(0)) -> list[Claim]:
    return [
        Claim(ResourceKind.PRACTITIONER, booked.practitioner_id, booked.start, booked.end + pause),
        Claim(ResourceKind.PATIENT, booked.patient_id, booked.start, booked.end),
    ]


def visit(booked: Appointment, name: str = "1") -> Consultation:
    return Consultation(
        id=f"visit-{name}",
        appointment_id=booked.id,
        organization_id=booked.organization_id,
        patient_id=booked.patient_id,
        practitioner_id=booked.practitioner_id,
        status=VisitStatus.BOOKED,
        since=NOW,
    )


CONFIRMATION = Confirmation(
    ("name", "birth-date"), "Kungsgatan 12, Umeå", "+46701740699", AMARA.id, NOW + timedelta(minutes=1)
)


def closure(phone: str = "+498955577") -> Closure:
    hour = timedelta(hours=1)
    return Closure("closure-1", HOSPITAL.id, "", NOW - hour, NOW + hour, ClosedBecause.WEATHER, phone)


def absence(name: str = "1") -> HoursException:
    """Dr Amara is away on the morning of that day."""
    day = NOW.date()
    facts = (HOSPITAL.id, AMARA.id, WARD.id, "", ExceptionKind.AWAY)
    return HoursException(f"exception-{name}", *facts, day, time(8, 30), day, time(12))


def link(visit_id: str = "visit-1", person_id: str = BO.id, generation: int = 1) -> VisitLink:
    digest = f"digest {visit_id} {person_id} {generation}".encode()
    return VisitLink(
        f"link-{visit_id}-{generation}", visit_id, person_id, generation, digest, b"code " + digest
    )


def visit_session(name: str = "1") -> VisitSession:
    return VisitSession(f"browser-{name}", "visit-1", BO.id, f"cookie {name}".encode(), 1, NOW)


def note(version: int = 1, state: NoteState = NoteState.DRAFT) -> Note:
    content = NoteContent(
        history="Palpitations since Tuesday, worse at night.",
        findings="Irregular pulse, 96 per minute.",
        assessment="Suspected atrial fibrillation.",
        plan="Holter recording; anticoagulation discussed.",
        outcome=Outcome.FOLLOW_UP_VIDEO,
        when="2 weeks",
    )
    return Note("note-1", "visit-1", BO.id, AMARA.id, HOSPITAL.id, state, content, version, NOW)


def addendum(name: str = "1", at: datetime = NOW) -> Addendum:
    text = "Holter report arrived: paroxysmal fibrillation confirmed."
    return Addendum(f"addendum-{name}", "note-1", "visit-1", BO.id, AMARA.id, HOSPITAL.id, text, at)


def clinic_message(name: str = "1") -> ClinicMessage:
    facts = ("visit-1", BO.id, AMARA.organization_id, AMARA.id, NOW)
    return ClinicMessage(f"message-{name}", *facts, Prepared.OWN, "Bring your inhaler.", "en")


def utterance(seq: int = 1, **changes: str) -> Utterance:
    facts = ("visit-1", BO.id, AMARA.organization_id, AMARA.id, f"key-{seq}", "s", seq)
    words = "Do your ankles swell?"
    made = Utterance(f"utterance-{seq}", *facts, Kind.CAPTION, Phrase.OWN, NOW, "Dr Okonkwo", words)
    return replace(made, **changes)  # type: ignore[arg-type]


def resource(version: int = 1, type_: str = "Composition", patient_id: str = BO.id) -> ResourceVersion:
    text = '{"resourceType":"%s","title":"Consultation about palpitations","weight":72.50}' % type_  # noqa: UP031
    return ResourceVersion(type_, "resource-1", version, patient_id, HOSPITAL.id, NOW, text)


def account(of: Practitioner = AMARA) -> Account:
    return Account(
        id=f"account-{of.id}",
        practitioner_id=of.id,
        organization_id=of.organization_id,
        email=of.email,
        password_hash="$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        totp_seed="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        recovery_hashes=("$argon2id$recovery-one", "$argon2id$recovery-two"),
        language="es",
    )


def session(name: str = "1", of: Practitioner = AMARA) -> Session:
    digest = f"cookie {name}".encode()
    return Session(
        f"session-{name}", f"account-{of.id}", of.id, of.organization_id, digest, SessionStage.FULL, NOW, NOW
    )


def one_time_link(name: str = "1", purpose: LinkPurpose = LinkPurpose.INVITATION) -> OneTimeLink:
    expires = NOW + timedelta(days=2)
    return OneTimeLink(
        f"once-{name}", f"account-{AMARA.id}", purpose, f"token {name}".encode(), expires, "prac-ada"
    )


def message(name: str = "1", channel: Channel = Channel.EMAIL, due: datetime = NOW) -> OutboxMessage:
    values = {"patient": "Bo Lindqvist", "to": BO.email, "start": "10:00"}
    return OutboxMessage(
        f"message-{name}",
        channel,
        "visit-invitation",
        BO.id,
        "sv",
        values,
        due,
        HOSPITAL.id,
        NOW,
        NOW,
        visit_id="visit-1",
    )


def guest(number: int = 1, name: str = "Lina Lindqvist") -> Guest:
    """Bo's daughter, or somebody after her, invited to Bo's visit and not there yet."""
    facts = ("visit-1", BO.id, HOSPITAL.id, number, GuestKind.RELATIVE, name, BO.id)
    return Guest(f"guest-{number}", *facts, f"guest link {number}".encode(), NOW, GuestState.INVITED, NOW)


def entry(name: str = "1", *patients: str, at: datetime = NOW) -> AuditEntry:
    return AuditEntry(
        id=f"entry-{name}",
        at=at,
        action=AuditAction.NOTE_READ,
        outcome=AuditOutcome.SUCCESS,
        actor_kind="staff",
        actor_id=AMARA.id,
        actor_role="specialist",
        organization_id=HOSPITAL.id,
        session_id="session-1",
        request_id=f"request-{name}",
        patient_ids=patients,
        entity="note",
        entity_id="note-1",
    )


async def arrive(unit: UnitOfWork) -> Consultation:
    """Book Bo's visit, with its link."""
    booked = appointment()
    await unit.appointments.book(booked, claims(booked))
    await unit.visits.add(visit(booked))
    await unit.visits.add_link(link())
    return visit(booked)
