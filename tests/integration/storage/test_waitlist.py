"""Waiting lists as rows, one contract for fake and real: once a service, one open offer a wish."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.outbox import WAITLIST_OFFER, Channel, Delivery
from telehealth.domain.waitlist import Offer, OfferState, Sought, Waiting, WaitStatus
from telehealth.services.ports import Units
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOW, RURAL, message
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]

HOUR = timedelta(hours=1)
DAYS = (NOW.date(), NOW.date() + timedelta(days=9))
BO_WAITS = Waiting("wait-bo", HOSPITAL.id, RURAL.id, CARDIOLOGY.id, BO.id, AMARA.id, *DAYS, (1, 3), 24, NOW)
CY_WAITS = Waiting("wait-cy", HOSPITAL.id, HOSPITAL.id, CARDIOLOGY.id, CY.id, "", *DAYS, (1,), 0, NOW - HOUR)
DOV = replace(CY, id="pat-dov", identifiers=())
FIRST = Offer(
    "offer-1", "wait-bo", BO.id, "appointment-1", AMARA.id, NOW + 30 * HOUR, NOW + HOUR, NOW, b"one", b"1"
)


async def test_a_wish_comes_back_to_the_letter_and_once_over_it_is_gone(units: Units) -> None:
    async with units.writing() as uow:
        await uow.waitlist.add(BO_WAITS)
        await uow.waitlist.add(CY_WAITS)
    async with units.reading() as uow:
        assert await uow.waitlist.get(BO_WAITS.id) == BO_WAITS
        assert await uow.waitlist.all() == await uow.waitlist.of(HOSPITAL.id) == [CY_WAITS, BO_WAITS]
        assert await uow.waitlist.of(RURAL.id) == [BO_WAITS]
        assert await uow.waitlist.of("org-elsewhere") == []
    left = BO_WAITS.end(WaitStatus.LEFT)
    async with units.writing() as uow:
        await uow.waitlist.save(left)
    async with units.reading() as uow:
        assert (await uow.waitlist.all(), await uow.waitlist.get(left.id)) == ([CY_WAITS], left)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.waitlist.save(left)


async def test_some_of_a_list_are_sought_by_patient_by_practitioner_and_behind_others(units: Units) -> None:
    together = replace(CY_WAITS, id="wait-dov", patient_id=DOV.id)
    async with units.writing() as uow:
        await uow.patients.add(DOV)
        for each in (BO_WAITS, CY_WAITS, together):
            await uow.waitlist.add(each)
    for sought, found in (
        (Sought(patient_id=CY.id), [CY_WAITS]),
        (Sought(practitioner_id=AMARA.id), [BO_WAITS]),
        (Sought(count=1), [CY_WAITS]),
        (Sought(after=(CY_WAITS.since, CY_WAITS.id)), [together, BO_WAITS]),
        (Sought(after=(together.since, together.id), count=1), [BO_WAITS]),
        (Sought(after=(BO_WAITS.since, BO_WAITS.id)), []),
    ):
        async with units.reading() as uow:
            assert await uow.waitlist.of(HOSPITAL.id, sought) == found
    async with units.reading() as uow:
        totals = [await uow.waitlist.number(HOSPITAL.id, Sought(each, count=1)) for each in ("", CY.id)]
    assert totals == [3, 1], "however few are shown"


async def test_nobody_waits_twice_for_a_service(units: Units) -> None:
    async with units.writing() as uow:
        await uow.waitlist.add(BO_WAITS)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.waitlist.add(replace(BO_WAITS, id="again"))
    async with units.writing() as uow:
        await uow.waitlist.save(BO_WAITS.end(WaitStatus.LEFT))
        await uow.waitlist.add(replace(BO_WAITS, id="again"))


async def test_one_offer_is_open_at_a_time_and_found_by_link_and_code(units: Units) -> None:
    later = replace(FIRST, id="offer-2", made_at=NOW + HOUR, digest=b"two", code_digest=b"2")
    async with units.writing() as uow:
        await uow.waitlist.add(BO_WAITS)
        await uow.waitlist.add_offer(FIRST)
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.waitlist.add_offer(later)
    async with units.reading() as uow:
        assert await uow.waitlist.offer(FIRST.id) == await uow.waitlist.by_link(b"one") == FIRST
        assert (await uow.waitlist.by_code(b"1"), await uow.waitlist.by_code(b"one")) == (FIRST, None)
        assert await uow.waitlist.run_out(FIRST.expires_at - timedelta(seconds=1)) == []
        assert await uow.waitlist.run_out(FIRST.expires_at) == [FIRST]
    over = FIRST.close(OfferState.EXPIRED)
    async with units.writing() as uow:
        await uow.waitlist.save_offer(over)
        await uow.waitlist.add_offer(later)
    async with units.reading() as uow:
        assert await uow.waitlist.offers_of([BO_WAITS.id]) == [later, over]
        assert await uow.waitlist.offers_of([]) == []
        assert await uow.waitlist.run_out(FIRST.expires_at) == [later]
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.waitlist.save_offer(over)


FAILED, BOUNCED, SENT, DUE = Delivery.FAILED, Delivery.BOUNCED, Delivery.SENT, Delivery.DUE
OPEN, EXPIRED, DECLINED = OfferState.OPEN, OfferState.EXPIRED, OfferState.DECLINED


@pytest.mark.parametrize(
    "states, stands, lost",
    [
        ((), OPEN, False),
        ((FAILED, BOUNCED), OPEN, True),
        ((FAILED,), EXPIRED, True),
        ((FAILED, SENT), EXPIRED, False),
        ((BOUNCED, DUE), OPEN, False),
        ((FAILED, BOUNCED), DECLINED, False),
    ],
)
async def test_an_offer_reached_nobody_where_every_way_is_lost_and_none_answered(
    units: Units, states: tuple[Delivery, ...], stands: OfferState, lost: bool
) -> None:
    told = [
        replace(
            message(way, way), template=WAITLIST_OFFER, visit_id="", offer_id=FIRST.id, state=state, values={}
        )
        for way, state in zip(Channel, states, strict=False)
    ]
    async with units.writing() as uow:
        await uow.waitlist.add(BO_WAITS)
        await uow.waitlist.add_offer(replace(FIRST, state=stands))
        await uow.outbox.put(*told)
    async with units.reading() as uow:
        assert await uow.waitlist.unreached([BO_WAITS.id]) == ({FIRST.id} if lost else set())
        assert await uow.waitlist.unreached([CY_WAITS.id]) == set()
        assert await uow.outbox.of_offers([FIRST.id]) == sorted(told, key=lambda each: each.id)
        assert await uow.outbox.of_offers([]) == []
