"""GET /clinic and /clinic/{visit}: complete without scripts; the consult shows who it is about."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.integration.storage.cast import AMARA, NOOR
from tests.integration.web.hospital import STRANGER, Hospital
from tests.integration.web.journeys import booked, in_call, waiting


async def test_the_list_shows_the_waiting_patient_with_admit(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    shown = await amara.get("/clinic")
    assert shown.status == 200
    assert f'data-visit="{visit}"' in shown.text
    assert "Lindqvist-Ødegaard, Bo" in shown.text
    assert "In room" in shown.text
    assert 'src="/static/clinic-ABC.js"' in shown.text
    assert 'href="/static/chunk-1.js"' in shown.text


async def test_the_consult_shows_identity_and_asks_for_confirmation_before_the_note(
    hospital: Hospital,
) -> None:
    visit, amara, _ = await waiting(hospital)
    shown = await amara.get(f"/clinic/{visit}")
    assert shown.status == 200
    assert "19610417-2384" in shown.text
    assert 'aria-label="Picture of Bo Lindqvist-Ødegaard"' in shown.text
    assert 'data-confirmed="false"' in shown.text
    confirmation = shown.text.partition('<form id="confirmation"')[2].partition(">")[0]
    note = shown.text.partition('<form id="note"')[2].partition(">")[0]
    assert "hidden" not in confirmation
    assert "hidden" in note


async def test_links_beside_the_list_are_as_high_as_a_finger_and_say_where_they_lead(
    hospital: Hospital,
) -> None:
    visit, amara, _ = await waiting(hospital)
    shown = (await amara.get(f"/clinic/{visit}")).text
    links = dict(re.findall(r'<a ([^>]*target="_blank"[^>]*)>([^<]+)<', shown))
    words = {said: facts for facts, said in links.items()}
    for said in ("Notes to sign of all days", "The day in figures", "Messages of a visit"):
        assert 'class="quiet"' in words[said]
    assert '<a href="/messages">Undelivered messages</a>' in shown
    assert "<h1>Undelivered messages</h1>" in (await amara.get("/messages")).text


async def test_a_visit_by_phone_is_not_ended_beside_the_number(hospital: Hospital) -> None:
    visit, amara, _ = await waiting(hospital)
    await amara.post(f"/api/v1/visits/{visit}/phone")
    shown = (await amara.get(f"/clinic/{visit}")).text
    note = shown.partition('<p class="note info by-phone"')[2].partition("</p>")[0]
    assert 'data-do="copy"' in note
    assert 'data-do="end"' not in note
    assert '<p data-only="phone-end"><button type="button" class="button danger" data-do="end">' in shown


async def test_a_confirmed_visit_shows_the_note(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "history": "Cough <3 weeks>"})
    shown = await amara.get(f"/clinic/{visit}")
    assert "Cough &lt;3 weeks&gt;" in shown.text
    assert 'data-version="1"' in shown.text


async def test_a_signed_note_is_locked_and_names_its_place_in_the_record(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    await amara.put(f"/api/v1/visits/{visit}/note", {"version": 0, "plan": "Rest"})
    await amara.post(f"/api/v1/visits/{visit}/note/signature", {"version": 1})
    await amara.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "Rang back"})
    shown = await amara.get(f"/clinic/{visit}")
    assert "In the shared record, version" in shown.text
    assert "Rang back" in shown.text


async def test_a_time_after_midnight_says_its_day(hospital: Hospital) -> None:
    made = await booked(hospital)
    table = hospital.units.tables.appointments
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)  # in Berlin, where Tuesday begins
    start = midnight + timedelta(minutes=20)
    table[made["id"]] = replace(table[made["id"]], start=start, end=start + timedelta(minutes=20))
    hospital.clock.at = midnight - timedelta(hours=2)
    amara = await hospital.staff(AMARA)
    assert 'data-fill="weekday">Tue<' in (await amara.get("/clinic")).text
    hospital.clock.at = midnight
    amara = await hospital.staff(AMARA)
    shown = (await amara.get("/clinic")).text
    assert ">00:20<" in shown
    assert 'data-fill="weekday">Tue<' not in shown


async def test_an_empty_day_says_so(hospital: Hospital) -> None:
    stranger = await hospital.staff(STRANGER)
    shown = await stranger.get("/clinic")
    assert "There are no visits today." in shown.text


async def test_a_stranger_is_refused(hospital: Hospital) -> None:
    visit, _, _ = await waiting(hospital)
    stranger = await hospital.staff(STRANGER)
    foreign = await stranger.get(f"/clinic/{visit}")
    random = await stranger.get("/clinic/019a0000-0000-7000-8000-000000000000")
    assert foreign.status == random.status == 404
    assert "Lindqvist" not in foreign.text


async def test_clinic_staff_have_no_clinic_of_their_own(hospital: Hospital) -> None:
    noor = await hospital.staff(NOOR)
    assert (await noor.get("/clinic")).status == 403
    assert hospital.refusals == [(NOOR.id, "not-permitted", "GET /clinic")]


async def test_nobody_is_sent_to_sign_in_and_back(hospital: Hospital) -> None:
    nobody = await hospital.visitor()
    sent = await nobody.get("/clinic")
    assert (sent.status, sent.headers["Location"]) == (303, "/sign-in?next=/clinic")


async def test_an_outcome_that_wants_a_follow_up_leads_to_its_booking(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    link = re.compile(r'<p data-only="follow-up"( hidden)?><a[^>]*href="([^"]+)">Book the follow-up<')
    for version, outcome in enumerate(("referred", "follow-up-video")):
        await amara.put(f"/api/v1/visits/{visit}/note", {"version": version, "outcome": outcome})
        hidden, address = link.findall((await amara.get(f"/clinic/{visit}")).text)[0]
        assert bool(hidden) is (outcome == "referred")
    shown = (await amara.get(html.unescape(address))).text
    assert "Bo Lindqvist-Ødegaard" in shown
    assert shown.count(" selected>") == 3  # service and specialist of this visit, in any language
