"""The specialist's keys: chords press buttons, can be changed and turned off, and never disturb typing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.booking import book
from tests.journeys.conftest import known
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Patient, Specialist, meet
from tests.services.chromium import lasting
from tests.services.server import Server

pytestmark = [pytest.mark.journey]


@lasting
async def doctor(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> Specialist:
    """A specialist whose keys no other journey counts on."""
    person = await Specialist.at_desk(browser, server, known(manifest, "specialist", 1))
    stack.push_async_callback(person.context.close)
    return person


@lasting
async def in_call(
    browser: Browser, server: Server, manifest: dict[str, Any], doctor: Specialist, stack: AsyncExitStack
) -> AsyncIterator[Specialist]:
    """The doctor with a patient on the screen whom no other journey books, and the note open."""
    made = await book(doctor, manifest["patients"][4]["id"], doctor.known["id"])
    person = await Patient.with_phone(browser, server, made.link)
    stack.push_async_callback(person.context.close)
    await meet(doctor, person, made.visit)
    await doctor.confirms()
    yield doctor
    await doctor.frees(made.visit, made.appointment)


async def chooses(doctor: Specialist, **keys: str) -> None:
    page = doctor.page
    await page.goto("/settings")
    for name, chord in keys.items():
        await page.locator(f"[name='{name}']").select_option(chord)
    await doctor.presses("Save")
    await doctor.reads("Saved. An open clinic page follows")


async def test_a_changed_chord_presses_the_button_and_the_old_one_no_longer_does(in_call: Specialist) -> None:
    page, visit = in_call.page, in_call.page.url
    await page.keyboard.press("Alt+Shift+M")
    await expect(in_call.button("Unmute")).to_be_visible()
    await page.keyboard.press("Alt+Shift+M")
    await expect(in_call.button("Mute")).to_be_visible()
    await chooses(in_call, mute="Alt+Shift+K", camera="")
    await page.goto(visit)
    await in_call.looks_at("Picture of")
    await expect(in_call.button("Mute")).to_have_attribute("title", "Alt+Shift+K")
    for chord in ("Alt+Shift+M", "Alt+Shift+V"):
        await page.keyboard.press(chord)
    await expect(in_call.button("Mute")).to_be_visible()
    await expect(in_call.button("Camera off")).to_be_visible()
    await page.keyboard.press("Alt+Shift+K")
    await expect(in_call.button("Unmute")).to_be_visible()


async def test_the_note_is_signed_by_its_chord_and_left_for_the_picture_by_another(
    in_call: Specialist,
) -> None:
    page = in_call.page
    history = page.get_by_label("History", exact=True)
    await in_call.writes(history="Cough", plan="Rest. Sure?")
    await page.get_by_label("Outcome").select_option("no-follow-up")
    await history.focus()
    await page.keyboard.press("Alt+Shift+J")
    await expect(page.locator(".stage-box")).to_be_focused()
    await page.keyboard.press("Alt+Shift+J")
    await expect(history).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await in_call.reads("In the shared record")


async def test_the_list_of_keys_opens_by_a_question_mark_that_nobody_is_typing(doctor: Specialist) -> None:
    page, inspection = doctor.page, Inspection()
    await doctor.opens_clinic()
    listed = page.get_by_role("dialog", name="Keys")
    await page.keyboard.press("?")
    await expect(listed).to_contain_text("Ctrl+Enter")
    await inspection.look(page, "staff-keys")
    await listed.get_by_role("button", name="Close").click()
    await doctor.presses("Message all")
    words = page.get_by_label("Your message")
    await words.press_sequentially("Well?")
    await expect(words).to_have_value("Well?")
    await expect(listed).to_be_hidden()
    await page.goto("/settings")
    await inspection.look(page, "staff-settings")
    await page.get_by_label("The question mark shows").uncheck()
    await doctor.presses("Save")
    await doctor.opens_clinic()
    await page.keyboard.press("?")
    await doctor.presses("Keys")
    await expect(listed).to_be_visible()
    await expect(listed).not_to_contain_text("This list")
    assert inspection.wrong == []
    assert doctor.troubles == []


async def test_two_actions_with_the_same_keys_are_refused_in_words(doctor: Specialist) -> None:
    page, inspection = doctor.page, Inspection()
    await page.goto("/settings")
    await page.locator("[name='jump']").select_option("Alt+Shift+N")
    await doctor.presses("Save")
    await doctor.reads("Another action has these keys too. Give each its own.")
    await inspection.look(page, "staff-settings-refused")
    assert inspection.wrong == []
