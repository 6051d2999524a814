"""After the call, in Chromium: what was agreed comes by itself, one tap answers, the way back closes."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, SOON, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
A_MINUTE = 61_000
TEN_MINUTES = 600_000


def said(patient: Patient) -> Locator:
    return patient.page.get_by_text(re.compile("Your answer:"))


async def test_what_was_agreed_comes_once_it_is_signed_and_one_tap_answers(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.page.clock.install()
    await meet(specialist, patient, booked.visit)
    await specialist.confirms()
    await specialist.writes(history="Cough since the mine closed", plan="Drink a lot\nRest")
    await specialist.sees_saved()
    await specialist.presses("End visit")
    await specialist.presses("Yes, end the visit")
    await patient.page.get_by_role("heading", name="Your visit has ended.").wait_for(timeout=IN_CALL)
    await patient.reads("The doctor is still writing down what was agreed")
    await specialist.presses("Sign and send")
    await specialist.presses("Sign anyway")
    await expect(specialist.page.get_by_text("in the shared record").first).to_be_visible(timeout=SOON)
    await expect(patient.page.locator("[data-after]")).to_have_count(1)  # though told more than once
    await patient.page.clock.fast_forward(A_MINUTE)
    await expect(patient.page.get_by_role("listitem")).to_have_text(["Drink a lot", "Rest"], timeout=SOON)
    assert "mine closed" not in await patient.page.content()

    await patient.presses("Partly")
    await expect(said(patient)).to_have_text("Thank you. Your answer: Partly")
    await patient.page.get_by_label("The sound").check()
    await patient.presses("Send")
    await expect(patient.page.get_by_label("The sound")).to_be_checked()
    await expect(said(patient)).to_have_text("Thank you. Your answer: Partly: The sound")
    await expect(patient.page.locator("#feedback")).to_be_focused()
    await patient.presses("Yes")
    await expect(said(patient)).to_have_text("Thank you. Your answer: Yes")
    assert patient.troubles == []


async def test_the_question_is_answered_without_scripts(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    patient = await phone()
    await patient.waits(picture=False)
    for step in ("admit", "end"):
        await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/{step}", {})
    plain = await phone(java_script_enabled=False, storage_state=await patient.context.storage_state())
    await plain.page.goto(f"/v/{booked.visit}?lang=en")
    await plain.presses("No")
    await expect(said(plain)).to_have_text("Thank you. Your answer: No")
    await plain.page.get_by_label("Understanding each other").check()
    await plain.presses("Send")
    await expect(plain.page.get_by_label("Understanding each other")).to_be_checked()


async def test_the_way_back_after_leave_stands_open_for_ten_minutes(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.page.clock.install()
    await meet(specialist, patient, booked.visit, picture=False)
    for _ in range(2):
        await patient.presses("Leave")
        await patient.presses("Yes, leave the visit")
        await patient.presses("Go back to the call")
        await patient.reads("Connection: good", timeout=IN_CALL)
    await patient.presses("Leave")
    await patient.presses("Yes, leave the visit")
    await patient.presses("No")
    await expect(said(patient)).to_have_text("Thank you. Your answer: No")
    await expect(patient.page.locator("#feedback")).to_be_focused()
    back = patient.button("Go back to the call")
    await expect(back).to_be_visible()
    await patient.page.clock.fast_forward(TEN_MINUTES - 30_000)
    await expect(back).to_be_visible()
    await patient.page.clock.fast_forward(31_000)
    await expect(back).to_be_hidden()
    await patient.reads("To come back, open the link in your message again.")
    await patient.page.reload()
    await patient.reads("To come back, open the link in your message again.")
    await expect(back).to_be_hidden()

    await patient.page.goto("about:blank")
    await patient.opens_link()
    await patient.presses("Use sound only")
    await patient.reads("Connection: good", timeout=IN_CALL)
