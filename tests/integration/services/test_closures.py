"""Closed clinics: whose they are, who is told, and that nobody fails to attend one."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from telehealth.domain.closures import ClosedBecause
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, VisitClosed
from telehealth.domain.guests import GuestState
from telehealth.domain.notices import VisitMoved
from telehealth.services.closures import NewClosure
from telehealth.services.lapses import Lapses
from tests.cast import ADA, AMARA, CARLA, MONDAY, NOOR, PIA, RURAL, House
from tests.integration.services.test_guests import come, invited_to, token_of

TODAY = MONDAY.date()
FEAST = NewClosure("", TODAY, time(0), TODAY + timedelta(days=1), time(0), ClosedBecause.HOLIDAY, "")


async def test_the_specialist_hears_of_each_visit_at_once(house: House) -> None:
    booked = await house.book()
    closures = house.assembled.services.closures
    made = await closures.add(CARLA, FEAST)
    assert VisitMoved(booked.visit_id, AMARA.id) in house.heard.notices
    house.heard.notices.clear()
    await closures.remove(ADA, made.id)
    assert house.heard.notices == [VisitMoved(booked.visit_id, AMARA.id)]


async def test_nobody_fails_to_attend_a_closed_clinic(house: House) -> None:
    booked = await house.book()
    work, closures = house.assembled.opened.work, house.assembled.services.closures
    made = await closures.add(CARLA, FEAST)
    house.clock.pass_by(hours=6)
    lapses = Lapses(work=work, announcer=house.heard)
    assert await lapses.miss_overdue() == 0
    await closures.remove(CARLA, made.id)
    assert await lapses.miss_overdue() == 1
    async with work.units.reading() as uow:
        visit = await uow.visits.get(booked.visit_id)
    assert visit is not None
    assert visit.status is VisitStatus.MISSED


async def test_a_guest_does_not_wait_for_a_closed_clinic_and_is_told_so(house: House) -> None:
    _, invited = await invited_to(house)
    lina, door = await come(house, invited), house.assembled.services.company.door
    made = await house.assembled.services.closures.add(CARLA, FEAST)
    with pytest.raises(VisitClosed, match="The clinic is closed"):
        await door.wait(lina)
    with pytest.raises(VisitClosed, match="The clinic is closed"):
        await door.open(token_of(invited))
    assert (await door.view(lina)).guest.state is GuestState.OPENED
    await house.assembled.services.closures.remove(CARLA, made.id)
    assert (await door.wait(lina)).state is GuestState.WAITING


async def test_an_hour_that_clocks_skip_is_refused(house: House) -> None:
    spring = date(2027, 3, 28)
    skipped = replace(FEAST, from_day=spring, from_time=time(2, 30), to_day=spring, to_time=time(12))
    with pytest.raises(BadInput, match="does not exist"):
        await house.assembled.services.closures.add(ADA, skipped)


async def test_a_stranger_is_refused(house: House) -> None:
    closures = house.assembled.services.closures
    made = await closures.add(ADA, FEAST)
    for actor in (AMARA, NOOR, PIA):
        with pytest.raises(NotPermitted):
            await closures.listed(actor)
        with pytest.raises(NotPermitted):
            await closures.add(actor, FEAST)
    elsewhere = replace(ADA, id=NOOR.id, organization_id=RURAL)
    assert (await closures.listed(elsewhere)).closures == []
    with pytest.raises(NotFound):
        await closures.remove(elsewhere, made.id)
    assert (await closures.listed(ADA)).closures == [made]
