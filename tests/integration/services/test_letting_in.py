"""Whom an admission lets into a call: the patient's device, and nobody where the visit goes by phone."""

from telehealth.domain.notices import VisitChanged
from tests.cast import AMARA, House


def told(house: House) -> VisitChanged:
    news = house.heard.notices[-1]
    assert isinstance(news, VisitChanged)
    return news


async def test_an_admission_names_the_device_that_waits_and_no_other(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.wait(booked)  # a second browser asks
    assert told(house).lets_in == ""
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    assert (told(house).status, told(house).lets_in) == ("in-progress", bo.session_id)


async def test_what_changes_later_lets_nobody_in_anew(house: House) -> None:
    booked = await house.book()
    bo = await house.wait(booked)
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    await house.assembled.doorkeeper.presence(bo, booked.visit_id, here=True)
    assert (told(house).status, told(house).lets_in) == ("in-progress", "")


async def test_who_asked_to_be_phoned_is_let_into_no_call(house: House) -> None:
    booked = await house.book()
    await house.assembled.services.attending.ask_phone(await house.arrive(booked), "")
    await house.assembled.services.consulting.admit(AMARA, booked.visit_id)
    assert (told(house).status, told(house).lets_in) == ("in-progress", "")
