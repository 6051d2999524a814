"""How both sides begin a call on a line that the patient has checked: told with seat and admission."""

from datetime import timedelta

from telehealth.domain.access import Actor
from telehealth.domain.beginnings import JUST_BEGUN, KNOWN_FOR
from telehealth.domain.line_check import Figures, RelayReached, Way
from telehealth.domain.notices import VisitChanged
from telehealth.domain.seating import Beginning
from tests.cast import AMARA, House

UPHILL = Figures(
    way=Way.DIRECT,
    up=80_000,
    down=900_000,
    trip=90,
    jitter=4,
    loss=0,
    relay=RelayReached.UDP,
    camera=True,
    microphone=True,
)
"""Narrow in one direction only."""


async def begins(house: House, actor: Actor, visit: str) -> Beginning | None:
    return (await house.assembled.doorkeeper.seat(actor, visit)).begins


def told(house: House) -> Beginning | None:
    news = house.heard.notices[-1]
    assert isinstance(news, VisitChanged)
    return news.begins


async def test_who_is_let_in_begins_without_the_picture_that_their_line_does_not_carry(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.line_checks.keep(bo, UPHILL)
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    assert told(house) == Beginning(picture=False)
    assert await begins(house, bo, booked.visit_id) == Beginning(picture=False)
    assert await begins(house, AMARA, booked.visit_id) is None, "what comes down is wide enough"


async def test_a_prepared_call_begins_so_too(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.attending.device(bo, "ready")
    await house.assembled.services.line_checks.keep(bo, UPHILL)
    seat = await house.assembled.doorkeeper.prepared_seat(bo, booked.visit_id)
    assert seat.begins == Beginning(picture=False)


async def test_a_check_of_another_day_and_a_call_that_is_on_tell_nothing(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.line_checks.keep(bo, UPHILL)
    house.clock.at += KNOWN_FOR
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    assert await begins(house, bo, booked.visit_id) == Beginning(picture=False)
    house.clock.at += JUST_BEGUN + timedelta(seconds=1)
    assert await begins(house, bo, booked.visit_id) is None


async def test_without_a_check_a_call_begins_as_usual(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    assert told(house) is None
    assert await begins(house, bo, booked.visit_id) is None
