"""How visits take place, at the surface: by video, assisted, by phone; offered, found and booked."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.modality import Modality
from telehealth.domain.resources import Resource
from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, WARD
from tests.integration.web.hospital import ADA, LINK_SECRET, Hospital, Person
from tests.integration.web.journeys import booked
from tests.integration.web.test_book_new_pages import TIMES, WHO, kept
from tests.integration.web.test_change import BORN, changing, hidden
from tests.integration.web.test_rooms_page import links

MORNING = {"start": "2026-11-24T08:00:00Z", "end": "2026-11-24T10:00:00Z"}
ASKED = {"service": CARDIOLOGY.id, **MORNING}
GRID = ["08:15", "08:40", "09:05", "09:30"]
ROOM = Resource("room-1", HOSPITAL.id, WARD.id, ResourceKind.ROOM, "Room 1", after_minutes=10)
WISH = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "start": "2026-11-24T08:40:00Z"}
TERMS = {"before_minutes": 0, "buffer_minutes": 5, "notice_minutes": 0, "horizon_days": 366, "version": 0}
PAGE = f"/book?patient={BO.id}&service={CARDIOLOGY.id}&practitioner={AMARA.id}"
ALL = tuple(Modality)


async def offered(hospital: Hospital, *ways: Modality, room: bool = True) -> None:
    """The heart consultation in these ways, and a room that is cleaned for ten minutes."""
    async with hospital.units.writing() as uow:
        await uow.directory.save_service(replace(CARDIOLOGY, modalities=ways, version=1))
        if room:
            await uow.resources.add(ROOM)


async def starts(person: Person, **more: str) -> list[str]:
    found = await person.get("/api/v1/slots", params=ASKED | more)
    assert found.status == 200, found.text
    return [each["start"][11:16] for each in found.json["slots"]]


async def refused(person: Person, path: str, body: dict[str, Any]) -> tuple[int, str, str]:
    answer = await person.post(path, body)
    assert "errors" in answer.json, answer.text
    (error,) = answer.json["errors"]
    return answer.status, error["field"], error["code"]


async def test_times_are_found_in_each_way(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    assert await starts(amara) == GRID
    assert await starts(amara, modality="video") == GRID
    assert await starts(amara, modality="phone") == GRID
    assert await starts(amara, modality="assisted", room=WARD.id) == GRID
    taken = await amara.post("/api/v1/appointments", WISH | {"modality": "assisted", "room": WARD.id})
    assert taken.status == 201, taken.text
    assert await starts(amara, modality="phone") == ["08:15", "09:05", "09:30"]
    assert await starts(amara, modality="assisted", room=WARD.id) == ["09:30"], "it is cleaned"


async def test_a_way_that_is_not_offered_and_one_without_a_room_are_refused(hospital: Hospital) -> None:
    await offered(hospital, Modality.VIDEO, Modality.ASSISTED)
    amara = await hospital.staff(AMARA)
    phone = await amara.get("/api/v1/slots", params=ASKED | {"modality": "phone"})
    assert (phone.status, phone.json["errors"][0]["field"]) == (422, "modality")
    nowhere = await amara.get("/api/v1/slots", params=ASKED | {"modality": "assisted"})
    assert (nowhere.status, nowhere.json["errors"][0]["field"]) == (422, "room")
    for path in ("/api/v1/appointments", "/api/v1/holds"):
        assert await refused(amara, path, WISH | {"modality": "phone"}) == (422, "modality", "not-offered")
        assert await refused(amara, path, WISH | {"modality": "assisted"}) == (422, "room", "missing")


@pytest.mark.parametrize(
    "ways, said",
    [((Modality.VIDEO, Modality.PHONE), "video"), ((Modality.PHONE,), "phone")],
)
async def test_who_says_nothing_has_the_first_way(
    hospital: Hospital, ways: tuple[Modality, ...], said: str
) -> None:
    await offered(hospital, *ways)
    amara = await hospital.staff(AMARA)
    booked = await amara.post("/api/v1/appointments", WISH)
    assert (booked.status, booked.json["modality"]) == (201, said)
    shown = await amara.get(f"/api/v1/appointments/{booked.json['id']}")
    assert shown.json["modality"] == said


async def test_nobody_is_to_be_phoned_without_a_number(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    mute = replace(hospital.units.tables.patients[BO.id], phone="")
    hospital.units.tables.patients[BO.id] = mute
    amara = await hospital.staff(AMARA)
    wish = WISH | {"modality": "phone"}
    assert await refused(amara, "/api/v1/appointments", wish) == (422, "modality", "no-number")
    fields = WISH | {"modality": "phone", "once": "first-press-of-this-form"}
    page = await amara.form("/book", fields)
    assert (page.status, 'id="modality-error"' in page.text) == (422, True)
    assert '<option value="phone" selected>' in page.text
    checked = (await amara.get(f"{PAGE}&modality=phone&start={WISH['start']}")).text
    assert ("There is no phone number on file." in checked, "Book this visit" in checked) == (True, False)


@pytest.mark.parametrize("way", ["", "video", "phone"])
async def test_a_visit_is_repeated_in_whatever_way_it_takes_place(hospital: Hospital, way: str) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    checked = (await amara.get(f"{PAGE}&modality={way}&start={WISH['start']}")).text
    assert "Repeat this visit" in checked


async def test_what_is_held_is_booked_as_it_is_held(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    held = await amara.post("/api/v1/holds", WISH | {"modality": "phone"})
    assert held.json["modality"] == "phone"
    taken = WISH | {"hold_id": held.json["id"]}
    assert (await amara.post("/api/v1/appointments", taken | {"modality": "video"})).status == 404
    booked = await amara.post("/api/v1/appointments", taken)
    assert (booked.status, booked.json["modality"]) == (201, "phone")


async def test_a_visit_that_is_moved_takes_place_in_its_own_way_still(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    booked = (await amara.post("/api/v1/appointments", WISH | {"modality": "assisted", "room": WARD.id})).json
    async with hospital.units.writing() as uow:
        await uow.directory.save_service(replace(CARDIOLOGY, version=2))
    later = {"start": "2026-11-24T09:30:00Z", "version": booked["version"]}
    moved = await amara.post(f"/api/v1/appointments/{booked['id']}/move", later)
    assert (moved.status, moved.json["modality"]) == (200, "assisted")
    assert [each["name"] for each in moved.json["resources"]] == ["Room 1"]


async def test_an_administrator_says_in_which_ways_a_service_is_offered(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    path = f"/api/v1/services/{CARDIOLOGY.id}/terms"
    assert (await ada.get(path)).json["modalities"] == ["video"]
    changed = await ada.put(path, TERMS | {"modalities": ["phone", "video", "phone"]})
    assert (changed.status, changed.json["modalities"]) == (200, ["video", "phone"])
    left = await ada.put(path, TERMS | {"version": 1})
    assert left.json["modalities"] == ["video", "phone"], "programs of before say nothing of it"
    assert (await ada.put(path, TERMS | {"version": 2, "modalities": []})).status == 422
    assert (await amara.get("/api/v1/catalogue")).json["services"][0]["modalities"] == ["video", "phone"]
    page, typed = f"/services/{CARDIOLOGY.id}", {name: str(value) for name, value in TERMS.items()}
    none = await ada.form(page, typed | {"version": "2"})
    assert (none.status, 'id="modalities-error"' in none.text) == (422, True)
    assert (await ada.form(page, typed | {"version": "2", "modalities": "assisted"})).status == 303
    assert 'value="assisted" checked' in (await ada.get(page)).text


async def test_a_visit_at_a_site_is_booked_with_links_and_forms_only(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    assert 'id="modality"' not in (await amara.get(PAGE)).text, "there is one way only"
    await offered(hospital, *ALL)
    nowhere = await amara.get(f"{PAGE}&modality=assisted")
    assert (nowhere.status, 'id="room-error"' in nowhere.text) == (422, True)
    assert '<option value="assisted" selected>' in nowhere.text
    times = await amara.get(f"{PAGE}&modality=assisted&room={WARD.id}")
    checked = await amara.get(links(times.text)[0])
    assert "At a site, with staff" in checked.text
    fields = WISH | {"modality": "assisted", "room": WARD.id, "once": "one-press-of-this-very-form"}
    assert 'name="modality" value="assisted"' in checked.text
    booked = await amara.form("/book", fields)
    assert (booked.status, "At a site, with staff" in booked.text) == (200, True)


async def test_somebody_new_who_is_to_be_phoned_has_to_have_a_number(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    times = await amara.get(f"{TIMES}&modality=phone")
    fields = kept((await amara.get(links(times.text)[0])).text)
    assert fields["modality"] == "phone"
    before = len(hospital.units.tables.patients)
    mute = await amara.form("/book/new", fields | WHO | {"phone": "", "email": "rita@patients.example"})
    assert (mute.status, 'id="phone-error"' in mute.text) == (422, True)
    assert len(hospital.units.tables.patients) == before, "both are written or neither"
    assert (await amara.form("/book/new", fields | WHO)).status == 200
    (booked,) = hospital.units.tables.appointments.values()
    assert booked.modality is Modality.PHONE
    assert booked.end - booked.start == timedelta(minutes=20)


@pytest.mark.parametrize(
    "way, told",
    [
        ("phone", "We phone you at this time. You need not open anything."),
        ("assisted", "Please come to Ward 3, 4 Mill Lane. Staff there help you."),
    ],
)
async def test_the_patients_own_page_says_what_they_do_at_the_time(
    hospital: Hospital, way: str, told: str
) -> None:
    await offered(hospital, *ALL)
    async with hospital.units.writing() as uow:
        await uow.directory.save_location(replace(WARD, name="Ward 3", address="4 Mill Lane", version=1))
    amara = await hospital.staff(AMARA)
    booked = await amara.post("/api/v1/appointments", WISH | {"modality": way, "room": WARD.id})
    token = booked.json["join_url"].partition("#")[2]
    bo = await hospital.visitor()
    look = (await bo.post("/api/v1/visit-links/look", {"token": token})).json
    assert (look["todo"], look["early"], look["way"]) == (told, True, way)
    file = (await bo.form("/v/calendar", {"token": token})).text.replace("\r\n ", "")
    assert f"DESCRIPTION:{told}".replace(",", "\\,") in file
    assert ("LOCATION:By phone" if way == "phone" else "LOCATION:Ward 3\\, 4 Mill Lane") in file
    hospital.clock.at = hospital.clock.at.replace(day=24, hour=8, minute=20)
    look = (await bo.post("/api/v1/visit-links/look", {"token": token})).json
    assert look["state"] == ("early" if way == "phone" else "open"), "there is nothing to open"
    assert (look["todo"], look["early"]) == (told, True)
    assert (told in look["sentence"]) == (way == "assisted")
    visit = (await bo.post("/api/v1/visit-links/open", {"token": token})).json["visit"]
    opened = (await bo.get(f"/v/{visit}")).text
    shown = re.findall(r'data-only="by-video"(?![^>]* hidden>)', opened)
    assert (shown, "Test my phone now" in opened) == ([], False), "nobody is asked to try their camera"
    assert ("For the staff in the room" in opened) is (way == "assisted")


async def test_who_is_to_be_phoned_and_types_their_code_early_reads_when(hospital: Hospital) -> None:
    await offered(hospital, Modality.PHONE)
    appointment, bo = await booked(hospital, 2), await hospital.visitor()
    code = LinkTokens(LINK_SECRET).spoken(appointment["visit"], BO.id, 1)
    await bo.form("/v/code", {"code": code, **BORN})
    page = (await bo.get(f"/v/{appointment['visit']}")).text
    assert "We phone you at this time. You need not open anything." in page
    assert "The clinic knows that you are here" not in page


async def test_who_moves_a_visit_by_phone_reads_that_they_are_phoned_and_tests_no_camera(
    hospital: Hospital,
) -> None:
    await offered(hospital, Modality.PHONE)
    appointment = await booked(hospital, 49)
    bo, path = await changing(hospital, appointment), f"/v/{appointment['visit']}/change"
    times = re.findall(r"start=([^\"&]+)\"", (await bo.get(path)).text)
    assert (await bo.form(path, hidden(await bo.get(path, params={"start": times[-1]})))).status == 303
    done = (await bo.get(f"{path}?done=moved")).text
    assert "We phone you at this time. You need not open anything. A new link is on its way to you." in done
    assert "Test my phone now" not in done


async def test_the_clinics_list_and_the_board_say_how_each_visit_takes_place(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    later = {"start": "2026-11-24T09:05:00Z", "patient_id": CY.id}
    hospital.units.tables.patients[CY.id] = replace(CY, organization_id=HOSPITAL.id)
    for wish in (WISH | {"modality": "phone"}, WISH | later | {"modality": "assisted", "room": WARD.id}):
        assert (await amara.post("/api/v1/appointments", wish)).status == 201
    hospital.clock.at = hospital.clock.at.replace(day=24, hour=8)
    amara = await hospital.staff(AMARA)
    rows = re.findall(r'<tr data-visit="\w.*?</tr>', (await amara.get("/clinic")).text, re.DOTALL)
    phoned, assisted = sorted(rows, key=lambda row: 'data-device="phone"' not in row)
    assert "To be phoned" in phoned
    hidden = [
        [re.search(f'data-only="{name}"[^>]* hidden', row) is not None for name in ("rings", "assisted")]
        for row in (phoned, assisted)
    ]
    assert hidden == [[False, True], [True, False]]
    told = (await amara.get("/api/v1/clinic", params={"date": "2026-11-24"})).json["rows"]
    assert [(each["modality"], each["device"]) for each in told] == [
        ("phone", "phone"),
        ("assisted", "unknown"),
    ]
    board = (await amara.get(f"/board/{AMARA.id}?day=2026-11-24")).text
    assert ("By phone" in board, "At a site, with staff" in board) == (True, True)


async def test_all_visits_of_a_series_take_place_in_one_way(hospital: Hospital) -> None:
    await offered(hospital, *ALL)
    amara = await hospital.staff(AMARA)
    series = WISH | {"practitioner_id": AMARA.id, "frequency": "weekly", "count": 3}
    booked = await amara.post("/api/v1/series", series | {"modality": "phone"})
    assert booked.status == 201, booked.text
    made = hospital.units.tables.appointments
    assert [each.modality for each in made.values()] == [Modality.PHONE] * 3
    assert await refused(amara, "/api/v1/series", series | {"modality": "assisted"}) == (
        422,
        "room",
        "missing",
    )
    times = await amara.get(f"{PAGE}&modality=phone")
    checked = (await amara.get(links(times.text)[0])).text
    (repeat,) = re.findall(r'href="(/book/series[^"]+modality=phone[^"]*)"', checked)
    asked = await amara.get(repeat.replace("&amp;", "&"))
    assert '<input type="hidden" name="modality" value="phone">' in asked.text
