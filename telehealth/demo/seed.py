"""Seeds the demo cluster once: organizations, staff who can sign in, patients, weekly hours.

A start may be killed at any moment. Places and staff are one unit; each patient is another, and the next
start goes on with the first who is missing.
"""

import base64
import hmac
import json
from dataclasses import dataclass, replace
from datetime import date, time

from telehealth.demo.cluster import (
    EVERY_WAY,
    OPEN_SERVICES,
    ORGANIZATIONS,
    RESOURCES,
    SERVICES,
    STAFF,
    DemoStaff,
)
from telehealth.demo.patients import NATIONAL_ID, PATIENTS, DemoPatient
from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.accounts import Account
from telehealth.domain.modality import BY_VIDEO, Modality
from telehealth.domain.organizations import HealthcareService, Location, Organization
from telehealth.domain.people import HumanName, Patient, PatientQuery, Practitioner, Role
from telehealth.domain.resources import Resource
from telehealth.domain.scheduling import WeeklyHours
from telehealth.fhir.allergy import allergy_to_fhir
from telehealth.services.allergies import TYPE as ALLERGY
from telehealth.services.desk import Desk, NewPatient
from telehealth.services.filing import file_resource
from telehealth.services.open_services import keep_anyone
from telehealth.services.ports import Hashing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

SEEDED = "demo"
"""The meta entry with the seeded patients' ids, in their written order."""
PLACES = "demo-places"
"""The meta entry with the ids of the seeded organizations, sites and services."""
OPENS, CLOSES = time(0), time(0)
"""The whole day: whoever tries the demo late in the evening finds free times as well."""
FIRST_DAY = date(2026, 1, 1)
SEED_BYTES = 20


@dataclass(frozen=True, slots=True)
class DemoSecrets:
    """Passwords and TOTP seeds of the demo's staff: derived from the demo's key, written nowhere."""

    key: bytes

    def password(self, practitioner_id: str) -> str:
        """Return a password of four groups that nobody would guess."""
        text = self._text("password", practitioner_id)
        return "-".join(text[at : at + 4] for at in range(0, 16, 4))

    def totp_seed(self, practitioner_id: str) -> str:
        """Return the base32 seed of 160 bits."""
        return self._text("totp", practitioner_id)

    def _text(self, what: str, who: str) -> str:
        digest = hmac.digest(self.key, f"{what}|{who}".encode(), "sha256")
        return base64.b32encode(digest[:SEED_BYTES]).decode()


class Seeding:
    """Writes the cluster through the same storage and services that everything uses."""

    def __init__(self, *, work: Work, hashing: Hashing, desk: Desk, secrets: DemoSecrets) -> None:
        self._work = work
        self._hashing = hashing
        self._desk = desk
        self._secrets = secrets

    async def seed(self) -> bool:
        """Seed unless it was done before; return whether anything was written."""
        async with self._work.units.reading() as uow:
            if await uow.meta.get(SEEDED):
                return False
            places = await uow.meta.get(PLACES)
        ids: dict[str, str] = json.loads(places) if places else await self._cluster()
        patients = [
            await self._patient(acting_for(ids[f"organization:{each.organization}"]), each)
            for each in PATIENTS
        ]
        async with self._work.units.writing() as uow:
            await uow.meta.put(SEEDED, json.dumps(patients))
        return True

    async def _cluster(self) -> dict[str, str]:
        """Write places and staff, all or nothing; return the places' ids."""
        accounts = [await self._account(each) for each in STAFF]
        async with self._work.units.writing() as uow:
            ids = await self._places(uow)
            for person, (practitioner_id, account) in zip(STAFF, accounts, strict=True):
                await self._person(uow, ids, person, practitioner_id, account)
            await uow.meta.put(PLACES, json.dumps(ids))
        return ids

    async def _patient(self, actor: Actor, patient: DemoPatient) -> str:
        """Register a patient unless an earlier start has; return the id."""
        known = await self._desk.search(actor, PatientQuery(identifier=patient.identifier))
        if known:
            await self._allergies(known[0], patient)
            return known[0].id
        registered = await self._desk.register(
            actor,
            NewPatient(
                given=patient.given,
                family=patient.family,
                birth_date=patient.birth_date,
                gender=patient.gender,
                language=patient.language,
                zone=patient.zone,
                phone=patient.phone,
                email=f"{patient.identifier.lower()}@patients.example",
                identifier_system=NATIONAL_ID,
                identifier_value=patient.identifier,
                interpreter=patient.interpreter,
            ),
        )
        await self._allergies(registered, patient)
        return registered.id

    async def _allergies(self, patient: Patient, written: DemoPatient) -> None:
        """Write what the patient is allergic to, unless an earlier start has."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            if await uow.record.of_patient(patient.id, ALLERGY):
                return
            for each in written.allergies or ():
                allergy = replace(each, id=self._work.identifier())
                await file_resource(
                    uow,
                    allergy_to_fhir(allergy, patient_id=patient.id, at=now),
                    patient_id=patient.id,
                    organization_id=patient.organization_id,
                    at=now,
                )

    async def _account(self, person: DemoStaff) -> tuple[str, Account]:
        practitioner_id = self._work.identifier()
        hashed = await self._hashing.hash(self._secrets.password(practitioner_id))
        account = Account(
            id=self._work.identifier(),
            practitioner_id=practitioner_id,
            organization_id="",
            email=email_of(person),
            password_hash=hashed,
            totp_seed=self._secrets.totp_seed(practitioner_id),
        )
        return practitioner_id, account

    async def _places(self, uow: UnitOfWork) -> dict[str, str]:
        ids = {}
        for each in ORGANIZATIONS:
            organization_id = ids[f"organization:{each.key}"] = self._work.identifier()
            await uow.directory.add_organization(
                Organization(organization_id, each.name, each.kind, each.phone)
            )
            for key, name, kind, zone, address in each.sites:
                ids[f"site:{key}"] = self._work.identifier()
                await uow.directory.add_location(
                    Location(ids[f"site:{key}"], organization_id, name, kind, zone, address=address)
                )
        for key, organization, name, specialty, minutes, pause in SERVICES:
            ids[f"service:{key}"] = self._work.identifier()
            await uow.directory.add_service(
                HealthcareService(
                    ids[f"service:{key}"],
                    ids[f"organization:{organization}"],
                    name,
                    specialty,
                    minutes,
                    pause,
                    open_to_patients=key in OPEN_SERVICES,
                    modalities=tuple(Modality) if key in EVERY_WAY else BY_VIDEO,
                )
            )
        await self._resources(uow, ids)
        for key in sorted({each[1] for each in SERVICES if each[0] in OPEN_SERVICES}):
            await keep_anyone(uow, ids[f"organization:{key}"])
        return ids

    async def _resources(self, uow: UnitOfWork, ids: dict[str, str]) -> None:
        """Write rooms, devices and interpreters."""
        for organization, site, kind, name, languages, pause in RESOURCES:
            where = (ids[f"organization:{organization}"], ids[f"site:{site}"])
            made = Resource(
                self._work.identifier(), *where, kind, name, languages=languages, after_minutes=pause
            )
            await uow.resources.add(made)

    async def _person(
        self, uow: UnitOfWork, ids: dict[str, str], person: DemoStaff, practitioner_id: str, account: Account
    ) -> None:
        organization_id = ids[f"organization:{person.organization}"]
        await uow.directory.add_practitioner(
            Practitioner(
                id=practitioner_id,
                organization_id=organization_id,
                location_id=ids[f"site:{person.site}"],
                role=person.role,
                name=HumanName(person.given, person.family),
                title=person.title,
                email=account.email,
                specialty=person.specialty,
                languages=person.languages,
            )
        )
        await uow.accounts.add(replace(account, organization_id=organization_id))
        if person.role is not Role.SPECIALIST:
            return
        for weekday in range(1, 8):
            await uow.directory.add_hours(
                WeeklyHours(
                    id=self._work.identifier(),
                    practitioner_id=practitioner_id,
                    location_id=ids[f"site:{person.site}"],
                    service_id=ids[f"service:{person.specialty}"],
                    weekday=weekday,
                    start=OPENS,
                    end=CLOSES,
                    valid_from=FIRST_DAY,
                )
            )


def acting_for(organization_id: str) -> Actor:
    """Return the seeding system as an actor of one organization."""
    return replace(SYSTEM, organization_id=organization_id)


def email_of(person: DemoStaff) -> str:
    """Return the e-mail that a demo person signs in with."""
    return f"{person.given}.{person.family}@{person.organization}.example".lower()
