"""The account services over real storage, real hashing and real keys, on either database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.hashing import HashingPool
from telehealth.crypto.keyring import Keyring
from telehealth.crypto.passwords import weakness
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.signers import Signers
from telehealth.crypto.tokens import BrowserMarks
from telehealth.crypto.totp import code_at, step_of
from telehealth.domain.access import SYSTEM
from telehealth.domain.people import Role
from telehealth.services.recovery import Recovery
from telehealth.services.sessions import Sessions
from telehealth.services.sign_in import SignIn
from telehealth.services.staff import NewStaff, Staff
from telehealth.services.trail import Work
from telehealth.storage.unit_of_work import Storage
from tests.fakes import Announced, FakeClock
from tests.integration.storage import cast

PASSWORD = "nine quiet herons"
EMAIL = "lev.orlov@hospital.example"
LEV = NewStaff(cast.HOSPITAL.id, cast.WARD.id, Role.SPECIALIST, "Lev", "Orlov", "Dr", EMAIL, "cardiology")


@dataclass(frozen=True, slots=True)
class Office:
    """Services over one database."""

    storage: Storage
    keyring: Keyring
    clock: FakeClock
    announced: Announced
    work: Work
    sign_in: SignIn
    sessions: Sessions
    staff: Staff
    recovery: Recovery

    def code(self, seed: str) -> str:
        """The authenticator's present code, a step later each time."""
        self.clock.move(seconds=30)
        return code_at(seed, step_of(self.clock.at))

    async def joined(self) -> tuple[str, list[str]]:
        """Lev, invited and taken up; the seed and recovery codes."""
        invited = await self.staff.invite(SYSTEM, LEV)
        token = invited.url.split("#")[1]
        seed = (await self.staff.look(token)).totp_seed
        return seed, await self.staff.accept(token, PASSWORD, self.code(seed))


@pytest.fixture
async def office(migrated_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    clock, chance, announced, hashing = FakeClock(), SystemChance(), Announced(), HashingPool()
    custody = open_custody(tmp_path / "keys", chance, clock.now, known_check=None)
    blind = BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX))
    storage = Storage(migrated_url, custody.keyring, blind)
    async with storage.writing() as uow:
        await cast.move_in(uow)
    work = Work(storage, clock, chance)
    parts = {"work": work, "hashing": hashing, "announcer": announced}
    mailing = {"link_base": "https://care.example", "weakness": weakness}
    yield Office(
        storage,
        custody.keyring,
        clock,
        announced,
        work,
        SignIn(
            **parts,
            keys=Signers(custody.keyring),
            browsers=BrowserMarks(custody.keyring.derived(Purpose.BROWSER_KEY)),
        ),
        Sessions(**parts),
        Staff(**parts, **mailing),
        Recovery(**parts, **mailing),
    )
    await storage.close()
    hashing.close()
    custody.close()
