"""The staff of one hospital around whom the account services are tested."""

from dataclasses import dataclass, replace

import pytest

from telehealth.crypto.passwords import weakness
from telehealth.crypto.tokens import BrowserMarks
from telehealth.crypto.totp import code_at, step_of
from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.accounts import Account
from telehealth.domain.organizations import Location, Organization, OrganizationKind, SiteKind
from telehealth.domain.people import HumanName, Practitioner, Role
from telehealth.services.own_account import OwnAccount
from telehealth.services.recovery import Recovery
from telehealth.services.session_keeping import Opened, actor_of
from telehealth.services.sessions import Sessions
from telehealth.services.sign_in import SignIn
from telehealth.services.staff import Staff
from telehealth.services.trail import Work
from tests.fakes import Announced, FakeChance, FakeClock, FakeHashing, FakeUnits, Pens

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "nine quiet herons"
BASE = "https://care.example"


@dataclass
class House:
    """The services under test over one fake storage, and short ways to do what every test does."""

    units: FakeUnits
    clock: FakeClock
    hashing: FakeHashing
    announced: Announced
    work: Work
    sign_in: SignIn
    sessions: Sessions
    staff: Staff
    recovery: Recovery
    account_of: OwnAccount

    def code(self, seed: str = SEED) -> str:
        """The authenticator's present code, one step later each time so that none is used twice."""
        self.clock.move(seconds=30)
        return code_at(seed, step_of(self.clock.at))

    async def enter(self, email: str) -> Opened:
        """Sign somebody in."""
        opened = await self.sign_in.password(email, PASSWORD)
        return await self.sign_in.code(opened.token, self.code())

    async def actor(self, email: str) -> Actor:
        """Sign somebody in and return who acts then."""
        opened = await self.enter(email)
        return actor_of(opened.session, opened.practitioner)

    def account(self, email: str) -> Account:
        return next(each for each in self.units.tables.accounts.values() if each.email == email)

    def actions(self) -> list[str]:
        """The audit log so far: `action outcome reason`."""
        entries = self.units.tables.entries.values()
        return [" ".join(filter(None, (e.action, e.outcome, e.reason))) for e in entries]

    async def change(self, email: str, **values: object) -> None:
        async with self.units.writing() as uow:
            await uow.accounts.save(replace(self.account(email), **values))


PEOPLE = {
    "amara": ("hospital", Role.SPECIALIST, HumanName("Amara", "Okafor"), "Dr"),
    "ada": ("hospital", Role.ADMINISTRATOR, HumanName("Ada", "Lund"), ""),
    "ines": ("hospital", Role.ADMINISTRATOR, HumanName("Inês", "Prado"), ""),
    "pia": ("hospital", Role.PRIVACY_OFFICER, HumanName("Pia", "Stern"), ""),
    "noor": ("clinic", Role.CLINIC_STAFF, HumanName("Noor", "Haddad"), ""),
    "rosa": ("clinic", Role.ADMINISTRATOR, HumanName("Rosa", "Vidal"), ""),
}


async def populate(units: FakeUnits, hashing: FakeHashing) -> None:
    async with units.writing() as uow:
        for each, name in (("hospital", "District Hospital"), ("clinic", "Hill Clinic")):
            kind = OrganizationKind(each)
            await uow.directory.add_organization(Organization(each, name, kind, "+34600000000"))
            site = Location(f"{each}-site", each, name, SiteKind(each), "Europe/Madrid")
            await uow.directory.add_location(site)
        for key, (organization, role, name, title) in PEOPLE.items():
            email = f"{key}@care.example"
            person = Practitioner(key, organization, f"{organization}-site", role, name, title, email)
            await uow.directory.add_practitioner(person)
            hashed = await hashing.hash(PASSWORD)
            await uow.accounts.add(Account(f"account-{key}", key, organization, email, hashed, SEED))


@pytest.fixture
async def house() -> House:
    units, clock, hashing, announced = FakeUnits(), FakeClock(), FakeHashing(), Announced()
    await populate(units, hashing)
    work = Work(units, clock, FakeChance())
    parts = {"work": work, "hashing": hashing, "announcer": announced}
    mailing = {"link_base": BASE, "weakness": weakness}
    return House(
        units,
        clock,
        hashing,
        announced,
        work,
        SignIn(**parts, keys=Pens(), browsers=BrowserMarks(b"browsers")),
        Sessions(**parts),
        Staff(**parts, **mailing),
        Recovery(**parts, **mailing),
        OwnAccount(**parts, weakness=weakness),
    )


@pytest.fixture
def system() -> Actor:
    return SYSTEM
