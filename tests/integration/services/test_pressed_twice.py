"""Whatever is pressed twice, or twenty times at once, happens once, and nobody is refused."""

import asyncio

from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.notices import VisitChanged
from tests.cast import AMARA, CARLA, House

AT_ONCE = 20


def statuses(house: House) -> list[str]:
    return [each.status for each in house.heard.notices if isinstance(each, VisitChanged)]


async def version(house: House, visit_id: str) -> int:
    async with house.assembled.opened.storage.reading() as uow:
        visit = await uow.visits.get(visit_id)
    assert visit is not None
    return visit.version


async def actions(house: House) -> list[AuditAction]:
    async with house.assembled.opened.storage.reading() as uow:
        return [each.action for each in await uow.audit.entries(patient_id=house.bo.id)]


async def test_twenty_presses_on_the_link_at_once_are_one_arrival(house: House) -> None:
    booked = await house.book()
    token = booked.join_url.partition("#")[2]
    opened = await asyncio.gather(*(house.assembled.services.joining.open(token) for _ in range(AT_ONCE)))
    assert {each.visit_id for each in opened} == {booked.visit_id}
    assert len({each.cookie for each in opened}) == AT_ONCE
    assert await version(house, booked.visit_id) == 1
    assert statuses(house) == ["booked", "arrived"]


async def test_opening_steps_and_device_reports_at_once_are_all_kept(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    token = booked.join_url.partition("#")[2]
    bo = await house.arrive(booked)
    await services.attending.consent(bo)
    presses = [services.joining.open(token) for _ in range(6)] + [
        services.attending.wait(bo) for _ in range(6)
    ]
    refused = [
        each for each in await asyncio.gather(*presses, return_exceptions=True) if isinstance(each, Exception)
    ]
    assert refused == []
    assert (await services.attending.view(bo)).visit.status is VisitStatus.WAITING


async def test_presses_and_a_cancel_at_once_never_stop_each_other(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    token = booked.join_url.partition("#")[2]
    done = await asyncio.gather(
        *(services.joining.open(token) for _ in range(8)),
        services.appointments.cancel(CARLA, booked.appointment.id),
        return_exceptions=True,
    )
    codes = {getattr(each, "code", "done") for each in done}
    assert codes <= {"done", "not-found", "visit-closed"}
    assert not isinstance(done[-1], Exception)


async def test_what_changes_nothing_is_neither_written_nor_announced_nor_entered(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    bo = await house.wait(booked)
    kept, told = await version(house, booked.visit_id), len(house.heard.notices)
    token = booked.join_url.partition("#")[2]
    await services.joining.open(token)
    await services.attending.wait(bo)
    await services.attending.consent(bo)
    assert await version(house, booked.visit_id) == kept
    assert len(house.heard.notices) == told
    done = await actions(house)
    assert done.count(AuditAction.VISIT_WAITING) == 1
    assert done.count(AuditAction.LINK_OPENED) == 2


async def test_admitting_and_ending_twice_is_as_good_as_once(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    await house.wait(booked)
    for press in (services.consulting.admit, services.consulting.end):
        await press(AMARA, booked.visit_id)
        kept, told = await version(house, booked.visit_id), len(house.heard.notices)
        await press(AMARA, booked.visit_id)
        assert await version(house, booked.visit_id) == kept
        assert len(house.heard.notices) == told
    done = await actions(house)
    assert done.count(AuditAction.VISIT_ADMITTED) == done.count(AuditAction.VISIT_ENDED) == 1
