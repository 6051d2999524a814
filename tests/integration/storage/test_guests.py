"""Guests as rows, one contract for fake and real: found by link, changed in turn, their names sealed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.errors import StaleVersion
from telehealth.domain.guests import GuestEvent, GuestState
from telehealth.services.ports import Units
from tests.integration.storage import cast
from tests.integration.storage.cast import NOW
from tests.integration.storage.test_fakes import kind, units

__all__ = ["kind", "units"]


async def test_a_guest_comes_back_to_the_letter(units: Units) -> None:
    lina, interpreter = cast.guest(), cast.guest(2)
    async with units.writing() as uow:
        assert await uow.guests.of_visit(lina.visit_id) == []
        await uow.guests.add(interpreter)
        await uow.guests.add(lina)
    async with units.reading() as uow:
        assert await uow.guests.get(lina.id) == lina
        assert await uow.guests.by_token(interpreter.digest) == interpreter
        assert await uow.guests.of_visit(lina.visit_id) == [lina, interpreter]
        assert await uow.guests.get("nobody") is None
        assert await uow.guests.by_token(b"no link") is None


async def test_steps_are_written_one_after_the_other(units: Units) -> None:
    lina = cast.guest()
    opened = lina.open(b"cookie", NOW + timedelta(minutes=1))
    waiting = opened.step(GuestEvent.WAIT, NOW + timedelta(minutes=2))
    admitted = waiting.let_in(7, NOW + timedelta(minutes=3))
    async with units.writing() as uow:
        await uow.guests.add(lina)
        await uow.guests.save(opened)
        await uow.guests.save(waiting)
        await uow.guests.save(admitted)
    for stale in (opened, waiting, replace(admitted, version=5)):
        with pytest.raises(StaleVersion):
            async with units.writing() as uow:
                await uow.guests.save(stale)
    async with units.reading() as uow:
        found = await uow.guests.get(lina.id)
    assert found == admitted
    assert (found.state, found.hears_after) == (GuestState.ADMITTED, 7)


async def test_all_who_came_are_invited_anew_and_nobody_who_was_removed(units: Units) -> None:
    invited = cast.guest()
    opened = replace(cast.guest(2).open(b"cookie", NOW), version=0)
    removed = replace(cast.guest(3).step(GuestEvent.REMOVE, NOW), version=0)
    later = NOW + timedelta(minutes=1)
    async with units.writing() as uow:
        for each in (invited, opened, removed):
            await uow.guests.add(each)
        assert await uow.guests.invite_all_anew(later) == 1
    anew = replace(opened, state=GuestState.INVITED, since=later, session_digest=None, version=1)
    async with units.reading() as uow:
        assert await uow.guests.of_visit(invited.visit_id) == [invited, anew, removed]


async def test_a_number_is_given_once_in_a_visit(units: Units) -> None:
    async with units.writing() as uow:
        await uow.guests.add(cast.guest())
    with pytest.raises(StaleVersion):
        async with units.writing() as uow:
            await uow.guests.add(replace(cast.guest(2), number=1))
