"""A record that is opened in an emergency: by whom, for how long, and who is told."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from telehealth.domain.audit import AuditAction
from telehealth.domain.glass import glass_of
from telehealth.domain.outbox import Channel
from telehealth.domain.people import Practitioner
from telehealth.services import own_trail
from telehealth.services.glass_review import SHOWN_WAITING
from tests.arrivals import WEIGHT, changed
from tests.integration.storage.cast import AMARA, BO, CY, NOOR, RURAL
from tests.integration.web.hospital import ADA, COORDINATOR, ORIGIN, PIA, STRANGER, Hospital, Person
from tests.integration.web.journeys import in_call
from tests.integration.web.test_after_the_visit import over
from tests.integration.web.test_fhir_writing import sent
from tests.integration.web.test_who_has_read import lines

WHY = "Found unconscious in the street, <nobody> with her."
FOUND = "The ambulance's report says the same."
BY_PHONE = {"phone": BO.phone}


async def fresh(hospital: Hospital, who: Practitioner) -> Person:
    """Somebody of the staff with a second factor of this minute."""
    person = await hospital.staff(who)
    assert (await person.form("/step-up", {"code": hospital.code()})).status == 303
    return await renewed(person)


async def renewed(person: Person) -> Person:
    person.csrf = (await person.get("/api/v1/session")).json["csrf"]
    return person


async def broken(person: Person, patient: str = BO.id, why: str = WHY) -> str:
    """The address of a record that was just opened."""
    opened = await person.form("/emergency", {"patient": patient, "reason": why, **BY_PHONE})
    assert opened.status == 303, opened.text
    return opened.headers["Location"]


async def test_a_stranger_reads_the_record_for_an_hour_and_no_longer(hospital: Hospital) -> None:
    visit, amara, _ = await over(hospital)
    note = (await amara.get(f"/api/v1/visits/{visit}/note")).json["record"]["composition"]
    await amara.post(f"/api/v1/visits/{visit}/note/addenda", {"text": "Potassium 4.1"})
    cyd = await fresh(hospital, STRANGER)
    assert (await cyd.get(f"/fhir/R4/Composition/{note}")).status == 404
    found = await cyd.form("/emergency/search", BY_PHONE)
    assert (f'value="{BO.id}" required checked' in found.text, "Why do you need" in found.text) == (
        True,
        True,
    )
    address = await broken(cyd)
    shown = await cyd.get(address)
    assert (shown.status, shown.headers["Refresh"]) == (200, "3600")
    for words in (
        BO.name.full,
        "&lt;nobody&gt;",
        "Cough since the mine closed",
        AMARA.display,
        "<strong>Outcome</strong><br><bdi>Follow-up by video</bdi>",
        "<strong>When</strong><br><bdi>2 weeks</bdi>",
        "<strong>Addendum</strong><br><bdi>Potassium 4.1</bdi>",
        "Close the record",
    ):
        assert words in shown.text
    assert (await cyd.get(f"/fhir/R4/Composition/{note}")).status == 200
    hospital.clock.move(minutes=59)
    assert (await (await hospital.staff(STRANGER)).get(address)).status == 200
    hospital.clock.move(minutes=1)
    late = await hospital.staff(STRANGER)
    assert (await late.get(f"/fhir/R4/Composition/{note}")).status == 404
    over_now = await late.get(address)
    assert (over_now.status, "is over" in over_now.text, BO.name.full in over_now.text) == (409, True, False)


async def test_it_opens_reading_only_and_this_patient_only(hospital: Hospital) -> None:
    visit, amara, _ = await in_call(hospital)
    cyd = await fresh(hospital, STRANGER)
    await broken(cyd)
    assert (await sent(amara, WEIGHT)).status == 201
    assert (await sent(cyd, changed(WEIGHT, identifier=None))).status == 404
    assert (await cyd.get(f"/fhir/R4/Condition?patient={BO.id}")).status == 200
    assert (await cyd.get(f"/fhir/R4/Condition?patient={CY.id}")).status == 404
    assert (await cyd.get(f"/fhir/R4/Patient/{BO.id}/$summary")).status == 200
    assert (await cyd.get(f"/fhir/R4/Patient/{CY.id}/$summary")).status == 404
    assert (await cyd.get(f"/api/v1/visits/{visit}/note")).status == 404
    assert (await cyd.get(f"/recordings/{visit}")).status == 404
    assert (await amara.get(f"/fhir/R4/Condition?patient={BO.id}")).status == 200


async def test_every_reading_behind_it_is_told_as_one(hospital: Hospital) -> None:
    cyd = await fresh(hospital, STRANGER)
    await cyd.form("/emergency/search", BY_PHONE)
    glass = (await broken(cyd)).rpartition("/")[2]
    await cyd.get(f"/emergency/{glass}")
    await cyd.get(f"/fhir/R4/Condition?patient={BO.id}")
    await cyd.form(f"/emergency/{glass}/close", {})
    told = [
        (each.action, each.patient_ids)
        for each in hospital.units.tables.entries.values()
        if glass_of(each.reason) == glass
    ]
    actions = ("GLASS_BROKEN", "RECORD_READ", "RECORD_SEARCHED", "GLASS_CLOSED")
    assert told == [(AuditAction[each], (BO.id,)) for each in actions]
    assert all(WHY not in repr(each) for each in hospital.units.tables.entries.values())
    assert (await cyd.get(f"/emergency/{glass}")).status == 409
    pia = await hospital.staff(PIA)
    events = await pia.get(f"/fhir/R4/AuditEvent?patient={BO.id}")
    assert events.text.count('"BTG"') == 5  # the search before it, too
    log = (await pia.get(f"/audit?patient={BO.id}")).text
    assert ("Record opened in an emergency" in log, "&lt;nobody&gt;" in log) == (True, True)


async def test_the_officer_reviews_it_and_what_is_not_justified_ends(hospital: Hospital) -> None:
    cyd, pia = await fresh(hospital, STRANGER), await hospital.staff(PIA)
    address = await broken(cyd)
    review = address.replace("/emergency/", "/reviews/")
    waiting = (await pia.get("/reviews")).text
    for words in ("&lt;nobody&gt;", STRANGER.display, BO.name.listed, f'action="{review}"', "Open now"):
        assert words in waiting
    short = await pia.form(review, {"finding": "unjustified", "words": "No."})
    assert (short.status, "others can judge" in short.text) == (422, True)
    assert (await cyd.get(address)).status == 200
    assert (await cyd.get(f"/fhir/R4/Patient/{BO.id}/$summary")).status == 200
    assert (await cyd.get(f"/fhir/R4/Patient/{BO.id}/$everything")).status == 403
    assert (await pia.form(review, {"finding": "unjustified", "words": FOUND})).status == 303
    assert (await cyd.get(address)).status == 409
    again = await cyd.form("/emergency", {"patient": BO.id, "reason": WHY, **BY_PHONE})
    assert (again.status, "not accepted" in again.text) == (403, True)
    done = (await pia.get("/reviews")).text
    assert ("Nothing waits for a review." in done, "Not justified" in done) == (True, True)
    assert (await pia.form(review, {"finding": "justified", "words": FOUND})).status == 409
    [entry] = [e for e in hospital.units.tables.entries.values() if e.action is AuditAction.GLASS_REVIEWED]
    assert (entry.actor_id, entry.patient_ids) == (PIA.id, (BO.id,))


async def test_of_very_many_the_officer_is_shown_those_that_wait_longest(hospital: Hospital) -> None:
    glass = (await broken(await fresh(hospital, STRANGER))).rpartition("/")[2]
    pia = await hospital.staff(PIA)
    first = hospital.units.tables.glasses[glass]
    for number in range(1, SHOWN_WAITING):
        later = replace(first, id=f"later-{number}", opened_at=first.opened_at + timedelta(minutes=number))
        hospital.units.tables.glasses[later.id] = later
    shown = (await pia.get("/reviews")).text
    assert ("Only the oldest" in shown, shown.count('name="words"')) == (False, SHOWN_WAITING)
    last = replace(later, id="last", opened_at=later.opened_at + timedelta(minutes=1))
    hospital.units.tables.glasses[last.id] = last
    shown = (await pia.get("/reviews")).text
    assert f"Only the oldest {SHOWN_WAITING} are shown." in shown
    there = [f'action="/reviews/{each}"' in shown for each in (glass, "later-1", "last")]
    assert there == [True, True, False]
    assert shown.index(f'"/reviews/{glass}"') < shown.index('"/reviews/later-1"')


async def test_the_patient_reads_who_did_and_why(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    cyd = await fresh(hospital, STRANGER)
    await cyd.form("/emergency/search", BY_PHONE)
    await cyd.get(await broken(cyd))
    told = [each for each in await lines(bo, visit) if STRANGER.display in each]
    found = told.pop()
    assert "Your name and how to reach you, in an emergency" in found
    assert {re.sub(r" \d\d:\d\d.*$", "", each).partition("Your health record")[2] for each in told} == {
        ", in an emergency",
        f" was opened in an emergency Reason: {WHY.replace('<', '&lt;').replace('>', '&gt;')}",
    }


async def test_no_amount_of_reading_takes_the_reason_off_the_patients_page(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_trail, "NEWEST", 2)
    visit, _, bo = await over(hospital)
    cyd = await fresh(hospital, STRANGER)
    address = await broken(cyd)
    for _ in range(3):
        await cyd.get(address)
    assert any("was opened in an emergency" in each for each in await lines(bo, visit))


async def test_it_needs_a_fresh_code_and_a_sentence(hospital: Hospital) -> None:
    cyd = await hospital.staff(STRANGER)
    hospital.clock.move(minutes=6)
    body = {"patient": BO.id, "reason": WHY, **BY_PHONE}
    for asked in (cyd.get("/emergency"), cyd.form("/emergency?next=/emergency", body)):
        answer = await asked
        assert (answer.status, answer.headers["Location"]) == (303, "/step-up?next=/emergency")
    cyd = await fresh(hospital, STRANGER)
    refused = await cyd.form("/emergency", body | {"reason": "  urgent  "})
    assert (refused.status, BO.name.listed in refused.text, "urgent" in refused.text) == (422, True, True)
    assert (await cyd.form("/emergency/search", {"family": BO.name.family})).status == 422
    assert hospital.units.tables.glasses == {}


async def test_who_treats_the_patient_needs_none_and_a_second_press_makes_none(hospital: Hospital) -> None:
    await in_call(hospital)
    amara = await fresh(hospital, AMARA)
    refused = await amara.form("/emergency", {"patient": BO.id, "reason": WHY, **BY_PHONE})
    assert (refused.status, "You have a visit with this patient" in refused.text) == (409, True)
    cyd = await fresh(hospital, STRANGER)
    assert await broken(cyd) == await broken(cyd)
    assert len(hospital.units.tables.glasses) == 1


async def test_nobody_opens_many_within_an_hour(hospital: Hospital) -> None:
    cyd = await fresh(hospital, STRANGER)
    for _ in range(3):
        await cyd.form(f"{await broken(cyd)}/close", {})
    body = {"patient": BO.id, "reason": WHY, **BY_PHONE}
    refused = await cyd.form("/emergency", body)
    assert (refused.status, "several records" in refused.text) == (429, True)
    assert int(refused.headers["Retry-After"]) > 3000
    assert hospital.refusals == [(STRANGER.id, "enough-opened", "POST /emergency")]
    hospital.clock.move(minutes=60)
    await broken(await fresh(hospital, STRANGER))


async def test_whose_record_was_meant_stands_in_the_log_of_a_refused_try(hospital: Hospital) -> None:
    visit, _, bo = await over(hospital)
    await bo.form(f"/v/{visit}/sharing", {"sharing": "all", "version": "0"})
    cyd = await fresh(hospital, STRANGER)
    await cyd.form("/emergency", {"patient": BO.id, "reason": WHY, **BY_PHONE})
    [entry] = [e for e in hospital.units.tables.entries.values() if e.action is AuditAction.ACCESS_REFUSED]
    assert (entry.actor_id, entry.patient_ids, entry.outcome) == (STRANGER.id, (BO.id,), "refused")
    assert (entry.entity, entry.reason) == ("POST /emergency", "not-permitted")
    assert hospital.units.tables.glasses == {}


async def test_the_officers_get_a_letter_that_names_nobody(hospital: Hospital) -> None:
    await broken(await fresh(hospital, STRANGER))
    [told] = [each for each in hospital.units.tables.outbox.values() if each.template == "glass-broken"]
    assert (told.person_id, told.channel) == (PIA.id, Channel.EMAIL)
    assert told.values == {"url": f"{ORIGIN}/reviews", "expires": hospital.clock.at.isoformat()}


async def test_another_session_gives_no_more_tries(hospital: Hospital) -> None:
    first, second = await fresh(hospital, STRANGER), await fresh(hospital, STRANGER)
    found = [(await each.form("/emergency/search", BY_PHONE)).status for each in [first, second] * 11]
    assert found.count(429) == 2


async def test_officers_of_other_houses_have_nothing_to_do_with_it(hospital: Hospital) -> None:
    async with hospital.units.writing() as uow:
        person = await uow.directory.practitioner(PIA.id)
    assert person is not None
    cyd = await fresh(hospital, STRANGER)
    glass = (await broken(cyd)).rpartition("/")[2]
    kept = hospital.units.tables.glasses
    kept[glass] = type(kept[glass])(
        **{name: getattr(kept[glass], name) for name in kept[glass].__slots__}
        | {"organization_id": RURAL.id, "reader_organization_id": RURAL.id}
    )
    pia = await hospital.staff(PIA)
    assert "Nothing waits for a review." in (await pia.get("/reviews")).text
    for id_ in (glass, "019a0000-0000-7000-8000-000000000000"):
        answer = await pia.form(f"/reviews/{id_}", {"finding": "justified", "words": FOUND})
        assert answer.status == 404


@pytest.mark.parametrize("who", [NOOR, ADA, COORDINATOR, PIA], ids=lambda each: each.role)
async def test_a_stranger_is_refused(hospital: Hospital, who: Practitioner) -> None:
    address = await broken(await fresh(hospital, STRANGER))
    somebody = await fresh(hospital, who)
    body = {"patient": BO.id, "reason": WHY, **BY_PHONE}
    assert (await somebody.get("/emergency")).status == 403
    assert (await somebody.get(address)).status == 403
    for path, fields in (("", body), ("/search", BY_PHONE)):
        assert (await somebody.form(f"/emergency{path}", fields)).status == 403
    assert (await somebody.form(f"{address}/close", {})).status == 403
    if who is not PIA:
        assert (await somebody.get("/reviews")).status == 403
        review = address.replace("/emergency/", "/reviews/")
        assert (await somebody.form(review, {"finding": "justified", "words": FOUND})).status == 403


async def test_another_specialists_is_not_there_even_for_who_treats_the_patient(hospital: Hospital) -> None:
    await in_call(hospital)
    address = await broken(await fresh(hospital, STRANGER))
    amara = await fresh(hospital, AMARA)
    assert (await amara.get(address)).status == 404
    assert (await amara.form(f"{address}/close", {})).status == 404
