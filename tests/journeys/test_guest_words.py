"""A guest reads and writes in the call while they are in it, named with what they are; nothing is lost."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.journeys.test_guest import BO_TO_GUESTS, comes, link_from
from tests.journeys.test_without_websockets import OPEN, asked, block
from tests.journeys.test_words import caption, lines, types
from tests.journeys.watching import KEPT

pytestmark = [pytest.mark.journey]
BEFORE = "This is between us"
READ_TOO = "Guests in the call read this, too."


async def writes(guest: Patient, words: str) -> None:
    await guest.page.get_by_label("Write to everybody in the call").fill(words)
    await guest.presses("Send")


async def two_who_write(specialist: Specialist, patient: Patient, booked: Booked) -> None:
    """Bo and Dr Amara in their call, in which something is written already."""
    await meet(specialist, patient, booked.visit)
    await specialist.presses("Type caption")
    await patient.presses("Words")
    await types(specialist, BEFORE)
    await expect(lines(patient)).to_have_text([BEFORE])
    assert await patient.words(READ_TOO).count() == 0


async def let_in(specialist: Specialist, noor: Patient) -> None:
    """Noor comes into the call and opens what is written."""
    await specialist.page.locator("#guests").get_by_role("button", name="Let in").click(timeout=IN_CALL)
    await noor.looks_at(BO_TO_GUESTS)
    await noor.presses("Words")


async def test_a_guest_reads_what_is_written_while_they_are_in_the_call_and_writes_by_name(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await two_who_write(specialist, patient, booked)
    noor = await comes(phone, await link_from(specialist, "Noor"))
    await let_in(specialist, noor)
    for each in (patient, specialist):
        await each.reads(READ_TOO)
    await types(specialist, "Any fever?")
    await expect(lines(noor)).to_have_text(["Any fever?"])
    await writes(noor, "Since the ninth")
    for person in (patient, specialist):
        await person.is_told("Noor (Interpreter): Since the ninth")
        await expect(lines(person)).to_have_text([BEFORE, "Any fever?", "Since the ninth"])
        await expect(person.page.locator(".said .who").last).to_contain_text("Noor (Interpreter)")
    await expect(caption(specialist)).to_have_text("Noor (Interpreter): Since the ninth")
    await patient.presses("No.")
    await noor.is_told("Bo L.: No.")
    inspection = Inspection()
    for person, least in ((noor, PATIENT), (patient, PATIENT), (specialist, STAFF)):
        await inspection.look(person.page, "call-of-three-words-en", least=least)
    assert inspection.wrong == []
    assert [each.troubles for each in (specialist, patient, noor)] == [[], [], []]


async def test_a_guest_has_the_words_after_a_reload_and_none_once_they_are_removed(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await two_who_write(specialist, patient, booked)
    noor = await comes(phone, await link_from(specialist, "Noor"))
    await let_in(specialist, noor)
    await writes(noor, "Since the ninth")
    await noor.page.reload()
    await noor.looks_at(BO_TO_GUESTS)
    await noor.page.locator("[data-open-talk]").click(timeout=IN_CALL)
    await expect(lines(noor)).to_have_text(["Since the ninth"], timeout=IN_CALL)
    await specialist.page.locator("#guests").get_by_role("button", name="Remove").click()
    await noor.reads("You are no longer invited to this visit.", IN_CALL)
    await expect(patient.words(READ_TOO)).to_have_count(0)
    await types(specialist, "Between us again")
    await expect(lines(patient)).to_have_count(3)
    assert await lines(noor).count() == 1
    await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/end", {})
    await specialist.page.reload()
    who = specialist.page.locator(".said .who")
    await expect(who.filter(has_text="Noor (Interpreter)")).to_have_count(1, timeout=IN_CALL)


async def test_what_a_guest_writes_without_a_line_arrives_once_and_over_http_alone(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter
) -> None:
    await two_who_write(specialist, patient, booked)
    noor = await phone(await link_from(specialist, "Noor"))
    paths = asked(noor.page)
    await noor.page.add_init_script(KEPT)
    await block(noor)
    await noor.waits()
    await let_in(specialist, noor)
    await writes(noor, "One")
    await expect(lines(patient)).to_have_text([BEFORE, "One"])
    noor.watch.forgives("ERR_INTERNET_DISCONNECTED")
    await noor.context.set_offline(offline=True)
    await writes(noor, "Two")
    await expect(noor.page.locator("[data-pending]")).to_contain_text(["Sending…"])
    await types(specialist, "Are you there?")
    await noor.context.set_offline(offline=False)
    await expect(lines(patient)).to_have_text([BEFORE, "One", "Are you there?", "Two"], timeout=IN_CALL)
    await expect(lines(specialist)).to_have_text([BEFORE, "One", "Are you there?", "Two"])
    await expect(lines(noor)).to_have_text(["One", "Are you there?", "Two"])
    assert {"POST /live", "POST /live/events"} <= set(paths)
    assert await noor.page.evaluate(OPEN) == 0
