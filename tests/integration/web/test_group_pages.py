"""Group sessions where people meet them: staff read how many there are, patients of nobody else."""

import re
from dataclasses import replace
from datetime import timedelta

from telehealth.domain.people import Role
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, NOOR, RURAL
from tests.integration.web.hospital import COORDINATOR, Hospital, Person
from tests.integration.web.test_fhir_scheduling import about, operate, taken
from tests.integration.web.test_fhir_slots import schedule_of, slots
from tests.integration.web.test_group import EIGHT, book, grouped
from tests.integration.web.test_own_booking_api import BASE, held, opened

DAY = EIGHT.date().isoformat()


async def proposed(person: Person, patient_id: str) -> list[str]:
    """The proposals by FHIR for the session and the time after it."""
    span = (("start", "valueDateTime", EIGHT.isoformat()), ("end", "valueDateTime", LATER))
    found = await operate(person, "find", *span, about("patient-reference", f"Patient/{patient_id}"))
    assert found.status == 200, found.text
    return [each["resource"]["id"] for each in found.json.get("entry", [])]


LATER = (EIGHT + timedelta(minutes=50)).isoformat()


async def test_other_systems_find_hold_and_book_places_of_a_session(hospital: Hospital) -> None:
    await grouped(hospital, 2)
    kai = await hospital.staff(COORDINATOR)
    first = await proposed(kai, "pat-0")
    assert (await taken(kai, "book", first[0])).status == 200
    assert len(await proposed(kai, "pat-0")) == 1, "not twice"
    second = await proposed(kai, "pat-1")
    assert len(second) == 2
    kept = await taken(kai, "hold", second[0])
    assert kept.status == 200, kept.text
    assert len(await proposed(kai, "pat-2")) == 1, "full with what is held"
    assert (await taken(kai, "book", kept.json["id"])).status == 200


async def test_a_slot_is_free_for_other_systems_while_places_are_left(hospital: Hospital) -> None:
    amara = await grouped(hospital, 2)
    kai = await hospital.staff(COORDINATOR)
    agenda, words = await schedule_of(kai), []
    for number in range(3):
        found = await slots(kai, agenda, ("start", f"ge{EIGHT.isoformat()}"), ("start", f"lt{LATER}"))
        words.append([each["status"] for each in found])
        await book(amara, number)
    assert words == [["free", "free"], ["free", "free"], ["busy", "free"]]


async def test_staff_read_how_many_places_are_left_and_how_many_are_together(hospital: Hospital) -> None:
    amara = await grouped(hospital, 8)
    for number in range(3):
        assert (await book(amara, number)).status == 201
    kai = await hospital.staff(COORDINATOR)
    asked = {"patient": "pat-3", "service": CARDIOLOGY.id, "practitioner": AMARA.id, "day": DAY}
    page = (await kai.get("/book", params=asked)).text
    assert page.count("5 places left") == 1
    assert page.count("8 places left") > 1
    board = (await kai.get(f"/board/{AMARA.id}", params={"day": DAY})).text
    assert board.count("Group, 3 of 8") == 3
    shown = (await amara.get("/api/v1/clinic", params={"date": DAY})).json["rows"]
    assert [(each["together"], each["places"]) for each in shown] == [(3, 8)] * 3
    away = (await kai.get("/absence", params={"practitioner": AMARA.id, "first": DAY})).text
    assert away.count("Group, 3 of 8") == 3


async def test_who_is_seen_alone_reads_of_no_group(hospital: Hospital) -> None:
    amara = await grouped(hospital, 1)
    assert (await book(amara, 0)).status == 201
    board = (await amara.get(f"/board/{AMARA.id}", params={"day": DAY})).text
    assert "Group" not in board
    assert (await amara.get("/api/v1/clinic", params={"date": DAY})).json["rows"][0]["together"] == 0


async def test_two_whom_nobody_knows_hold_places_of_one_session(hospital: Hospital) -> None:
    dawit = await opened(hospital)
    service = hospital.units.tables.services[CARDIOLOGY.id]
    hospital.units.tables.services[CARDIOLOGY.id] = replace(service, capacity=2)
    one = await held(dawit)
    two = await held(await hospital.visitor())
    assert one["start"] == two["start"]
    left = (await (await hospital.visitor()).get(f"{BASE}/slots", params={"count": 5})).json["slots"]
    assert one["start"] not in {each["start"] for each in left}
    assert "places_left" not in left[0], "nobody learns how many others there are"


async def test_a_patient_reads_that_others_come_and_nothing_of_them(hospital: Hospital) -> None:
    amara = await grouped(hospital, 8)
    dawit = await opened(hospital)
    assert (await book(amara, 0)).status == 201
    page = (await dawit.get(f"/s/{CARDIOLOGY.id}")).text
    assert "This visit is for a group. Others come at the same time." in page
    assert "places left" not in page
    alone = replace(hospital.units.tables.services[CARDIOLOGY.id], capacity=1)
    hospital.units.tables.services[CARDIOLOGY.id] = alone
    assert "for a group" not in (await dawit.get(f"/s/{CARDIOLOGY.id}")).text


async def test_staff_move_and_cancel_the_whole_group_by_its_pages(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    made = [(await book(amara, number)).json for number in range(2)]
    kai = await hospital.staff(COORDINATOR)
    path, start = f"/move/{made[0]['visit']}", (EIGHT + timedelta(minutes=25)).isoformat()
    page = (await kai.get(path, params={"start": start})).text
    assert "The whole group: all 2 patients. Each is told." in page
    sent = {"start": start, "version": "0", "once": key_in(page), "whole": "true"}
    assert (await kai.form(path, sent)).status == 303
    shown = (await amara.get("/api/v1/clinic", params={"date": DAY})).json["rows"]
    assert [(each["start"][11:16], each["together"]) for each in shown] == [("07:25", 2)] * 2
    page = (await kai.get(f"/cancel/{made[1]['visit']}")).text
    assert "The whole group: all 2 patients." in page
    assert (await kai.form(f"/cancel/{made[1]['visit']}", {"whole": "true"})).status == 303
    for each in made:
        assert (await kai.get(f"/api/v1/appointments/{each['id']}")).json["status"] == "cancelled"


async def test_the_whole_group_moves_and_is_cancelled_by_the_api(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    made = [(await book(amara, number)).json for number in range(2)]
    where, start = f"/api/v1/appointments/{made[0]['id']}", (EIGHT + timedelta(minutes=25)).isoformat()
    assert (await amara.post(f"{where}/move", {"start": start, "version": 0, "whole": True})).status == 200
    other = (await amara.get(f"/api/v1/appointments/{made[1]['id']}")).json
    assert other["start"][11:16] == "07:25"
    assert (await amara.post(f"{where}/cancel", {"whole": True})).json["status"] == "cancelled"
    assert (await amara.get(f"/api/v1/appointments/{made[1]['id']}")).json["status"] == "cancelled"


async def test_a_clinic_that_manages_one_of_a_group_is_not_offered_the_others(hospital: Hospital) -> None:
    amara = await grouped(hospital)
    hospital.units.tables.practitioners[NOOR.id] = replace(NOOR, role=Role.COORDINATOR)
    noor = await hospital.staff(NOOR)
    async with hospital.units.writing() as uow:
        await uow.patients.add(replace(BO, id="pat-rural", organization_id=RURAL.id))
    mine = (await book(noor, 0, patient_id="pat-rural")).json
    await book(amara, 1)
    page = (await noor.get(f"/cancel/{mine['visit']}")).text
    assert "Group, 2 of 3" in page
    assert "The whole group" not in page
    refused = await noor.post(f"/api/v1/appointments/{mine['id']}/cancel", {"whole": True})
    assert refused.status in {403, 404}
    assert (await amara.get(f"/api/v1/appointments/{mine['id']}")).json["status"] == "booked"


def key_in(page: str) -> str:
    """The hidden key that makes a second press harmless."""
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]
