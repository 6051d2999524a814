"""A visit by phone: asked for at any moment, kept sealed, done and signed like every other, taken back."""

import json
from dataclasses import replace

import pytest

from telehealth.domain.consultation import Device, VisitStatus
from telehealth.domain.errors import BadInput, NotFound, NotPermitted, VisitClosed, WrongState
from telehealth.domain.note import NoteContent, Outcome
from telehealth.domain.notices import VisitChanged
from tests.cast import AMARA, CY, NOOR, House

OTHER = "+49 30 555 0999"


async def row_of(house: House) -> tuple[str, str, str]:
    """The clinic's line: status, what the device column says, the number to phone."""
    day = await house.assembled.services.clinic.day(AMARA)
    visit = day.rows[0].visit
    return visit.status, visit.device, visit.call_on


async def test_who_asks_is_in_line_and_the_clinic_reads_the_number(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.arrive(await house.book())
    await attending.ask_phone(bo, OTHER)
    assert await row_of(house) == (VisitStatus.WAITING, Device.PHONE, OTHER)
    told = house.heard.notices[-1]
    assert isinstance(told, VisitChanged)
    assert (told.status, told.device) == ("waiting", "phone")
    assert (await attending.view(bo)).call_on == OTHER


async def test_the_number_on_file_is_not_told_to_whoever_holds_the_link(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.arrive(await house.book())
    assert (await attending.view(bo)).own_phone == f"•••• {house.bo.phone[-4:]}"
    await attending.ask_phone(bo, "")
    assert (await row_of(house))[2] == house.bo.phone
    assert (await attending.view(bo)).call_on == f"•••• {house.bo.phone[-4:]}"


async def test_digits_of_any_script_are_dialled(house: House) -> None:
    bo = await house.arrive(await house.book())
    await house.assembled.services.attending.ask_phone(bo, " +٤٩ ٣٠ ٥٥٥ ٠٩٩٩ ")
    assert (await row_of(house))[2] == OTHER


@pytest.mark.parametrize("number", ["my number", "12", "+49 30 555 0999 extension 7", "+" + "1" * 30])
async def test_what_cannot_be_dialled_is_refused(house: House, number: str) -> None:
    bo = await house.arrive(await house.book())
    with pytest.raises(BadInput):
        await house.assembled.services.attending.ask_phone(bo, number)
    assert (await row_of(house))[0] == VisitStatus.ARRIVED


async def test_a_person_without_a_number_has_to_type_one(house: House) -> None:
    async with house.assembled.opened.storage.writing() as uow:
        mute = replace(house.bo, id="mute", phone="", email="mute@patients.example")
        await uow.patients.add(mute)
    bo = await house.arrive(await house.book(patient=mute))
    with pytest.raises(BadInput):
        await house.assembled.services.attending.ask_phone(bo, "")


async def test_asking_again_keeps_the_place_and_takes_the_newer_number(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.wait(await house.book())
    since = (await attending.view(bo)).visit.waiting_at
    house.clock.pass_by(minutes=5)
    first = await attending.ask_phone(bo, OTHER)
    assert await attending.ask_phone(bo, OTHER) == first
    await attending.ask_phone(bo, "")
    after = (await attending.view(bo)).visit
    assert (after.waiting_at, after.call_on) == (since, house.bo.phone)


async def test_no_later_device_report_hides_the_wish(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.arrive(await house.book())
    await attending.ask_phone(bo, OTHER)
    await attending.device(bo, Device.BLOCKED)
    assert (await row_of(house))[1] == Device.PHONE
    with pytest.raises(BadInput):
        await attending.device(bo, Device.PHONE)


async def test_the_wish_is_taken_back_and_the_place_stays(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.arrive(await house.book())
    await attending.ask_phone(bo, OTHER)
    dropped = await attending.drop_phone(bo)
    assert await attending.drop_phone(bo) == dropped
    assert await row_of(house) == (VisitStatus.WAITING, Device.UNKNOWN, "")


async def test_a_running_call_goes_over_to_the_phone_and_is_signed_as_always(house: House) -> None:
    services = house.assembled.services
    booked = await house.book()
    bo = await house.wait(booked)
    await house.admit(booked)
    await services.attending.ask_phone(bo, OTHER)
    assert (await row_of(house))[0] == VisitStatus.IN_PROGRESS
    text = NoteContent(history="Cough", plan="Rest", outcome=Outcome.NO_FOLLOW_UP)
    draft = await services.notes.save(AMARA, booked.visit_id, text, 0)
    await services.notes.sign(AMARA, booked.visit_id, draft.version)
    await services.consulting.end(AMARA, booked.visit_id)
    async with house.assembled.opened.storage.reading() as uow:
        stored = await uow.record.get("Encounter", booked.visit_id)
    assert stored is not None
    encounter = json.loads(stored.text)
    assert encounter["class"]["code"] == "VR"
    assert encounter["type"][0]["coding"][0]["code"] == "PHONE"
    with pytest.raises(VisitClosed):
        await services.attending.ask_phone(bo, OTHER)


@pytest.mark.parametrize("came", ["not yet", "arrived", "waiting"])
async def test_the_specialist_phones_whoever_cannot_come_by_video(house: House, came: str) -> None:
    consulting = house.assembled.services.consulting
    booked = await house.book()
    if came == "arrived":
        await house.arrive(booked)
    elif came == "waiting":
        await house.wait(booked)
    phoned = await consulting.phone(AMARA, booked.visit_id)
    assert await row_of(house) == (VisitStatus.IN_PROGRESS, Device.PHONE, house.bo.phone)
    assert bool(phoned.consent_at) == (came == "waiting"), "to be called is no consent of theirs"
    assert await consulting.phone(AMARA, booked.visit_id) == phoned
    told = house.heard.notices[-1]
    assert isinstance(told, VisitChanged)
    assert (told.status, told.device) == ("in-progress", "phone")
    await consulting.end(AMARA, booked.visit_id)
    with pytest.raises(WrongState):
        await consulting.phone(AMARA, booked.visit_id)


async def test_who_asked_for_another_number_is_phoned_on_that_one(house: House) -> None:
    booked = await house.book()
    await house.assembled.services.attending.ask_phone(await house.arrive(booked), OTHER)
    assert (await house.assembled.services.consulting.phone(AMARA, booked.visit_id)).call_on == OTHER


async def test_nobody_is_phoned_without_a_number_or_by_a_stranger(house: House) -> None:
    async with house.assembled.opened.storage.writing() as uow:
        mute = replace(house.bo, id="mute", phone="", email="mute@patients.example")
        await uow.patients.add(mute)
    booked = await house.book(patient=mute)
    consulting = house.assembled.services.consulting
    with pytest.raises(WrongState):
        await consulting.phone(AMARA, booked.visit_id)
    for stranger, refusal in ((CY, NotFound), (NOOR, NotPermitted)):
        with pytest.raises(refusal):
            await consulting.phone(stranger, booked.visit_id)
    assert (await row_of(house))[0] == VisitStatus.BOOKED


async def test_a_stranger_is_refused(house: House) -> None:
    attending = house.assembled.services.attending
    booked = await house.book()
    bo = await house.arrive(booked)
    for stranger in (CY, AMARA, replace(bo, visit_id="")):
        with pytest.raises((NotFound, NotPermitted)):
            await attending.ask_phone(stranger, OTHER)
        with pytest.raises((NotFound, NotPermitted)):
            await attending.drop_phone(stranger)
    assert (await row_of(house))[2] == ""


async def test_both_steps_are_entered_and_the_number_is_in_no_entry(house: House) -> None:
    attending = house.assembled.services.attending
    bo = await house.arrive(await house.book())
    await attending.ask_phone(bo, OTHER)
    await attending.drop_phone(bo)
    async with house.assembled.opened.storage.reading() as uow:
        entries = await uow.audit.entries(patient_id=house.bo.id)
    said = [str(entry.action) for entry in entries]
    assert {"visit:phone:ask", "visit:phone:drop"} <= set(said)
    assert not [entry for entry in entries if OTHER in entry.canonical().decode()]
