"""A link in the wrong hands: whoever says so is out at once, and its own person still comes in."""

from dataclasses import replace

import pytest

from telehealth.domain.errors import NotFound, NotPermitted
from telehealth.domain.notices import SessionsEnded
from tests.cast import AMARA, CY, House


async def test_the_stranger_is_out_and_bo_comes_in_as_if_nobody_had_been_there(house: House) -> None:
    joining = house.assembled.services.joining
    booked = await house.book()
    stranger = await house.wait(booked)
    await house.assembled.services.misdirected.not_me(stranger)
    assert SessionsEnded((stranger.session_id,)) in house.heard.notices
    async with house.assembled.opened.storage.reading() as uow:
        sessions = await uow.visits.sessions_of(booked.visit_id)
        visit = await uow.visits.get(booked.visit_id)
    assert [session.ended_at for session in sessions] == [house.clock.at]
    assert visit is not None
    assert (visit.bound_to, visit.asked_by) == (None, None)
    bo = await house.wait(booked)
    async with house.assembled.opened.storage.reading() as uow:
        visit = await uow.visits.get(booked.visit_id)
    assert visit is not None
    assert visit.serves(bo.session_id)
    assert await joining.look(booked.join_url.partition("#")[2])


async def test_it_is_entered_once_and_names_nobody(house: House) -> None:
    stranger = await house.arrive(await house.book())
    await house.assembled.services.misdirected.not_me(stranger)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=house.bo.id)
    (entry,) = [each for each in entries if each.action == "link:not-mine"]
    assert entry.session_id == stranger.session_id
    assert house.bo.name.family not in entry.canonical().decode()


async def test_a_stranger_is_refused(house: House) -> None:
    bo = await house.arrive(await house.book())
    for other in (AMARA, CY, replace(bo, visit_id="")):
        with pytest.raises((NotFound, NotPermitted)):
            await house.assembled.services.misdirected.not_me(other)
