"""A link that opens nothing brings a new one; a link in the wrong hands is given back."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist
from tests.journeys.test_patient_pages import at, do

pytestmark = [pytest.mark.journey]


async def test_a_dead_link_is_answered_by_a_press_and_nothing_to_type(phone: Enter, booked: Booked) -> None:
    patient = await phone(link=booked.link.partition("#")[0] + "#" + "x" * 43)
    await patient.opens_link()
    await patient.reads("This link does not open a visit")
    await patient.presses("Send me a new link")
    await patient.reads("Look at your messages")
    await patient.reads("It goes to the phone number or e-mail that the clinic has from you.")
    patient.watch.forgives("404")
    assert patient.troubles == []


async def test_the_way_past_the_header_keeps_the_link(patient: Patient) -> None:
    await patient.opens_link()
    address = patient.page.url
    await patient.button("Use sound only").wait_for()
    await patient.page.keyboard.press("Tab")
    await patient.page.keyboard.press("Enter")
    await expect(patient.page.locator("main")).to_be_focused()
    assert patient.page.url == address
    await patient.presses("Use sound only")
    await expect(patient.button("Go to the waiting room")).to_be_visible(timeout=IN_CALL)


async def test_without_the_link_contact_and_birth_date_do(phone: Enter) -> None:
    patient = await phone()
    page = patient.page
    await page.goto("/v?lang=en")
    await page.get_by_role("link", name="Send me a new link").and_(page.locator(":visible")).click()
    await page.get_by_label("Your phone number or e-mail").fill("bo.lindqvist@mail.example")
    for label, part in (("Day", "14"), ("Month", "5"), ("Year", "1961")):
        await page.get_by_label(label).fill(part)
    await patient.presses("Send me a new link")
    await patient.reads("Look at your messages")
    assert patient.troubles == []


async def test_somebody_else_is_out_and_the_clinic_may_go_on(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    stranger: Patient = await phone()
    await stranger.opens_link()
    await stranger.presses("Use microphone and camera")
    await expect(stranger.button("Go to the waiting room")).to_be_visible(timeout=IN_CALL)
    await stranger.page.goto("about:blank")
    await stranger.opens_link()
    await stranger.presses("This is not me")
    await stranger.reads("This link is for somebody else")
    assert "#" not in stranger.page.url
    await stranger.page.goto(f"/v/{booked.visit}?lang=en")
    await stranger.reads("We could not open your visit")
    stranger.watch.forgives("401")
    patient = await phone()
    await patient.waits()
    assert patient.troubles == []
    assert stranger.troubles == []


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_its_pages_are_for_everybody(language: str, phone: Enter) -> None:
    patient = await phone()
    page, inspection = patient.page, Inspection()
    for name in ("new-link", "new-link?sent", "not-me"):
        await page.goto(f"/v/{name}{'&' if '?' in name else '?'}lang={language}")
        await inspection.look(page, f"patient-{name.replace('?', '-')}-{language}", least=PATIENT)
    await patient.opens_link(language)
    await at(page, "join")
    await inspection.look(page, f"patient-join-{language}", least=PATIENT)
    await do(page, "not-me")
    await page.wait_for_url("**/v/not-me**")
    assert inspection.wrong == []
    assert patient.troubles == []
