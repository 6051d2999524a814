"""/rooms and /book: a room, a device and an interpreter are kept, asked for and shown."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

from telehealth.domain.appointment import ResourceKind
from telehealth.domain.resources import Resource
from tests.integration.storage.cast import BO, CARDIOLOGY, HOSPITAL, NOOR, RURAL, WARD
from tests.integration.web.hospital import ADA, AMARA, PIA, Hospital, Person
from tests.integration.web.test_book_pages import hidden
from tests.integration.web.test_change import changing

THERE = (
    Resource("room-1", HOSPITAL.id, WARD.id, ResourceKind.ROOM, "Room 1", (), 0, 10),
    Resource("scope", HOSPITAL.id, WARD.id, ResourceKind.DEVICE, "Otoscope"),
    Resource("lina", HOSPITAL.id, WARD.id, ResourceKind.INTERPRETER, "Lina Benz", ("sv", "ar")),
)
NEEDS = f"&room={WARD.id}&device=scope&interpreter=sv"
AMARAS = f"/book?patient={BO.id}&service={CARDIOLOGY.id}&practitioner={AMARA.id}"


async def furnish(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        for each in THERE:
            await uow.resources.add(each)


def links(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="(/book\?[^"]+start=[^"]+)"', text)]


async def chosen(person: Person) -> dict[str, Any]:
    """The confirming form of the first time at which all are free."""
    times = await person.get(AMARAS + NEEDS)
    checked = await person.get(links(times.text)[0])
    for shown in ("<dt>Room</dt>", "<dt>Device</dt>", "Otoscope", "<dt>Interpreter</dt>", "Swedish"):
        assert shown in checked.text
    assert "Repeat this visit" in checked.text
    return hidden(checked.text)


async def test_a_room_is_added_changed_and_taken_out_of_use(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert "Nothing is listed here yet." in (await ada.get("/rooms")).text
    typed = {"kind": "interpreter", "site": WARD.id, "name": "Lina", "languages": "es, ar"}
    done = await ada.form("/rooms", typed | {"before_minutes": "5", "after_minutes": "0"})
    assert done.headers["Location"] == "/rooms?done=kept"
    shown = (await ada.get("/rooms?done=kept")).text
    assert "5 min before, 0 min after" in shown
    (where,) = re.findall(r'href="(/rooms/[^"?]+)"', shown)
    assert 'value="es ar"' in (await ada.get(where)).text
    changed = {
        "name": "Lina B.",
        "languages": "es",
        "version": "0",
        "before_minutes": "0",
        "after_minutes": "0",
    }
    assert (await ada.form(where, changed)).status == 303
    assert "Lina B." in (await ada.get("/rooms")).text
    assert (await ada.form(where, changed)).status == 412, "an older version"
    assert (await ada.form(f"{where}/retire", {"version": "1"})).headers["Location"] == "/rooms?done=retired"
    assert "Lina" not in (await ada.get("/rooms")).text
    assert (await ada.get(where)).status == 404
    assert {"resource:add", "resource:change", "resource:retire"} <= set(hospital.actions())


async def test_what_is_missing_is_said_at_its_field(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    typed = {"kind": "interpreter", "site": WARD.id, "name": "Lina", "languages": ""}
    refused = await ada.form("/rooms", typed)
    assert refused.status == 422
    assert "Name at least one language." in refused.text
    assert 'value="Lina"' in refused.text


async def test_a_house_without_rooms_is_not_asked_for_one(hospital: Hospital) -> None:
    amara = await hospital.staff(AMARA)
    asked = (await amara.get(AMARAS)).text
    assert not any(f'<select id="{name}"' in asked for name in ("room", "device", "interpreter"))


async def test_a_visit_is_booked_with_all_that_it_needs(hospital: Hospital) -> None:
    await furnish(hospital)
    amara = await hospital.staff(AMARA)
    asked = (await amara.get(f"/book?patient={BO.id}")).text
    assert re.search(r'<option value="sv" selected>', asked), "Bo needs an interpreter"
    fields = await chosen(amara)
    booked = await amara.form("/book", fields)
    assert booked.status == 200
    for shown in ("Room 1", "Otoscope", "Lina Benz"):
        assert shown in booked.text
    (visit,) = re.findall(r'href="/messages/([^"]+)"', booked.text)
    assert "Lina Benz" in (await amara.get(f"/move/{visit}")).text
    day = fields["start"][:10]
    assert "Otoscope" in (await amara.get(f"/board/{AMARA.id}?day={day}")).text
    assert fields["start"] not in (await amara.get(AMARAS + NEEDS)).text


async def test_the_day_of_the_specialist_names_what_is_booked_besides(hospital: Hospital) -> None:
    await furnish(hospital)
    amara = await hospital.staff(AMARA)
    fields = await chosen(amara)
    await amara.form("/book", fields)
    page = (await amara.get("/clinic")).text
    assert "Room 1</bdi> · <bdi>Otoscope</bdi> · Interpreter: <bdi>Lina Benz</bdi>" in page
    assert re.search(r'data-only="interpreter" hidden>', page), "one is there"
    (row,) = (await amara.get("/api/v1/clinic", params={"date": fields["start"][:10]})).json["rows"]
    told = [(each["name"], each["language"]) for each in row["resources"]]
    assert told == [("Room 1", ""), ("Otoscope", ""), ("Lina Benz", "sv")]


async def test_a_visit_whose_device_is_retired_can_still_be_moved_on_both_pages(hospital: Hospital) -> None:
    await furnish(hospital)
    appointment = await booked_with(hospital)
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    for name in ("room-1", "scope", "lina"):
        retired = await ada.form(f"/rooms/{name}/retire", {"version": "0"})
        assert retired.status == 303
    bo = await changing(hospital, appointment)
    for person, path in ((amara, f"/move/{appointment['visit']}"), (bo, f"/v/{appointment['visit']}/change")):
        page = await person.get(path)
        assert page.status == 200
        assert "start=" in page.text, "there are times"


async def test_the_house_of_the_specialist_moves_a_visit_with_a_room_of_the_other_house(
    hospital: Hospital,
) -> None:
    await furnish(hospital)
    appointment = await booked_with(hospital)
    booked = hospital.units.tables.appointments[appointment["id"]]
    theirs = replace(booked, patient_organization_id=RURAL.id)
    hospital.units.tables.appointments[booked.id] = theirs
    for each in THERE:
        hospital.units.tables.resource[each.id] = replace(each, organization_id=RURAL.id)
    amara = await hospital.staff(AMARA)
    page = await amara.get(f"/move/{appointment['visit']}")
    assert page.status == 200
    assert "start=" in page.text, "there are times"


async def booked_with(hospital: Hospital) -> dict[str, Any]:
    """Bo's visit in two days, with the room, the device and the interpreter."""
    amara = await hospital.staff(AMARA)
    window = "start=2026-11-25T00:00:00Z&end=2026-12-01T00:00:00Z"
    slots = (await amara.get(f"/api/v1/slots?service={CARDIOLOGY.id}&{window}{NEEDS}")).json["slots"]
    wish = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "practitioner_id": AMARA.id}
    wish |= {"start": slots[0]["start"], "room": WARD.id, "device": "scope", "interpreter": "sv"}
    made = await amara.post("/api/v1/appointments", wish)
    assert made.status == 201, made.text
    return dict(made.json)


async def test_a_room_taken_meanwhile_is_named_and_the_needs_stay_chosen(hospital: Hospital) -> None:
    await furnish(hospital)
    amara = await hospital.staff(AMARA)
    fields = await chosen(amara)
    assert (await amara.form("/book", fields)).status == 200
    another = {**fields, "once": "another-key-of-the-same-form", "patient_id": fields["patient_id"]}
    refused = await amara.form("/book", another)
    assert refused.status == 409
    assert '<option value="scope" selected>' in refused.text
    assert '<option value="sv" selected>' in refused.text


async def test_programs_keep_and_book_them_too(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    body = {"site": WARD.id, "kind": "room", "name": "Room 1", "after_minutes": 10}
    made = await ada.post("/api/v1/resources", body)
    assert (made.status, made.json["version"]) == (201, 0)
    path = f"/api/v1/resources/{made.json['id']}"
    named = await ada.put(path, {"name": "Room 2", "version": 0})
    assert (named.json["name"], named.json["after_minutes"]) == ("Room 2", 0)
    assert (await amara.get("/api/v1/bookable-resources")).json["resources"] == [named.json]
    window = {"service": CARDIOLOGY.id, "start": "2026-11-24T00:00:00Z", "end": "2026-12-01T00:00:00Z"}
    asked = "&".join(f"{name}={value}" for name, value in window.items()) + f"&room={WARD.id}"
    slot = (await amara.get(f"/api/v1/slots?{asked}")).json["slots"][0]
    wish = {"patient_id": BO.id, "service_id": CARDIOLOGY.id, "start": slot["start"], "room": WARD.id}
    booked = await amara.post("/api/v1/appointments", wish)
    expected = [{"id": made.json["id"], "kind": "room", "name": "Room 2", "language": ""}]
    assert (booked.status, booked.json["resources"]) == (201, expected)
    found = await amara.get(f"/api/v1/appointments/{booked.json['id']}")
    assert found.json["resources"] == expected
    assert slot not in (await amara.get(f"/api/v1/slots?{asked}")).json["slots"]
    retired = await ada.post(f"{path}/retire", {"version": 1})
    assert retired.json["retired_at"] is not None
    assert (await ada.get("/api/v1/resources")).json["resources"] == [retired.json]
    assert (await amara.get("/api/v1/bookable-resources")).json["resources"] == []


async def test_other_systems_see_who_takes_part(hospital: Hospital) -> None:
    await furnish(hospital)
    amara = await hospital.staff(AMARA)
    booked = await amara.form("/book", await chosen(amara))
    assert booked.status == 200
    (appointment,) = hospital.units.tables.appointments
    for path in (appointment, f"?patient={BO.id}"):
        found = (await amara.get(f"/fhir/R4/Appointment{'' if '?' in path else '/'}{path}")).json
        visit = found["entry"][0]["resource"] if "entry" in found else found
        room, device, interpreter = visit["participant"][4:]
        assert room["actor"] == {"reference": "Location/room-1", "display": "Room 1"}
        assert device["actor"] == {"reference": "Device/scope", "display": "Otoscope"}
        assert interpreter["actor"]["reference"] == "HealthcareService/lina"
        assert interpreter["type"][0]["coding"][0]["code"] == "translator"


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    await furnish(hospital)
    typed = {"kind": "room", "site": WARD.id, "name": "Another"}
    for who in (AMARA, PIA):
        person = await hospital.staff(who)
        assert (await person.get("/rooms")).status == 403
        assert (await person.get("/rooms/room-1")).status == 403
        assert (await person.form("/rooms", typed)).status == 403
        assert (await person.form("/rooms/room-1", typed | {"version": "0"})).status == 403
        assert (await person.form("/rooms/room-1/retire", {"version": "0"})).status == 403
        assert (await person.get("/api/v1/resources")).status == 403
        assert (await person.post("/api/v1/resources", typed)).status == 403
        assert (await person.put("/api/v1/resources/room-1", {"name": "x", "version": 0})).status == 403
        assert (await person.post("/api/v1/resources/room-1/retire", {"version": 0})).status == 403
    pia, noor = await hospital.staff(PIA), await hospital.staff(NOOR)
    assert (await pia.get("/api/v1/bookable-resources")).status == 403
    assert (await noor.get("/api/v1/bookable-resources")).json["resources"] == []
    assert sorted(hospital.units.tables.resource) == ["lina", "room-1", "scope"]
