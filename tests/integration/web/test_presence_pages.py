"""/presence: coordinators correct a visit that counts as missed, by a form and by the API."""

import re

from tests.integration.storage.cast import AMARA
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Hospital, Person
from tests.integration.web.journeys import booked

REASON = {"presence": "attended", "because": "phone"}


async def missed(hospital: Hospital) -> tuple[str, Person]:
    visit = (await booked(hospital, 3))["visit"]
    hospital.clock.move(hours=4)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{visit}/miss")).status == 200
    return visit, await hospital.staff(COORDINATOR)


def version(page: str) -> str:
    return re.findall(r'name="version" value="(\d+)"', page)[0]


async def test_the_board_leads_to_the_form_and_the_form_to_another_status(hospital: Hospital) -> None:
    visit, carla = await missed(hospital)
    path = f"/presence/{visit}"
    assert f'href="{path}"' in (await carla.get(f"/board/{AMARA.id}")).text
    shown = (await carla.get(path)).text
    assert "Did not attend" in shown
    done = await carla.form(path, REASON | {"version": version(shown)})
    assert (done.status, done.headers["Location"]) == (303, path)
    after = (await carla.get(path)).text
    assert "Needs note" in after
    assert "Only a visit that did not take place can be corrected." in after
    assert "visit:correct" in hospital.actions()


async def test_a_reason_is_one_of_the_list_and_an_old_page_changes_nothing(hospital: Hospital) -> None:
    visit, carla = await missed(hospital)
    path = f"/presence/{visit}"
    now = version((await carla.get(path)).text)
    assert (await carla.form(path, REASON | {"because": "tired", "version": now})).status == 422
    assert (await carla.form(path, REASON | {"version": "0"})).status == 412
    stale = await carla.post(f"/api/v1/visits/{visit}/presence", REASON | {"version": 0})
    assert (stale.status, stale.json["code"]) == (412, "stale-version")


async def test_programs_correct_it_too(hospital: Hospital) -> None:
    visit, carla = await missed(hospital)
    now = int(version((await carla.get(f"/presence/{visit}")).text))
    sent = {"presence": "unseen", "because": "told", "version": now}
    answer = await carla.post(f"/api/v1/visits/{visit}/presence", sent)
    assert (answer.status, answer.json["status"]) == (200, "unseen")
    assert "waited, not seen: 1" in (await carla.get("/board")).text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, carla = await missed(hospital)
    path, now = f"/presence/{visit}", version((await carla.get(f"/presence/{visit}")).text)
    for who, status in ((ADA, 403), (STRANGER, 404)):
        person = await hospital.staff(who)
        assert (await person.get(path)).status == status
        assert (await person.form(path, REASON | {"version": now})).status == status
        sent = await person.post(f"/api/v1/visits/{visit}/presence", REASON | {"version": int(now)})
        assert sent.status == status
