"""A record that is withheld from its visit's specialist, in Chromium: they read why, not an error."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.booking import book
from tests.journeys.conftest import CONFIRMED, Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.late import Late
from tests.journeys.people import Patient, Specialist

pytestmark = [pytest.mark.journey]
DENIED = "The patient does not let you read their record. Ask them what you need to know."
UNMET = "You booked this visit yourself and have not met this patient."
UNMET_PHONE = "+4915155500919"
ESTHER = {
    "given": "Esther",
    "family": "Mwangi",
    "birth_date": "1974-08-11",
    "phone": "+4915155500918",
    "language": "en",
    "zone": "Europe/Berlin",
}


async def denies(esther: Patient, visit: str, name: str, inspection: Inspection) -> None:
    page = esther.page
    await page.goto(f"/v/{visit}/sharing?lang=en")
    await page.get_by_text("Some people must not read it").click()
    await page.get_by_label(name).check()
    await esther.reads("Your allergies stay in view for whoever treats you, for your safety.")
    await inspection.look(page, "sharing-denied", least=PATIENT)
    await esther.presses("Save")
    await esther.reads("Saved. It holds from now on.")


async def test_who_is_denied_reads_so_in_the_record_and_beside_the_note(
    doctor: Specialist, phone: Enter
) -> None:
    inspection = Inspection()
    person = await doctor.asks("POST", "/api/v1/patients", ESTHER)
    booked = await book(doctor, person["id"], doctor.known["id"])
    esther = await phone(booked.link)
    await esther.waits(picture=False)
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/admit", {})
    await doctor.asks("PUT", f"/api/v1/visits/{booked.visit}/confirmation", CONFIRMED)
    await denies(esther, booked.visit, doctor.known["name"], inspection)

    await doctor.opens_visit(booked.visit)
    page = doctor.page
    await page.get_by_text("Patient record").click()
    await expect(page.locator("[data-recorded]")).to_have_text(DENIED)
    await page.get_by_text("Help with writing").click()
    await page.get_by_role("button", name="Problems into Assessment").click()
    await expect(page.locator("[data-aid-said]")).to_have_text(DENIED)
    await expect(page.get_by_label("Assessment", exact=True)).to_have_value("")
    await inspection.look(page, "staff-consult-denied")
    await doctor.frees(booked.visit, booked.appointment)
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_who_booked_a_stranger_for_themselves_reads_why_the_record_is_not_open_yet(
    doctor: Specialist, phone: Enter
) -> None:
    inspection = Inspection()
    person = await doctor.asks("POST", "/api/v1/patients", ESTHER | {"given": "Ruth", "phone": UNMET_PHONE})
    booked = await book(doctor, person["id"], doctor.known["id"])
    page, asked = doctor.page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    await doctor.opens_visit(booked.visit)
    await expect(page.locator(".allergies")).to_contain_text("not in view now")
    await page.get_by_text("Patient record").click()
    await expect(page.locator("[data-recorded]")).to_contain_text(UNMET)
    await expect(page.locator("[data-recorded]").get_by_role("link", name="Emergency access")).to_be_visible()
    await inspection.look(page, "staff-consult-unmet")

    ruth = await phone(booked.link)
    await expect(page.locator(".allergies")).to_contain_text("not in view now")
    await ruth.waits(picture=False)
    await ruth.page.goto(f"/v/{booked.visit}/sharing?lang=en")
    await ruth.reads("You can choose this as soon as the clinic has asked who you are")
    await expect(ruth.page.get_by_role("button", name="Save")).to_have_count(0)
    await inspection.look(ruth.page, "sharing-early", least=PATIENT)
    await ruth.page.goto(f"/v/{booked.visit}/sharing?lang=ar")
    await inspection.look(ruth.page, "sharing-early-arabic", least=PATIENT)

    await expect(page.locator(".allergies")).to_contain_text("nothing written yet")
    tried = [url for url in asked if url.endswith("/allergies")]
    assert tried == [], "what may still be withheld was asked for: each is a refused try in the audit log"
    await page.get_by_text("Patient record").click()
    await page.get_by_text("Patient record").click()
    await expect(page.locator("[data-recorded]")).not_to_contain_text(UNMET)
    await doctor.frees(booked.visit, booked.appointment)
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_allergies_that_come_late_do_not_stand_under_the_next_patients_name(
    doctor: Specialist, phone: Enter
) -> None:
    visits = []
    for at, given in enumerate(("Naomi", "Tirza")):
        about = ESTHER | {"given": given, "phone": f"+491515550093{at}"}
        person = await doctor.asks("POST", "/api/v1/patients", about)
        visits.append(await book(doctor, person["id"], doctor.known["id"]))
    naomi, tirza = visits
    await doctor.opens_visit(naomi.visit)
    page, line = doctor.page, doctor.page.locator("#consult .allergies")
    await expect(line).to_contain_text("not in view now")
    answer = Late(page, re.compile(f"/visits/{naomi.visit}(/allergies)?$"))
    await answer.holds()
    await (await phone(naomi.link)).waits(picture=False)
    await answer.was_asked_for()
    await doctor.turns_to(tirza.visit)
    await answer.comes()
    assert "not in view now" in await line.inner_text()
    await expect(page.locator("#consult")).to_have_attribute("data-status", "booked")
    await doctor.opens_visit(naomi.visit)
    await expect(line).to_contain_text("nothing written yet")
    for visit in visits:
        await doctor.frees(visit.visit, visit.appointment)
    assert doctor.troubles == []
