"""What is written in a call: large in the patient's language, with answers, nothing lost or shown twice."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import NARROW, PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet
from tests.journeys.test_server_killed import back, in_call, mortal
from tests.services.server import Server

__all__ = ["mortal"]
pytestmark = [pytest.mark.journey]
CUT = "one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight"
QUESTION = "How long have you had the cough?"


def lines(person: Person) -> Locator:
    """What stands in the list of what was written, the newest last."""
    return person.page.locator("[data-said] > li > p:last-child")


def caption(person: Person) -> Locator:
    return person.page.locator("[data-caption]").filter(visible=True)


async def types(specialist: Specialist, words: str) -> None:
    field = specialist.page.get_by_label("Stands large on the patient’s screen")
    await field.fill(words)
    await field.press("Enter")


async def picks(specialist: Specialist, phrase: str) -> None:
    await specialist.page.get_by_label("A phrase, which").select_option(phrase)
    await specialist.presses("Send phrase")


async def writes(patient: Patient, words: str) -> None:
    await patient.page.get_by_label("Write to the doctor").fill(words)
    await patient.presses("Send")


async def talk(specialist: Specialist, patient: Patient, visit: str) -> None:
    """Both see each other and have their words open."""
    await meet(specialist, patient, visit)
    await specialist.presses("Type caption")
    await patient.presses("Words")


async def test_a_caption_stands_large_on_the_phone_and_stays_in_the_list(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    doctor = specialist.known["name"]
    await specialist.presses("Type caption")
    await types(specialist, QUESTION)
    await expect(caption(patient)).to_have_text(QUESTION)
    large = await caption(patient).evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert large >= 24
    await patient.is_told(f"{doctor}: {QUESTION}")
    await expect(patient.page.get_by_role("button", name="Words New: 1")).to_be_visible()
    await expect(caption(specialist)).to_have_text(QUESTION)
    inspection = Inspection()
    await inspection.look(patient.page, "call-caption-en", least=PATIENT)
    await patient.page.get_by_role("button", name="Words New: 1").click()
    await expect(patient.button("Words")).to_have_attribute("aria-expanded", "true")
    await expect(lines(patient)).to_have_text([QUESTION])
    await inspection.look(patient.page, "call-words-en", least=PATIENT)
    await patient.presses("Hide me")
    await patient.reads("Your picture is off.")
    await inspection.look(patient.page, "call-words-hidden-en", least=PATIENT)
    await patient.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert not await patient.page.locator(".own-frame").evaluate(CUT), "its words fit into it"
    await inspection.look(specialist.page, "consult-words", least=STAFF)
    assert inspection.wrong == []
    await patient.presses("Close")
    await expect(patient.button("Words")).to_be_focused()
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_the_answer_reaches_the_doctor_and_is_there_to_read_when_the_visit_is_over(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await talk(specialist, patient, booked.visit)
    await types(specialist, QUESTION)
    await expect(lines(patient)).to_have_text([QUESTION])
    await patient.presses("I cannot hear you.")
    await specialist.is_told("Bo Lindqvist: I cannot hear you.")
    await writes(patient, "About two weeks <b>&amp;</b> a day")
    said = [QUESTION, "I cannot hear you.", "About two weeks <b>&amp;</b> a day"]
    for each in (specialist, patient):
        await expect(lines(each)).to_have_text(said)
    await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/end", {})
    await patient.reads("Your visit has ended.", timeout=IN_CALL)
    await expect(specialist.button("Type caption")).to_have_count(0)
    await expect(lines(specialist)).to_have_text(said)
    await specialist.page.reload()
    await expect(lines(specialist)).to_have_text(said)
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_a_phrase_reaches_the_patient_in_their_language_and_the_doctor_in_hers(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await patient.page.goto(f"/v/{booked.visit}?lang=es")
    await patient.looks_at("Imagen de")
    await specialist.presses("Type caption")
    await picks(specialist, "still")
    await expect(caption(patient)).to_have_text("Mantenga el teléfono quieto, por favor.")
    await expect(lines(specialist)).to_have_text(["Please hold the phone still."])
    await patient.page.locator("[data-open-talk]").click()
    await patient.presses("No le oigo.")
    await expect(lines(specialist)).to_have_text(["Please hold the phone still.", "I cannot hear you."])
    await patient.page.goto(f"/v/{booked.visit}?lang=ar")
    await patient.looks_at("صورة")
    await patient.page.locator("[data-open-talk]").click()
    await expect(lines(patient)).to_have_text(["من فضلك أمسك الهاتف دون أن تحركه.", "لا أسمعك."])
    inspection = Inspection()
    await inspection.look(patient.page, "call-words-ar", least=PATIENT)
    assert inspection.wrong == []
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_more_enlarges_words_reports_trouble_and_keeps_the_size(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    page = patient.page
    await patient.presses("More")
    await page.get_by_label("Very large").check()
    inspection = Inspection()
    await inspection.look(page, "call-more-en", least=PATIENT)
    assert inspection.wrong == []
    await patient.presses("The picture is bad")
    await patient.reads("Thank you. The clinic can see this.")
    await specialist.is_told("Bo Lindqvist: Report: The picture is bad")
    await expect(lines(specialist)).to_have_text(["Report: The picture is bad"])
    await page.reload()
    await patient.looks_at("Picture of")
    await patient.presses("More")
    await expect(page.get_by_label("Very large")).to_be_checked(timeout=IN_CALL)
    await page.get_by_role("link", name="español").click()
    await patient.looks_at("Imagen de")
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_loading_the_page_again_loses_and_doubles_nothing_on_either_side(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await talk(specialist, patient, booked.visit)
    await types(specialist, QUESTION)
    await writes(patient, "Two weeks")
    await expect(lines(specialist)).to_have_text([QUESTION, "Two weeks"])
    await patient.page.reload()
    await types(specialist, "Any fever?")
    await patient.looks_at("Picture of")
    await expect(patient.page.get_by_role("button", name="Words New: 1")).to_be_visible(timeout=IN_CALL)
    await patient.page.get_by_role("button", name="Words New: 1").click()
    await writes(patient, "No")
    await specialist.page.reload()
    for each in (specialist, patient):
        await expect(lines(each)).to_have_text([QUESTION, "Two weeks", "Any fever?", "No"], timeout=IN_CALL)
    assert [specialist.troubles, patient.troubles] == [[], []]


async def test_a_server_that_is_killed_while_both_write_loses_and_doubles_nothing(
    browser: Browser, mortal: Server, stack: AsyncExitStack
) -> None:
    specialist, patient, _ = await in_call(browser, mortal, stack)
    both: tuple[Person, Person] = (specialist, patient)
    await specialist.presses("Type caption")
    await patient.presses("Words")
    await types(specialist, QUESTION)
    await expect(lines(patient)).to_have_text([QUESTION])
    before = [len(each.watch.sockets) for each in both]
    for each in both:
        each.watch.forgives("WebSocket|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")

    await asyncio.gather(writes(patient, "Two weeks"), types(specialist, "Any fever?"))
    mortal.kill()
    await patient.presses("Yes.")
    await types(specialist, "How high?")
    await expect(patient.page.locator("[data-pending]")).to_contain_text(["Sending…"])
    await asyncio.to_thread(mortal.start)
    await asyncio.gather(*(back(each, count) for each, count in zip(both, before, strict=True)))
    await expect(lines(patient)).to_have_count(5, timeout=IN_CALL)
    await expect(patient.page.locator("[data-pending]")).to_have_count(0)
    said = await lines(patient).all_inner_texts()
    await expect(lines(specialist)).to_have_text(said)
    assert said[0] == QUESTION
    assert sorted(said[1:]) == sorted(["Two weeks", "Any fever?", "Yes.", "How high?"])
    assert said.index("Two weeks") < said.index("Yes.")
    assert said.index("Any fever?") < said.index("How high?")
    assert [each.troubles for each in both] == [[], []]
