"""A specialist's own calendar: its secret address, what it tells, and to whom it tells nothing."""

import re
from dataclasses import replace
from datetime import datetime

import vobject

from telehealth.domain.appointment import AppointmentStatus
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR
from tests.integration.web.hospital import ADA, ORIGIN, Hospital, Person
from tests.integration.web.journeys import booked
from tests.integration.web.test_move import moved


async def address(person: Person) -> str:
    """The path of a new address."""
    shown = (await person.form("/account/calendar", {})).text
    found = re.search(rf"{ORIGIN}(/calendar/[\w-]{{43}}\.ics)</textarea>", shown)
    assert found, shown
    return found[1]


async def test_the_address_tells_times_and_nothing_of_patients(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara, program = await hospital.staff(AMARA), await hospital.visitor()
    told = await program.get(await address(amara))
    assert told.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert told.headers["Cache-Control"] == "no-store"
    calendar = vobject.readOne(told.text)
    (event,) = calendar.vevent_list
    start = hospital.units.tables.appointments[appointment["id"]].start
    assert (calendar.method.value, event.dtstart.value) == ("PUBLISH", start)
    assert (event.summary.value, event.url.value) == ("Video visit", f"{ORIGIN}/clinic")
    for secret in (BO.name.given, BO.name.family, BO.id, CARDIOLOGY.name, "ardio", appointment["visit"]):
        assert secret not in told.text.replace("\r\n ", "")
    assert hospital.actions()[-1] == "calendar:read"


async def test_it_follows_moves_and_cancellations(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara = await hospital.staff(AMARA)
    path = await address(amara)
    before = vobject.readOne((await amara.get(path)).text).vevent
    start = datetime.fromisoformat(await moved(hospital, appointment))
    after = vobject.readOne((await amara.get(path)).text).vevent
    assert (after.uid.value, after.dtstart.value, after.sequence.value) == (before.uid.value, start, "1")
    await amara.post(f"/api/v1/appointments/{appointment['id']}/cancel")
    assert "BEGIN:VEVENT" not in (await amara.get(path)).text


async def test_held_times_and_tests_are_in_nobodys_calendar(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara = await hospital.staff(AMARA)
    path, tables = await address(amara), hospital.units.tables
    kept = tables.appointments[appointment["id"]]
    for changes in ({"status": AppointmentStatus.PENDING}, {"test": True}):
        tables.appointments[kept.id] = replace(kept, **changes)
        assert "BEGIN:VEVENT" not in (await amara.get(path)).text
        tables = hospital.units.tables


async def test_a_new_address_ends_the_old_one_and_ending_ends_it(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert "End the address" not in (await amara.get("/account")).text
    first = await address(amara)
    second = await address(amara)
    assert [(await amara.get(path)).status for path in (first, second)] == [404, 200]
    assert first.split("/")[2][:43] not in repr(hospital.units.tables)
    assert second.split("/")[2][:43] not in repr(hospital.units.tables)
    assert "End the address" in (await amara.get("/account")).text
    for _ in range(2):
        ended = await amara.form("/account/calendar/end", {})
        assert ended.headers["Location"] == "/account?done=calendar"
    assert "opens nothing any more" in (await amara.get("/account?done=calendar")).text
    assert (await amara.get(second)).status == 404
    made = [each for each in hospital.actions() if each in {"calendar:make", "calendar:end"}]
    assert made == ["calendar:make", "calendar:make", "calendar:end"]


async def test_who_left_has_no_calendar(hospital: Hospital) -> None:
    amara, ada = await hospital.staff(AMARA), await hospital.staff(ADA)
    path = await address(amara)
    await ada.form(f"/people/{AMARA.id}/disable", {})
    assert (await ada.get(path)).status == 404


async def test_a_program_that_asks_too_often_waits(hospital: Hospital) -> None:
    amara, program = await hospital.staff(AMARA), await hospital.visitor()
    path = await address(amara)
    assert [(await program.get(path)).status for _ in range(31)] == [200] * 30 + [429]


async def test_what_is_no_address_is_neither_counted_nor_kept(hospital: Hospital) -> None:
    stranger = await hospital.visitor()
    for text in ("x" * 4000, "x"):
        assert {(await stranger.get(f"/calendar/{text}.ics")).status for _ in range(31)} == {404}


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    await booked(hospital)
    stranger = await hospital.visitor()
    for token in ("x" * 43, "x", "x" * 4000, "%00" * 43, "é" * 43):
        refused = await stranger.get(f"/calendar/{token}.ics")
        assert refused.status == 404
        assert "BEGIN:VCALENDAR" not in refused.text
    for who in (ADA, NOOR):
        person = await hospital.staff(who)
        assert (await person.form("/account/calendar", {})).status == 403
        assert (await person.form("/account/calendar/end", {})).status == 403
        assert "calendar" not in (await person.get("/account")).text
