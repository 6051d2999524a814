"""Many set hours of one specialist at once: those that meet others are refused, so that none ever do."""

import asyncio
from datetime import time

from telehealth.crypto.chance import SystemChance
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import BadInput
from telehealth.domain.hours_exceptions import ExceptionKind
from telehealth.domain.people import Role
from telehealth.domain.scheduling import A_DAY
from telehealth.services.hours import Hours, NewHours
from telehealth.services.hours_exceptions import HoursExceptions, NewException
from telehealth.services.trail import Work
from telehealth.storage.unit_of_work import Storage
from tests.fakes import FakeClock
from tests.integration.storage.cast import AMARA, CARDIOLOGY, HOSPITAL, NOW, WARD

RACERS = 20
ADA = Actor(ActorKind.STAFF, "ada", Role.ADMINISTRATOR, HOSPITAL.id, "session", "Ada Lund")


async def test_of_many_hours_that_meet_one_is_kept(cluster: Storage) -> None:
    work = Work(cluster, FakeClock(NOW), SystemChance())

    async def race(number: int) -> str:
        minute = time(18, number)
        new = NewHours(AMARA.id, WARD.id, CARDIOLOGY.id, 4, minute, time(20))
        try:
            await Hours(work=work).add(ADA, new)
        except BadInput as refused:
            return refused.problems[0].code
        return "kept"

    ends = await asyncio.gather(*(race(number) for number in range(RACERS)))
    assert sorted(ends) == ["kept"] + ["overlap"] * (RACERS - 1)


async def test_of_many_extra_hours_that_meet_one_is_kept(cluster: Storage) -> None:
    day, work = NOW.date() + A_DAY, Work(cluster, FakeClock(NOW), SystemChance())

    async def race(number: int) -> str:
        minute = time(20, number)
        extra = NewException(
            AMARA.id, ExceptionKind.EXTRA, WARD.id, day, minute, day, time(22), CARDIOLOGY.id
        )
        try:
            await HoursExceptions(work=work).add(ADA, extra)
        except BadInput as refused:
            return refused.problems[0].code
        return "kept"

    ends = await asyncio.gather(*(race(number) for number in range(RACERS)))
    assert sorted(ends) == ["kept"] + ["overlap"] * (RACERS - 1)
