"""One press signs the note, ends the visit and lets the next one in; nobody comes in past a refusal."""

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist, meet

pytestmark = [pytest.mark.journey]
BUTTON = "Sign, then admit next"
REFUSAL = {"code": "wrong-state", "detail": "Not now."}
PRESSED_AS_SIGNED = """() => {
  const signed = document.querySelector("[data-only=signed]");
  new MutationObserver(() => {
    if (signed.hidden || window.__pressed) return;
    window.__pressed = true;
    document.querySelector("#add button").click();
  }).observe(signed, { attributes: true });
}"""
PRESSED_AGAIN = """() => {
  document.querySelector("#add button").click();
  return document.activeElement.matches("#add [name=text]");
}"""


async def writes_a_note(specialist: Specialist, *, outcome: str = "no-follow-up") -> None:
    await specialist.confirms()
    await specialist.writes(history="Cough for three weeks.", plan="Rest.")
    await specialist.page.get_by_label("Outcome").select_option(outcome)
    await specialist.sees_saved()


def question(specialist: Specialist) -> Locator:
    return specialist.page.get_by_role("dialog", name="Sign the note?")


async def test_one_press_and_one_answer_bring_the_next_patient_on_show(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    """Bo is in the call, María waits: her name stands beside the button, in the question, and then on top."""
    (first, bo), (second, maria) = two
    await meet(specialist, bo, first.visit)
    await writes_a_note(specialist)
    await expect(specialist.button(BUTTON)).to_be_hidden()
    await expect(specialist.page.locator("#sign-next")).to_contain_text("Nobody is waiting.")
    await maria.waits()
    await expect(specialist.page.locator("#sign-next")).to_contain_text("first Santos, María", timeout=LIVE)
    await specialist.page.evaluate("() => { window.__stays = true; }")
    await specialist.presses(BUTTON)
    asked = question(specialist)
    await expect(asked).to_contain_text("The call is still on.")
    await expect(asked).to_contain_text("Santos, María")
    await asked.get_by_role("button", name="Sign and go on").click()
    await expect(specialist.page.locator("#consult h1")).to_contain_text("Santos, María", timeout=IN_CALL)
    await expect(specialist.page.locator("#consult h1")).to_be_focused()
    await specialist.looks_at("Picture of María Santos")
    await maria.looks_at(f"Picture of {specialist.known['name']}")
    await bo.reads("Your visit has ended.")
    assert await specialist.page.evaluate("() => window.__stays") is True
    assert (await specialist.asks("GET", f"/api/v1/visits/{first.visit}/note"))["state"] == "signed"
    told = await specialist.asks("GET", f"/api/v1/visits/{second.visit}")
    assert told["visit"]["status"] == "in-progress"
    assert specialist.troubles == []


async def test_what_is_missing_is_asked_about_and_back_to_the_note_lets_nobody_in(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    (first, bo), (second, maria) = two
    await meet(specialist, bo, first.visit)
    await maria.waits()
    await writes_a_note(specialist, outcome="")
    await specialist.presses(BUTTON)
    asked = question(specialist)
    await expect(asked).to_contain_text("No outcome is chosen.")
    await asked.get_by_role("button", name="Back to the note").click()
    await expect(asked).to_be_hidden()
    note = await specialist.asks("GET", f"/api/v1/visits/{first.visit}/note")
    told = await specialist.asks("GET", f"/api/v1/visits/{second.visit}")
    assert (note["state"], told["visit"]["status"]) == ("draft", "waiting")


async def test_a_refused_signature_ends_nothing_and_admits_nobody(
    two: list[tuple[Booked, Patient]], specialist: Specialist
) -> None:
    (first, bo), (second, maria) = two
    await meet(specialist, bo, first.visit)
    await maria.waits()
    await writes_a_note(specialist)
    await specialist.page.route("**/note/signature", lambda route: route.fulfill(status=409, json=REFUSAL))
    await specialist.presses(BUTTON)
    await question(specialist).get_by_role("button", name="Sign and go on").click()
    await specialist.reads("Not now.")
    stands = [await specialist.asks("GET", f"/api/v1/visits/{each.visit}") for each in (first, second)]
    assert [each["visit"]["status"] for each in stands] == ["in-progress", "waiting"]


async def test_the_rest_of_a_double_press_on_sign_opens_nothing(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    """The button for an addendum comes to lie where "Sign and send" was; a press a moment later is meant."""
    await meet(specialist, patient, booked.visit)
    await writes_a_note(specialist)
    page = specialist.page
    await page.evaluate(PRESSED_AS_SIGNED)
    await specialist.presses("Sign and send")
    await page.wait_for_function("() => window.__pressed && !('busy' in document.documentElement.dataset)")
    await expect(page.locator("#signed-title")).to_be_focused()
    await page.wait_for_function(PRESSED_AGAIN)
    assert specialist.troubles == []
