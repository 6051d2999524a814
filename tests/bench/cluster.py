"""A cluster as large as a bench wants it, written straight into storage: staff, sessions, patients, hours."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from telehealth.app import Assembled, assemble
from telehealth.config import Config
from telehealth.crypto.tokens import session_digest, session_token
from telehealth.domain.access import SYSTEM, Actor, ActorKind
from telehealth.domain.accounts import Account, Session, SessionStage
from telehealth.domain.organizations import (
    HealthcareService,
    Location,
    Organization,
    OrganizationKind,
    SiteKind,
)
from telehealth.domain.people import Gender, HumanName, Identifier, Patient, Practitioner, Role
from telehealth.domain.scheduling import WeeklyHours
from telehealth.opening import open_data
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work

HOSPITAL, SITE, SERVICE = "organization-bench", "site-bench", "service-bench"
MINUTES = 20
BOOKER = replace(SYSTEM, organization_id=HOSPITAL)
"""Books at any time of any day; invites nobody."""
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
"""A hash that no password has: these accounts are never signed in to, their sessions are written down."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff and the cookies of their open sessions."""

    actor: Actor
    cookies: tuple[str, ...]


@asynccontextmanager
async def cluster(
    database_url: str, data: Path, base_url: str = "http://localhost:8080"
) -> AsyncGenerator[Assembled]:
    """Open a fresh DATA with one hospital in it."""
    config = Config(data=data, database_url=database_url, base_url=base_url)
    async with open_data(config, make=True) as opened:
        assembled = assemble(opened)
        async with opened.storage.writing() as uow:
            await uow.directory.add_organization(
                Organization(HOSPITAL, "Bench Hospital", OrganizationKind.HOSPITAL, "+493005550100")
            )
            await uow.directory.add_location(Location(SITE, HOSPITAL, "Main site", SiteKind.HOSPITAL, "UTC"))
            await uow.directory.add_service(
                HealthcareService(SERVICE, HOSPITAL, "Video visit", "Cardiology", MINUTES)
            )
        try:
            yield assembled
        finally:
            assembled.hashing.close()


def sqlite(folder: Path) -> str:
    """Return the address of a new SQLite file."""
    return f"sqlite+aiosqlite:///{folder / 'bench.sqlite'}"


async def hire(
    work: Work, count: int, role: Role = Role.SPECIALIST, *, sessions: int = 0, name: str = "s"
) -> list[Member]:
    """Add members of staff; specialists see patients around the clock."""
    async with work.units.writing() as uow:
        return [await _hire(work, uow, f"{name}{number:03}", role, sessions) for number in range(count)]


async def _hire(work: Work, uow: UnitOfWork, key: str, role: Role, sessions: int) -> Member:
    person = Practitioner(
        key, HOSPITAL, SITE, role, HumanName("Amara", key.title()), "Dr", f"{key}@hospital.example"
    )
    await uow.directory.add_practitioner(person)
    if role is Role.SPECIALIST:
        for day in range(1, 8):
            await uow.directory.add_hours(
                WeeklyHours(f"{key}-{day}", key, SITE, SERVICE, day, time(0), time(0), date(2026, 1, 1))
            )
    if not sessions:
        return Member(staff(person, f"session-{key}"), ())
    account = Account(f"account-{key}", key, HOSPITAL, person.email, NOBODY, SEED)
    await uow.accounts.add(account)
    cookies = [await _session(work, uow, account, number) for number in range(sessions)]
    return Member(staff(person, f"session-{key}-0"), tuple(cookies))


async def _session(work: Work, uow: UnitOfWork, account: Account, number: int) -> str:
    """Write down an open session of an account and return its cookie."""
    cookie, now = session_token(work.chance), work.clock.now()
    name = f"session-{account.practitioner_id}-{number}"
    owner = account.id, account.practitioner_id, account.organization_id
    await uow.accounts.add_session(
        Session(name, *owner, session_digest(cookie), SessionStage.FULL, now, now, now)
    )
    return cookie


def staff(person: Practitioner, session: str) -> Actor:
    """Return a member of staff as services see them."""
    return Actor(ActorKind.STAFF, person.id, person.role, HOSPITAL, session, person.display)


async def register(work: Work, count: int) -> Sequence[Patient]:
    """Add patients, each with a phone, an address and a number."""
    patients = [a_patient(number) for number in range(count)]
    async with work.units.writing() as uow:
        for patient in patients:
            await uow.patients.add(patient)
    return patients


def a_patient(number: int) -> Patient:
    """Return one patient of many."""
    return Patient(
        id=f"patient-{number:04}",
        organization_id=HOSPITAL,
        name=HumanName("Bo", f"Lindqvist {number:04}"),
        birth_date=date(1940 + number % 70, 1 + number % 12, 1 + number % 28),
        gender=Gender.FEMALE if number % 2 else Gender.MALE,
        language="en",
        phone=f"+49300555{number:04}",
        email=f"bo{number}@patients.example",
        identifiers=(Identifier("urn:bench:id", f"ID-{number:04}"),),
        zone="UTC",
    )


def midnight(now: datetime) -> datetime:
    """Return the beginning of the day in UTC, the site's zone."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
