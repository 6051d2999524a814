"""Weekly hours: an administrator sets them on the people page or through the API, and free times follow."""

import re
from dataclasses import replace

import pytest

from tests.integration.storage.cast import AMARA, CARDIOLOGY, NOOR, RURAL, VILLAGE, WARD
from tests.integration.web.hospital import ADA, STRANGER, Hospital, Person

EVENING = {"weekday": 1, "start": "19:00", "end": "20:00", "service": CARDIOLOGY.id, "site": WARD.id}
FORM = EVENING | {"practitioner": STRANGER.id, "weekday": "1"}
SEEN = {"version": "0"}
CYD = f"/api/v1/staff/{STRANGER.id}/hours"


async def slots(person: Person) -> list[str]:
    """Free times of the next Monday evening with Dr Cyd."""
    wanted = {
        "service": CARDIOLOGY.id,
        "practitioner": STRANGER.id,
        "start": "2026-11-30T17:30:00Z",
        "end": "2026-11-30T20:00:00Z",
    }
    found = await person.get("/api/v1/slots", params=wanted)
    return [each["start"] for each in found.json["slots"]]


async def test_hours_added_on_the_page_can_be_booked_and_removed_ones_cannot(hospital: Hospital) -> None:
    ada, amara = await hospital.staff(ADA), await hospital.staff(AMARA)
    assert await slots(amara) == []
    added = await ada.form("/people/hours", FORM)
    assert (added.status, added.headers["Location"]) == (303, "/people?done=hours#hours"), added.text
    shown = (await ada.get("/people?done=hours")).text
    assert 'Monday <span class="figures">19:00–20:00</span>' in shown
    assert "Booked visits stay" in shown
    assert len(await slots(amara)) == 2
    path = re.findall(rf'action="(/people/{STRANGER.id}/hours/[^"]+/remove)"', shown)[0]
    assert (await ada.form(path, {"version": "1"})).status == 412
    assert (await ada.form(path, {"version": "0"})).status == 303
    assert await slots(amara) == []
    assert {"hours:add", "hours:remove"} <= set(hospital.actions())


async def test_hours_are_kept_through_the_api(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    added = await ada.post(CYD, EVENING)
    assert added.status == 201, added.text
    kept = {"valid_from": "2026-11-23", "until": "", "breaks": [], "version": 0}
    assert added.json == EVENING | kept | {"id": added.json["id"]}
    assert (await ada.get(CYD)).json["hours"] == [added.json]
    for version, status in (("", 422), ("?version=1", 412), ("?version=0", 204), ("?version=0", 404)):
        assert (await ada.send("DELETE", f"{CYD}/{added.json['id']}{version}")).status == status
    assert (await ada.get(CYD)).json["hours"] == []


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"weekday": 8}, "weekday"),
        ({"start": "7 pm"}, "start"),
        ({"end": "25:00"}, "end"),
        ({"end": "19:10"}, "end"),
        ({"end": "18:00"}, "end"),
        ({"service": "no-such"}, "service"),
        ({"site": VILLAGE.id}, "site"),
    ],
)
async def test_hours_that_cannot_be_are_refused_by_field(
    hospital: Hospital, changes: dict[str, object], field: str
) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.post(CYD, EVENING | changes)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, field)


async def test_hours_that_meet_others_are_refused(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    assert (await ada.post(CYD, EVENING)).status == 201
    for start, end, status in (("18:00", "19:20", 422), ("19:30", "00:00", 422), ("20:00", "00:00", 201)):
        answer = await ada.post(CYD, EVENING | {"start": start, "end": end})
        assert answer.status == status, answer.text
    assert (await ada.post(CYD, EVENING | {"weekday": 2})).status == 201


async def test_mistakes_in_the_form_come_back_beside_it(hospital: Hospital) -> None:
    ada = await hospital.staff(ADA)
    refused = await ada.form("/people/hours", FORM | {"end": "19:05"})
    assert refused.status == 422
    assert 'id="end-error"' in refused.text
    assert 'value="19:05"' in refused.text
    assert refused.text.count("Not even one visit fits") == 2


async def test_hours_are_the_own_administrators_alone(hospital: Hospital) -> None:
    ada, amara, noor = [await hospital.staff(each) for each in (ADA, AMARA, NOOR)]
    rule = (await ada.post(CYD, EVENING)).json["id"]
    for person in (amara, noor):
        assert (await person.get(CYD)).status == 403
        assert (await person.post(CYD, EVENING)).status == 403
        assert (await person.send("DELETE", f"{CYD}/{rule}?version=0")).status == 403
        assert (await person.form("/people/hours", FORM)).status == 403
        assert (await person.form(f"/people/{STRANGER.id}/hours/{rule}/remove", SEEN)).status == 403
    async with hospital.units.writing() as uow:
        await uow.directory.save_practitioner(replace(STRANGER, organization_id=RURAL.id))
    for answer in (
        await ada.get(CYD),
        await ada.post(CYD, EVENING | {"weekday": 3}),
        await ada.send("DELETE", f"{CYD}/{rule}?version=0"),
        await ada.form(f"/people/{STRANGER.id}/hours/{rule}/remove", SEEN),
        await ada.post(f"/api/v1/staff/{ADA.id}/hours", EVENING),
        await ada.send("DELETE", f"/api/v1/staff/{AMARA.id}/hours/{rule}?version=0"),
    ):
        assert answer.status == 404
