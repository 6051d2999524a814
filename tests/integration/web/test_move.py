"""Moving a visit: on its page complete without scripts, by the JSON API, and what the patient then reads."""

import re
from typing import Any

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import ADA, Hospital, Person
from tests.integration.web.journeys import booked, opened, unreachable, waiting


async def page_of(person: Person, visit: str, start: str) -> dict[str, str]:
    """The hidden fields of the last question."""
    shown = await person.get(f"/move/{visit}", params={"start": start})
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text)
    return {name: value for name, value in fields if name != "csrf"}


async def free(person: Person, visit: str, day: str = "") -> list[str]:
    shown = await person.get(f"/move/{visit}", params={"day": day} if day else {})
    assert shown.status == 200
    return [found.replace("%3A", ":") for found in re.findall(r"\?start=([^\"]+)\"", shown.text)]


async def moved(hospital: Hospital, appointment: dict[str, Any], day: str = "") -> str:
    """Dr Amara moves the visit to the last free time of the page; the new start."""
    amara, visit = await hospital.staff(AMARA), appointment["visit"]
    start = (await free(amara, visit, day))[-1]
    done = await amara.form(f"/move/{visit}", await page_of(amara, visit, start))
    assert (done.status, done.headers["Location"]) == (303, f"/move/{visit}?done=moved")
    return start


async def test_a_visit_is_moved_without_scripts_and_once_for_two_presses(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara, visit = await hospital.staff(AMARA), appointment["visit"]
    start = (await free(amara, visit))[-1]
    fields = await page_of(amara, visit, start)
    for _ in range(2):
        assert (await amara.form(f"/move/{visit}", fields)).status == 303
    assert "Visit moved" in (await amara.get(f"/move/{visit}?done=moved")).text
    found = (await amara.get(f"/api/v1/appointments/{appointment['id']}")).json
    assert (found["start"], found["version"]) == (start, appointment["version"] + 1)
    assert "New time" in (await amara.get(f"/messages/{visit}")).text
    assert hospital.actions().count("appointment:move") == 1


async def test_an_address_typed_by_hand_moves_nothing_and_claims_nothing(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    shown = (await (await hospital.staff(AMARA)).get(f"/move/{visit}?done=moved")).text
    assert "Visit moved" not in shown
    assert "Free times" in shown


async def test_whom_no_message_reaches_is_told_by_people(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara, visit = await hospital.staff(AMARA), appointment["visit"]
    reaching, silent = "gets a new link with the new time", "No message goes out. Tell the patient yourself."
    start = (await free(amara, visit))[-1]
    asked = (await amara.get(f"/move/{visit}", params={"start": start})).text
    assert (reaching in asked, silent in asked) == (True, False)
    unreachable(hospital)
    asked = (await amara.get(f"/move/{visit}", params={"start": start})).text
    assert (reaching in asked, silent in asked) == (False, True)
    await moved(hospital, appointment)
    shown = (await amara.get(f"/move/{visit}?done=moved")).text
    assert ("on its way" in shown, silent in shown) == (False, True)


async def test_who_was_slower_chooses_again(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara, visit = await hospital.staff(AMARA), appointment["visit"]
    times = await free(amara, visit)
    late = await page_of(amara, visit, times[0])
    await moved(hospital, appointment)
    refused = await amara.form(f"/move/{visit}", late)
    assert refused.status == 412
    assert "This was changed in the meantime." in refused.text
    assert "Free times" in refused.text


async def test_programs_move_with_the_version_that_they_have_read(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    amara = await hospital.staff(AMARA)
    start = (await free(amara, appointment["visit"]))[-1]
    address = f"/api/v1/appointments/{appointment['id']}/move"
    stale = await amara.post(address, {"start": start, "version": 7})
    assert (stale.status, stale.json["code"]) == (412, "stale-version")
    done = await amara.post(address, {"start": start, "version": appointment["version"]})
    assert (done.status, done.json["start"], done.json["join_url"]) == (200, start, "")
    again = await amara.post(address, {"start": start, "version": done.json["version"]})
    assert (again.status, again.json["errors"][0]["code"]) == (422, "same-time")


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    visit = appointment["visit"]
    body = {"start": appointment["start"], "version": appointment["version"]}
    for who, status in ((NOOR, 404), (ADA, 403)):
        person = await hospital.staff(who)
        assert (await person.get(f"/move/{visit}")).status == status
        assert (await person.post(f"/api/v1/appointments/{appointment['id']}/move", body)).status == status


async def test_the_old_link_says_when_it_is_now_and_gives_it_to_the_calendar(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    token = appointment["join_url"].rpartition("#")[2]
    bo = await hospital.visitor()
    await moved(hospital, appointment)
    seen = await bo.post("/api/v1/visit-links/look", {"token": token})
    assert (seen.json["state"], seen.json["moved"]) == ("early", True)
    assert seen.json["sentence"].startswith("Your visit was moved. Your visit is on ")
    assert (await bo.post("/api/v1/visit-links/open", {"token": token})).json["code"] == "visit-closed"
    assert "SEQUENCE:1" in (await bo.form("/v/calendar", {"token": token})).text


async def test_the_page_of_who_waited_says_it_and_asks_for_no_camera(hospital: Hospital) -> None:
    visit, amara, bo = await waiting(hospital)
    appointment = (await amara.get(f"/api/v1/visits/{visit}")).json["visit"]
    await moved(hospital, {"visit": visit, "id": appointment["appointment_id"]}, "2026-11-30")
    shown = await bo.get(f"/v/{visit}")
    assert "Your visit was moved. Your visit is on " in shown.text
    assert "Test my phone now" in shown.text
    assert 'id="mine"' not in shown.text
    assert (await bo.get(f"/api/v1/my/{visit}")).json["status"] == "booked"
    early = await bo.post(f"/api/v1/my/{visit}/consent")
    assert (early.status, early.json["code"]) == (409, "visit-closed")


async def test_another_browser_of_who_waited_is_out(hospital: Hospital) -> None:
    appointment = await booked(hospital)
    bo, other = await opened(hospital, appointment), await opened(hospital, appointment)
    for step in ("consent", "wait"):
        assert (await bo.post(f"/api/v1/my/{appointment['visit']}/{step}")).status == 200
    await moved(hospital, appointment)
    assert (await bo.get(f"/api/v1/my/{appointment['visit']}")).status == 200
    assert (await other.get(f"/api/v1/my/{appointment['visit']}")).status == 401
