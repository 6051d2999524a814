"""/api/v1/series and /book/series with a room, a device and an interpreter."""

import re
from dataclasses import replace
from html import unescape

from tests.integration.storage.cast import AMARA, BO, CARDIOLOGY, CY, HOSPITAL, NOOR, WARD
from tests.integration.web.hospital import COORDINATOR, STRANGER, Hospital, Person
from tests.integration.web.test_booking_api import APPOINTMENTS, wish
from tests.integration.web.test_rooms_page import furnish
from tests.integration.web.test_series_pages import ASKED, FIRST, hidden, proposed

WEEKLY = {
    "patient_id": BO.id,
    "service_id": CARDIOLOGY.id,
    "practitioner_id": AMARA.id,
    "start": FIRST,
    "frequency": "weekly",
    "count": 3,
}
NEEDS = {"room": WARD.id, "device": "scope", "interpreter": "sv"}
HAS = [
    {"id": "room-1", "kind": "room", "name": "Room 1", "language": ""},
    {"id": "scope", "kind": "device", "name": "Otoscope", "language": ""},
    {"id": "lina", "kind": "interpreter", "name": "Lina Benz", "language": "sv"},
]


async def scope_taken(hospital: Hospital, kai: Person) -> None:
    """Another specialist of the house has the device in the second week."""
    async with hospital.units.writing() as uow:
        for rule in await uow.directory.hours(practitioner_id=AMARA.id):
            await uow.directory.add_hours(replace(rule, id=f"{rule.id}-cyd", practitioner_id=STRANGER.id))
        await uow.patients.add(replace(BO, id="pat-twin", organization_id=HOSPITAL.id))
    sent = wish("2027-03-29T08:05:00Z", patient_id="pat-twin", practitioner_id=STRANGER.id, device="scope")
    booked = await kai.post(APPOINTMENTS, sent)
    assert booked.status == 201, booked.text


async def test_programs_plan_a_series_with_what_each_visit_needs(hospital: Hospital) -> None:
    await furnish(hospital)
    kai = await hospital.staff(COORDINATOR)
    await scope_taken(hospital, kai)
    asked = WEEKLY | NEEDS
    seen = (await kai.post("/api/v1/series/preview", asked)).json["visits"]
    assert [each["code"] for each in seen] == ["", "no-device", ""]
    assert seen[1]["detail"].startswith("The device is taken at this time.")
    lost = await kai.post("/api/v1/series", asked)
    assert (lost.status, lost.json["code"]) == (409, "slot-taken")
    assert lost.json["detail"] == seen[1]["detail"]
    instead = [{"occurrence": seen[1]["occurrence"], "start": seen[1]["ways"][0]}]
    booked = await kai.post("/api/v1/series", asked | {"instead": instead})
    assert booked.status == 201, booked.text
    assert [each["resources"] for each in booked.json["visits"]] == [HAS] * 3
    shown = await kai.get(f"/api/v1/series/{booked.json['id']}")
    assert shown.json["visits"] == booked.json["visits"]


async def test_on_the_page_it_is_asked_seen_booked_and_shown(hospital: Hospital) -> None:
    await furnish(hospital)
    kai = await hospital.staff(COORDINATOR)
    await scope_taken(hospital, kai)
    chosen = {"patient": BO.id, "service": CARDIOLOGY.id, "practitioner": AMARA.id, "start": FIRST}
    check = await kai.get("/book", params=chosen | NEEDS)
    (link,) = re.findall(r'href="(/book/series\?[^"]+)"', check.text)
    asking = (await kai.get(unescape(link))).text
    for value in NEEDS.values():
        assert f'<option value="{value}" selected>' in asking
    seen = await kai.form("/book/series/look", ASKED | NEEDS)
    assert "The device is taken at this time." in seen.text
    fields = hidden(seen, "/book/series")
    assert {name: fields[name] for name in NEEDS} == NEEDS
    done = await kai.form("/book/series", fields | {"answer": proposed(seen)})
    assert done.status == 303, done.text
    series = (await kai.get(done.headers["Location"])).text
    assert series.count("Otoscope") == series.count("Lina Benz") == series.count("Room 1") == 3


async def test_a_need_that_is_unknown_is_said_at_its_field(hospital: Hospital) -> None:
    await furnish(hospital)
    kai = await hospital.staff(COORDINATOR)
    refused = await kai.post("/api/v1/series/preview", WEEKLY | {"device": "room-1"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "device")
    page = await kai.form("/book/series/look", ASKED | {"device": "room-1"})
    assert (page.status, "There is no such device." in page.text) == (422, True)


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    """What another house has is as unknown as what nobody has, and so is its series."""
    await furnish(hospital)
    kai, noor = await hospital.staff(COORDINATOR), await hospital.staff(NOOR)
    booked = (await kai.post("/api/v1/series", WEEKLY | NEEDS)).json["id"]
    assert (await noor.get(f"/api/v1/series/{booked}")).status == 404
    assert (await noor.post("/api/v1/series", WEEKLY | NEEDS)).status == 404
    cys = WEEKLY | {"patient_id": CY.id}
    foreign, random = [
        await noor.post("/api/v1/series", cys | {"device": each}) for each in ("scope", "none")
    ]
    assert (foreign.status, foreign.json["errors"]) == (random.status, random.json["errors"])
    assert foreign.status == 422
