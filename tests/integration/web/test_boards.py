"""/board: coordinators see every clinic in figures, and one specialist's visits; others their own or none."""

import re

from tests.integration.storage.cast import AMARA, BO, CY, NOOR
from tests.integration.web.hospital import ADA, COORDINATOR, STRANGER, Hospital
from tests.integration.web.journeys import booked, in_call, waiting


def cells(page: str) -> list[str]:
    """The figures of the first clinic: visits, to come, waiting, in call, seen, did not attend."""
    row = page.partition("<tbody>")[2].partition("</tr>")[0]
    return re.findall(r'class="figures"[^>]*>(\d+)<', row)


async def test_a_coordinator_sees_each_clinic_in_figures_and_no_name_of_a_patient(hospital: Hospital) -> None:
    await in_call(hospital)
    missed, cancelled = await booked(hospital, 3), await booked(hospital, 4)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/appointments/{cancelled['id']}/cancel")).status == 200
    hospital.clock.move(hours=4)
    amara = await hospital.staff(AMARA)
    assert (await amara.post(f"/api/v1/visits/{missed['visit']}/miss")).status == 200
    carla = await hospital.staff(COORDINATOR)
    page = (await carla.get("/board")).text
    assert cells(page) == ["2", "0", "0", "1", "0", "1"]
    assert f'href="/board/{AMARA.id}?day=' in page
    assert BO.name.family not in page
    assert "clinic:oversee" in hospital.actions()
    other = await carla.get("/board", params={"day": "2026-11-24"})
    assert "There are no visits on this day." in other.text


async def test_who_waits_longest_and_a_paused_clinic_are_seen(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    _, amara, _ = await waiting(hospital)
    assert (await amara.post("/api/v1/clinic/pause", {"reason": "break"})).status == 200
    hospital.clock.move(minutes=12)
    page = (await carla.get("/board")).text
    assert cells(page)[2] == "1"
    assert re.findall("longest: [0-9]+ minutes?", page) == ["longest: 12 minutes"]
    assert "The clinic is paused: a short break." in page


async def test_one_specialists_day_leads_to_moving_and_cancelling(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    page = (await (await hospital.staff(COORDINATOR)).get(f"/board/{AMARA.id}")).text
    assert BO.name.family in page
    assert f'href="/move/{appointment["visit"]}"' in page
    assert f'href="/cancel/{appointment["visit"]}"' in page


async def test_a_visit_that_has_begun_is_not_to_be_moved(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    page = (await amara.get(f"/board/{AMARA.id}")).text
    assert BO.name.family in page
    assert f"/move/{visit}" not in page


async def test_the_clinic_that_sends_the_patient_sees_the_visit(hospital: Hospital) -> None:
    await booked(hospital)
    theirs = await booked(hospital, 2, by=NOOR, patient=CY)
    noor = await hospital.staff(NOOR)
    assert cells((await noor.get("/board")).text)[0] == "1"
    page = (await noor.get(f"/board/{AMARA.id}")).text
    assert f"/move/{theirs['visit']}" in page
    assert BO.name.family not in page


async def test_specialists_see_their_own_day_only_and_administrators_none(hospital: Hospital) -> None:
    await booked(hospital)
    stranger = await hospital.staff(STRANGER)
    assert (await stranger.get(f"/board/{STRANGER.id}")).status == 200
    assert [(await stranger.get(path)).status for path in ("/board", f"/board/{AMARA.id}")] == [404, 404]
    ada = await hospital.staff(ADA)
    assert [(await ada.get(path)).status for path in ("/board", f"/board/{AMARA.id}")] == [403, 403]


async def test_a_clinic_learns_nothing_of_a_specialist_to_whom_it_sends_nobody(hospital: Hospital) -> None:
    await booked(hospital)
    noor = await hospital.staff(NOOR)
    assert (await noor.get(f"/board/{AMARA.id}")).status == 404


async def test_nobody_is_overseen_who_is_no_specialist(hospital: Hospital) -> None:
    carla = await hospital.staff(COORDINATOR)
    assert [(await carla.get(f"/board/{each}")).status for each in (NOOR.id, "nobody")] == [404, 404]
