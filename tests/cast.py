"""The cast on a real database: Dr Amara treats Bo, Cy is a stranger, Ada administers, Noor hosts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from telehealth.app import Assembled, assemble
from telehealth.config import Config
from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import Custody, open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.domain.access import SYSTEM, Actor, ActorKind
from telehealth.domain.consultation import Consultation
from telehealth.domain.notices import Notice
from telehealth.domain.organizations import (
    HealthcareService,
    Location,
    Organization,
    OrganizationKind,
    SiteKind,
)
from telehealth.domain.people import Gender, HumanName, Patient, Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.opening import CHECK, Opened
from telehealth.services.booking import Booked, BookingRequest
from telehealth.services.desk import NewPatient
from telehealth.services.trail import Work
from telehealth.storage.unit_of_work import Storage

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOSPITAL, RURAL = "organization-hospital", "organization-rural"
SITE, HILLSIDE = "site-hospital", "site-hillside"
CARDIOLOGY = "service-cardiology"


@dataclass
class StillClock:
    """A clock that stands until a test moves it."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Heard:
    """Collects what was announced."""

    notices: list[Notice] = field(default_factory=list)

    async def announce(self, notice: Notice) -> None:
        self.notices.append(notice)


def staff(key: str, role: Role, organization: str = HOSPITAL, name: str = "") -> Actor:
    return Actor(ActorKind.STAFF, key, role, organization, f"session-{key}", name or key.title())


AMARA = staff("amara", Role.SPECIALIST, name="Dr Amara Diallo")
CY = staff("cy", Role.SPECIALIST, name="Dr Cy Stranger")
CARLA = staff("carla", Role.COORDINATOR)
ADA = staff("ada", Role.ADMINISTRATOR)
PIA = staff("pia", Role.PRIVACY_OFFICER)
NOOR = staff("noor", Role.CLINIC_STAFF, RURAL)
PEOPLE = (AMARA, CY, CARLA, ADA, PIA, NOOR)


@dataclass
class House:
    """An assembled service with the cast in it."""

    assembled: Assembled
    clock: StillClock
    heard: Heard
    bo: Patient

    async def book(
        self, start: datetime = MONDAY, actor: Actor = CARLA, patient: Patient | None = None
    ) -> Booked:
        request = BookingRequest((patient or self.bo).id, CARDIOLOGY, AMARA.id, start)
        return await self.assembled.services.booking.book(actor, request)

    async def arrive(self, booked: Booked) -> Actor:
        """Bo presses the link; returns Bo as the visitor."""
        joining = self.assembled.services.joining
        opened = await joining.open(booked.join_url.partition("#")[2])
        bo = await joining.visitor(opened.visit_id, opened.cookie)
        assert bo is not None
        return bo

    async def wait(self, booked: Booked) -> Actor:
        """Bo presses, agrees and enters the waiting room."""
        bo = await self.arrive(booked)
        await self.assembled.services.attending.consent(bo)
        await self.assembled.services.attending.wait(bo)
        return bo

    async def call(self, booked: Booked) -> Consultation:
        """Bo waits, Dr Amara admits and confirms who and where Bo is."""
        await self.wait(booked)
        return await self.admit(booked)

    async def admit(self, booked: Booked) -> Consultation:
        """Dr Amara admits who waits, and confirms."""
        consulting = self.assembled.services.consulting
        await consulting.admit(AMARA, booked.visit_id)
        return await consulting.confirm(
            AMARA, booked.visit_id, ("name", "birth-date"), "At home, Linden street 4", "+493005550201"
        )


async def people(assembled: Assembled) -> None:
    """Write the places and the staff."""
    async with assembled.opened.storage.writing() as uow:
        for key, name, kind in (
            (HOSPITAL, "Lindenau District Hospital", OrganizationKind.HOSPITAL),
            (RURAL, "Hillside Rural Health", OrganizationKind.CLINIC),
        ):
            await uow.directory.add_organization(Organization(key, name, kind, "+493005550100"))
        for key, organization, zone in (
            (SITE, HOSPITAL, "Europe/Berlin"),
            (HILLSIDE, RURAL, "Africa/Nairobi"),
        ):
            await uow.directory.add_location(Location(key, organization, key.title(), SiteKind.CLINIC, zone))
        await uow.directory.add_service(
            HealthcareService(CARDIOLOGY, HOSPITAL, "Cardiology video visit", "Cardiology", 20)
        )
        for person in PEOPLE:
            role = person.role or Role.SPECIALIST
            site = SITE if person.organization_id == HOSPITAL else HILLSIDE
            name = HumanName(person.name.removeprefix("Dr ").split()[0], person.id.title() + "son")
            title = "Dr" if role is Role.SPECIALIST else ""
            await uow.directory.add_practitioner(
                Practitioner(
                    person.id,
                    person.organization_id,
                    site,
                    role,
                    name,
                    title,
                    f"{person.id}@hospital.example",
                )
            )
        for weekday in range(1, 8):
            rule = WeeklyHours(
                f"rule-{weekday}",
                AMARA.id,
                SITE,
                CARDIOLOGY,
                weekday,
                time(8, 30),
                time(18, 30),
                date(2026, 1, 1),
            )
            await uow.directory.add_hours(rule)


def a_patient(given: str, family: str, number: str, **changes: object) -> NewPatient:
    new = NewPatient(
        given=given,
        family=family,
        birth_date=date(1961, 5, 14),
        gender=Gender.MALE,
        language="en",
        zone="Europe/Berlin",
        phone=f"+4930055502{number}",
        email=f"{given.lower()}@patients.example",
        identifier_system="urn:test:id",
        identifier_value=f"ID-{number}",
    )
    return replace(new, **changes)  # type: ignore[arg-type]


def new_keys(config: Config, clock: StillClock) -> Custody:
    """Make DATA, with new keys in it."""
    config.data.mkdir(parents=True, exist_ok=True)
    return open_custody(config.keys_at, SystemChance(), clock.now, known_check=None)


@asynccontextmanager
async def opened_afresh(config: Config, clock: StillClock) -> AsyncGenerator[Opened]:
    """Open an empty, migrated database and new keys as `open_data` does, which would ask what is there."""
    custody = new_keys(config, clock)
    storage = Storage(
        config.database, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX))
    )
    try:
        async with storage.writing() as uow:
            await uow.meta.put(CHECK, custody.keyring.check)
        yield Opened(config, custody, storage, Work(storage, clock, SystemChance()))
    finally:
        await storage.close()
        custody.close()


@asynccontextmanager
async def house(database_url: str, data: Path) -> AsyncGenerator[House]:
    """Open a fresh DATA, write the cast, give the house."""
    clock, heard = StillClock(), Heard()
    config = Config(data=data, database_url=database_url, base_url="http://localhost:8080")
    async with opened_afresh(config, clock) as opened:
        assembled = assemble(opened)
        assembled.switchboard.to = heard
        await people(assembled)
        bo = await assembled.services.desk.register(
            replace(SYSTEM, organization_id=HOSPITAL), a_patient("Bo", "Lindqvist", "01")
        )
        try:
            yield House(assembled, clock, heard, bo)
        finally:
            assembled.hashing.close()
