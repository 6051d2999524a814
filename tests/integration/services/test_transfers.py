"""A code takes the same person from one browser to another: once, for five minutes, without the clinic."""

import asyncio

import pytest

from telehealth.domain.access import Actor
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import Hold
from telehealth.domain.errors import NotFound, OtherDevice, VisitClosed
from telehealth.domain.notices import DeviceMoved
from telehealth.services.joining import OpenedVisit
from tests.cast import AMARA, CY, House


async def visitor(house: House, opened: OpenedVisit) -> Actor:
    actor = await house.assembled.services.joining.visitor(opened.visit_id, opened.cookie)
    assert actor is not None
    return actor


async def hold(house: House, browser: Actor) -> Hold:
    return (await house.assembled.services.attending.view(browser)).hold


async def test_a_code_moves_the_visit_and_its_place_to_the_other_browser(house: House) -> None:
    bo = await house.wait(await house.book())
    transfers = house.assembled.services.transfers
    code = (await transfers.issue(bo)).code
    other = await visitor(house, await transfers.redeem(code))
    assert (await hold(house, bo), await hold(house, other)) == (Hold.OTHER, Hold.BOUND)
    assert DeviceMoved(bo.visit_id, bo.session_id, other.session_id) in house.heard.notices
    view = await house.assembled.services.attending.view(other)
    assert (view.visit.status, view.visit.waiting_at) == ("waiting", house.clock.at)
    async with house.assembled.opened.storage.reading() as uow:
        actions = [each.action for each in await uow.audit.entries()]
    assert {AuditAction.TRANSFER_ISSUED, AuditAction.TRANSFER_REDEEMED} <= set(actions)


async def test_a_code_is_good_once_for_five_minutes_and_the_newest_counts(house: House) -> None:
    bo = await house.wait(await house.book())
    transfers = house.assembled.services.transfers
    older, late = (await transfers.issue(bo)).code, (await transfers.issue(bo)).code
    house.clock.pass_by(minutes=5)
    with pytest.raises(NotFound):
        await transfers.redeem(late)
    fresh = (await transfers.issue(bo)).code
    await transfers.redeem(fresh)
    for code in (older, late, fresh, "", "AAAAAAAAAAAA", "A" * 43):
        with pytest.raises(NotFound):
            await transfers.redeem(code)


async def test_of_many_who_redeem_at_once_one_does(house: House) -> None:
    bo = await house.wait(await house.book())
    transfers = house.assembled.services.transfers
    code = (await transfers.issue(bo)).code
    tries = await asyncio.gather(*(transfers.redeem(code) for _ in range(8)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in tries) == ["NotFound"] * 7 + ["OpenedVisit"]


async def test_a_second_device_and_a_stranger_get_no_code(house: House) -> None:
    booked = await house.book()
    await house.wait(booked)
    second = await house.wait(booked)
    transfers = house.assembled.services.transfers
    with pytest.raises(OtherDevice):
        await transfers.issue(second)
    with pytest.raises(NotFound):
        await transfers.issue(Actor(second.kind, "cy", None, CY.organization_id, "session-cy", "Cy", "other"))


async def test_a_visit_that_is_over_is_handed_to_nobody(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    services = house.assembled.services
    await services.consulting.admit(AMARA, booked.visit_id)
    code = (await services.transfers.issue(bo)).code
    await services.consulting.end(AMARA, booked.visit_id)
    with pytest.raises(NotFound):
        await services.transfers.redeem(code)
    with pytest.raises(VisitClosed):
        await services.transfers.issue(bo)


async def test_a_code_that_was_asked_for_before_anybody_waited_ends_with_that(house: House) -> None:
    booked = await house.book()
    early = await house.arrive(booked)
    transfers = house.assembled.services.transfers
    code = (await transfers.issue(early)).code
    bo = await house.wait(booked)
    with pytest.raises(NotFound):
        await transfers.redeem(code)
    assert await hold(house, bo) is Hold.BOUND


async def test_of_a_code_only_its_digest_is_kept(house: House) -> None:
    bo = await house.wait(await house.book())
    code = (await house.assembled.services.transfers.issue(bo)).code
    visit = (await house.assembled.services.attending.view(bo)).visit
    assert len(visit.transfer_digest or b"") == 32
    assert code not in repr(visit)
