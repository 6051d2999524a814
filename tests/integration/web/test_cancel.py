"""A coordinator finds a visit with its patient, moves it, and cancels it when asked once."""

from dataclasses import replace

from tests.integration.storage.cast import AMARA, BO, CY, NOOR, RURAL
from tests.integration.web.hospital import ADA, COORDINATOR, PIA, Hospital
from tests.integration.web.journeys import booked, in_call, unreachable, waiting

FOUND = {"family": BO.name.family, "birth_date": "1961-04-17"}


def ways(visit: str) -> tuple[str, str]:
    return f'href="/move/{visit}"', f'href="/cancel/{visit}"'


async def test_a_coordinator_finds_the_visits_ahead_with_the_patient(hospital: Hospital) -> None:
    kai = await hospital.staff(COORDINATOR)
    assert "No visits ahead." in (await kai.form("/book/search", FOUND)).text
    visit = (await booked(hospital))["visit"]
    for shown in (await kai.form("/book/search", FOUND), await kai.get(f"/book?patient={BO.id}")):
        assert [way in shown.text for way in ways(visit)] == [True, True]
        assert "Monday 23 November, " in shown.text
        assert "(Berlin)" in shown.text
        assert AMARA.display in shown.text
    assert hospital.actions().count("appointment:read") == 2


async def test_who_is_late_still_gets_another_time(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    hospital.clock.move(seconds=3 * 3600)
    assert f"/move/{visit}" in (await (await hospital.staff(COORDINATOR)).form("/book/search", FOUND)).text
    hospital.clock.move(seconds=3600)
    assert visit not in (await (await hospital.staff(COORDINATOR)).form("/book/search", FOUND)).text


async def test_each_patient_found_has_their_own_visits(hospital: Hospital) -> None:
    visit, kai = (await booked(hospital))["visit"], await hospital.staff(COORDINATOR)
    twin = replace(BO, id="pat-twin", organization_id=ADA.organization_id)
    hospital.units.tables.patients[twin.id] = twin
    shown = (await kai.form("/book/search", FOUND)).text
    of_bo, of_twin = shown.split(f'href="/book?patient={BO.id}"')
    assert [way in of_bo for way in ways(visit)] == [True, True]
    assert f"/move/{visit}" not in of_twin
    assert "No visits ahead." in of_twin


async def test_a_visit_that_other_houses_arranged_is_not_shown(hospital: Hospital) -> None:
    appointment, kai = await booked(hospital), await hospital.staff(COORDINATOR)
    tables, theirs = hospital.units.tables, {"organization_id": RURAL.id, "patient_organization_id": RURAL.id}
    tables.appointments[appointment["id"]] = replace(tables.appointments[appointment["id"]], **theirs)
    for shown in (await kai.form("/book/search", FOUND), await kai.get(f"/book?patient={BO.id}")):
        assert shown.status == 200
        assert appointment["visit"] not in shown.text
        assert "Visits ahead" not in shown.text
    assert "appointment:read" not in hospital.actions()


async def test_what_is_begun_or_over_is_not_ahead(hospital: Hospital) -> None:
    visit, _, _ = await in_call(hospital)
    kai = await hospital.staff(COORDINATOR)
    assert visit not in (await kai.form("/book/search", FOUND)).text
    assert "This visit cannot be cancelled any more." in (await kai.get(f"/cancel/{visit}")).text
    refused = await kai.form(f"/cancel/{visit}", {})
    assert refused.status == 409
    assert 'role="alert"' in refused.text


async def test_a_visit_is_cancelled_without_scripts_and_once_for_two_presses(hospital: Hospital) -> None:
    appointment, kai = await booked(hospital), await hospital.staff(COORDINATOR)
    visit = appointment["visit"]
    asked = (await kai.get(f"/cancel/{visit}")).text
    assert "Cancel this visit?" in asked
    assert "Heart consultation" in asked
    assert (await kai.get(f"/api/v1/appointments/{appointment['id']}")).json["status"] == "booked"
    for _ in range(2):
        done = await kai.form(f"/cancel/{visit}", {})
        assert (done.status, done.headers["Location"]) == (303, f"/messages/{visit}?done=cancelled")
    shown = (await kai.get(f"/messages/{visit}?done=cancelled")).text
    assert "The visit is cancelled." in shown
    assert "Cancellation" in shown
    assert "Send the link again" not in shown
    assert [way in shown for way in ways(visit)] == [False, False]
    assert visit not in (await kai.form("/book/search", FOUND)).text
    assert hospital.actions().count("appointment:cancel") == 1
    told = [each for each in hospital.units.tables.outbox.values() if each.template == "visit-cancelled"]
    assert {each.person_id for each in told} == {BO.id}
    assert len(told) == 2  # by SMS and by e-mail


async def test_nobody_is_promised_a_message_that_does_not_go_out(hospital: Hospital) -> None:
    visit, kai = (await booked(hospital))["visit"], await hospital.staff(COORDINATOR)
    assert "The patient gets a message" in (await kai.get(f"/cancel/{visit}")).text
    unreachable(hospital)
    asked = (await kai.get(f"/cancel/{visit}")).text
    assert ("gets a message" in asked, "No message goes out." in asked) == (False, True)
    hospital.units.tables.outbox.clear()
    await kai.form(f"/cancel/{visit}", {})
    shown = (await kai.get(f"/messages/{visit}?done=cancelled")).text
    assert "No message went out about it" in shown
    assert "The list shows" not in shown
    again = (await kai.get(f"/messages/{visit}?done=again")).text
    assert "on its way" not in again


async def test_who_is_here_is_named_before_it_is_done(hospital: Hospital) -> None:
    visit, _, _ = await waiting(hospital)
    kai = await hospital.staff(COORDINATOR)
    assert "Tell them before you cancel the visit." in (await kai.get(f"/cancel/{visit}")).text


async def test_a_form_of_another_site_cancels_nothing(hospital: Hospital) -> None:
    appointment, kai = await booked(hospital), await hospital.staff(COORDINATOR)
    kai.csrf = ""
    assert (await kai.form(f"/cancel/{appointment['visit']}", {})).status == 403
    assert "appointment:cancel" not in hospital.actions()


async def test_the_visit_just_booked_and_its_messages_lead_there_too(hospital: Hospital) -> None:
    visit, kai = (await booked(hospital))["visit"], await hospital.staff(COORDINATOR)
    shown = (await kai.get(f"/messages/{visit}")).text
    assert [way in shown for way in ways(visit)] == [True, True]


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit = (await booked(hospital))["visit"]
    for who, status in ((NOOR, 404), (ADA, 403), (PIA, 403)):
        person = await hospital.staff(who)
        assert (await person.get(f"/cancel/{visit}")).status == status
        assert (await person.form(f"/cancel/{visit}", {})).status == status
    nobody = await hospital.visitor()
    assert (await nobody.get(f"/cancel/{visit}")).status in {303, 401}
    assert (await (await hospital.staff(COORDINATOR)).get(f"/book?patient={CY.id}")).status == 404
    assert "appointment:cancel" not in hospital.actions()
