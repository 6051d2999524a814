"""Waiting lists longer than one look: the longest waiting is next, and a lost race costs nobody a round."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from telehealth.domain.waitlist import EVERY_DAY, Waiting
from telehealth.services.booking import Booked
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from tests.bench.statements import counted
from tests.cast import CARDIOLOGY, HOSPITAL, MONDAY, House
from tests.integration.services.test_waitlist import DAY, TUESDAY, freed, full, lines, rounds, waits

__all__ = ["full"]
MANY, FEW = 1200, 10


async def many(house: House, places: range, coming: Sequence[int]) -> None:
    """So many wait, the first longest; of them only those at these places can come on a Tuesday."""
    async with house.assembled.opened.storage.writing() as uow:
        for place in places:
            person = replace(house.bo, id=f"row-{place:04}", identifiers=())
            await uow.patients.add(person)
            days = EVERY_DAY if place in coming else (1,)
            since, first = MONDAY - 2 * DAY + timedelta(minutes=place), MONDAY.date()
            parts = (CARDIOLOGY, person.id, "", first, first + 6 * DAY, days, 2, since)
            await uow.waitlist.add(Waiting(f"wish-{place:04}", HOSPITAL, HOSPITAL, *parts))


async def offered(house: House) -> list[str]:
    """To whom something is offered now."""
    async with house.assembled.opened.storage.reading() as uow:
        offers = await uow.waitlist.offers_of([f"wish-{place:04}" for place in range(MANY)])
    return sorted(each.waiting_id for each in offers)


@pytest.mark.timeout(180)
async def test_of_more_than_a_thousand_the_longest_waiting_is_next_in_every_round(
    house: House, full: Booked
) -> None:
    await many(house, range(MANY), coming=(3, 1050))
    assert await rounds(house) == 0
    await freed(house, full)
    assert await rounds(house) == 1
    assert await offered(house) == ["wish-0003"]
    house.clock.pass_by(hours=2)
    assert await rounds(house) == 1
    assert await offered(house) == ["wish-0003", "wish-1050"]


@pytest.mark.timeout(180)
async def test_a_round_asks_as_much_for_a_thousand_as_for_ten(house: House, full: Booked) -> None:
    """What is free is looked up once for all, and what else decides for a thousand wishes at once."""
    asked = []
    for places in (range(FEW), range(FEW, MANY)):
        await many(house, places, coming=places)
        with counted(house.assembled.opened.storage) as statements:
            assert await rounds(house) == 0
        asked.append(len(statements))
    assert asked[1] <= 2 * asked[0], "two looks at a thousand wishes each"


async def test_who_loses_a_race_for_a_time_is_offered_the_next_at_once(
    house: House, full: Booked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.assembled.opened.storage.writing() as uow:
        (rule,) = await uow.directory.hours()
        end = (datetime.combine(TUESDAY, rule.end) + timedelta(minutes=20)).time()
        await uow.directory.add_hours(replace(rule, id="wednesday", weekday=3, end=end))
    await waits(house, "Cleo", "02")
    await waits(house, "Dov", "03")
    await freed(house, full)
    look = SlotFinder.onward

    async def then_somebody_books(
        self: SlotFinder, query: SlotQuery
    ) -> tuple[list[FreeSlot], datetime | None]:
        found = await look(self, query)
        monkeypatch.setattr(SlotFinder, "onward", look)
        await house.book(TUESDAY)
        return found

    monkeypatch.setattr(SlotFinder, "onward", then_somebody_books)
    assert await rounds(house) == 2
    found = await lines(house)
    starts = [line.open.start for name in ("Cleo", "Dov") if (line := found[name]).open]
    assert starts == [TUESDAY + DAY, TUESDAY + DAY + timedelta(minutes=20)]
