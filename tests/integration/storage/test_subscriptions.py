"""Subscriptions as rows, one contract for fake and real: by house, type and patient, told in order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.record import ResourceVersion
from telehealth.domain.subscriptions import Event, Subscription, SubscriptionState
from telehealth.services.ports import Units
from telehealth.services.repositories import UnitOfWork
from tests.integration.storage import cast
from tests.integration.storage.test_fakes import kind, units
from tests.integration.storage.test_programs import LAB

__all__ = ["kind", "units"]

MINUTE = timedelta(minutes=1)
LATER = cast.NOW + MINUTE
ALL = Subscription(
    id="s1",
    program_id=LAB.id,
    organization_id=cast.BO.organization_id,
    type="Observation",
    patient_id="",
    criteria="Observation?code=x",
    reason="Results",
    endpoint="https://lab.example/news",
    ids=True,
    header=("Authorization: Bearer x",),
    made_at=cast.NOW,
    changed_at=cast.NOW,
    due_at=cast.NOW,
)


def observation(name: str = "o1", version: int = 1, patient: str = cast.BO.id) -> ResourceVersion:
    return ResourceVersion("Observation", name, version, patient, cast.HOSPITAL.id, cast.NOW, "{}")


def event(name: str = "o1", version: int = 1, subscription: str = ALL.id) -> Event:
    return Event(subscription, name, version, cast.BO.id, cast.NOW)


async def added(uow: UnitOfWork, *several: Subscription) -> None:
    await uow.programs.add(LAB)
    for each in several:
        await uow.subscriptions.add(each)


async def test_one_is_kept_changed_by_version_and_listed(units: Units) -> None:
    own = replace(ALL, id="s0", patient_id=cast.BO.id, header=(), made_at=LATER, ends_at=LATER)
    async with units.writing() as uow:
        await added(uow, own, ALL)
        assert await uow.subscriptions.of(LAB.id) == [ALL, own]
        assert await uow.subscriptions.of("other") == []
        assert await uow.subscriptions.get("none") is None
        changed = replace(ALL, attempts=1, error="unreachable", due_at=LATER, version=1)
        await uow.subscriptions.save(changed)
        assert await uow.subscriptions.get(ALL.id) == changed
        assert await uow.subscriptions.ending(cast.NOW) == []
        assert await uow.subscriptions.ending(LATER) == [own]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.subscriptions.save(changed)


async def test_new_versions_are_noticed_for_who_watches_the_type_the_patient_and_the_house(
    units: Units,
) -> None:
    others = (
        replace(ALL, id="s2", patient_id=cast.BO.id),
        replace(ALL, id="s3", type="DiagnosticReport"),
        replace(ALL, id="s4", patient_id=cast.CY.id),
        replace(ALL, id="s5", state=SubscriptionState.ERROR),
        replace(ALL, id="s6", organization_id=_other_house()),
    )
    async with units.writing() as uow:
        await added(uow, ALL, *others)
        assert await uow.subscriptions.notice(observation()) == 2
        assert await uow.subscriptions.notice(observation(version=2)) == 2
        assert await uow.subscriptions.notice(observation("o0", patient="nobody")) == 0
        assert await uow.subscriptions.events(ALL.id, 9) == [event(), event(version=2)]
        assert await uow.subscriptions.events(ALL.id, 1) == [event()]
        assert await uow.subscriptions.events("s2", 9) == [
            event(subscription="s2"),
            event(version=2, subscription="s2"),
        ]
        for name in ("s3", "s4", "s5", "s6"):
            assert await uow.subscriptions.events(name, 9) == [], name
        await uow.subscriptions.done(ALL.id, [event()])
        await uow.subscriptions.done(ALL.id, [])
        assert await uow.subscriptions.events(ALL.id, 9) == [event(version=2)]
        await uow.subscriptions.drop("s2")
        assert await uow.subscriptions.events("s2", 9) == []


def _other_house() -> str:
    houses = {cast.HOSPITAL.id, cast.RURAL.id} - {cast.BO.organization_id}
    return houses.pop()


async def test_what_is_due_is_claimed_by_one(units: Units) -> None:
    async with units.writing() as uow:
        await added(uow, ALL, replace(ALL, id="s2", due_at=LATER))
        assert await uow.subscriptions.claim(cast.NOW, LATER, 9) == [], "there is nothing to tell"
        await uow.subscriptions.notice(observation())
    async with units.writing() as uow:
        assert await uow.subscriptions.claim(cast.NOW, LATER, 9) == [ALL]
    async with units.writing() as uow:
        assert await uow.subscriptions.claim(cast.NOW, LATER, 9) == []
        again = await uow.subscriptions.claim(LATER, LATER + MINUTE, 1)
        assert [each.id for each in again] == [ALL.id], "whoever had it never came back"
        await uow.subscriptions.save(replace(ALL, version=1))
        assert [each.id for each in await uow.subscriptions.claim(LATER, LATER, 9)] == [ALL.id, "s2"]


async def test_with_its_program_all_ends_and_is_forgotten_later(units: Units) -> None:
    async with units.writing() as uow:
        await added(uow, ALL, replace(ALL, id="s2", state=SubscriptionState.ERROR))
        await uow.subscriptions.notice(observation())
        assert await uow.subscriptions.end_all(LAB.id, LATER) == 1
        assert await uow.subscriptions.end_all(LAB.id, LATER) == 0
        ended = replace(ALL, state=SubscriptionState.OFF, changed_at=LATER, version=1)
        assert await uow.subscriptions.get(ALL.id) == ended
        assert await uow.subscriptions.events(ALL.id, 9) == []
        assert await uow.subscriptions.forget(LATER) == 1
        assert await uow.subscriptions.of(LAB.id) == [ended]
