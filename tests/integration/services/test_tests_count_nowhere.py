"""A visit that only tests the service counts nowhere: neither in the list nor in the line nor among notes."""

from datetime import timedelta

import pytest

from telehealth.domain.note import NoteContent
from telehealth.domain.notices import VisitChanged
from telehealth.services.booking import Booked, BookingRequest
from tests.cast import AMARA, CARDIOLOGY, CARLA, MONDAY, House

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
async def played(house: House) -> Booked:
    """A test whose patient waits for Dr Amara, an hour before anybody else."""
    request = BookingRequest(house.bo.id, CARDIOLOGY, AMARA.id, MONDAY, test=True)
    booked = await house.assembled.services.booking.book(CARLA, request)
    await house.wait(booked)
    return booked


async def test_the_list_and_its_figures_leave_a_test_out(house: House, played: Booked) -> None:
    view = await house.assembled.services.clinic.day(AMARA)
    assert (view.rows, view.tiles.total, view.tiles.waiting) == ([], 0, 0)
    told = [each for each in house.heard.notices if isinstance(each, VisitChanged)]
    assert told
    assert all(each.test for each in told if each.visit_id == played.visit_id)


async def test_nobody_stands_behind_a_test(house: House, played: Booked) -> None:
    services = house.assembled.services
    real = await house.book(LATER)
    bo = await house.wait(real)
    assert (await services.attending.view(bo)).place.ahead == 0
    assert (await services.consulting.visit(AMARA, real.visit_id)).next == []
    mine = await services.consulting.visit(AMARA, played.visit_id)
    assert [row.visit.id for row in mine.next] == [real.visit_id]


async def test_the_note_of_a_test_waits_for_no_signature(house: House, played: Booked) -> None:
    services = house.assembled.services
    await services.consulting.admit(AMARA, played.visit_id)
    await services.consulting.confirm(AMARA, played.visit_id, ("name", "birth-date"), "Here", "+493005550201")
    await services.notes.save(AMARA, played.visit_id, NoteContent(plan="None."), 0)
    assert await services.notes.unsigned(AMARA) == []
