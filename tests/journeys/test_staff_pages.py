"""Every page of staff, as it stands at each step of a day: for everybody who works with them."""

import re
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import Enter, known
from tests.journeys.inspecting import Inspection
from tests.journeys.people import DESK, IN_CALL, PHONE, Specialist, Staff, own_window
from tests.services.server import Server, code, fresh_code

pytestmark = [pytest.mark.journey]
TABLET = {"width": 768, "height": 1024}
LONG = "Maximiliane-Charlotte Henriette von Hohenstein-Wassermann zu Reichelsheim"


async def test_the_way_in_is_for_everybody(
    browser: Browser, server: Server, manifest: dict[str, Any]
) -> None:
    """Sign-in with a wrong password and a right one, the lock, and the doors for those without a password."""
    who = known(manifest, "specialist", 1)
    person = Staff(*await own_window(browser, server, viewport=DESK), known=who)
    page, inspection = person.page, Inspection()
    await through_sign_in(person, inspection)
    for path in ("sessions", "step-up", "feedback", "nowhere"):
        await page.goto(f"/{path}")
        await inspection.look(page, f"staff-{path}")
    await page.goto("/account/authenticator")
    await inspection.look(page, "staff-authenticator")
    await page.goto("/clinic")
    await person.presses("Lock")
    await expect(page.get_by_role("heading", name="Screen locked")).to_be_visible()
    await inspection.look(page, "staff-locked")
    for path in ("forgotten", "invitation"):
        await page.goto(f"/{path}")
        await inspection.look(page, f"staff-{path}")
    person.watch.forgives("status of 40[0134]")  # the wrong password, the page that is not there
    assert inspection.wrong == []
    assert person.troubles == []
    await person.context.close()


async def through_sign_in(person: Staff, inspection: Inspection) -> None:
    """A wrong password first."""
    page, who = person.page, person.known
    await page.goto("/sign-in")
    await inspection.look(page, "staff-sign-in")
    await page.get_by_label("E-mail").fill(who["email"])
    await page.get_by_label("Password").fill("not the password")
    await person.presses("Sign in")
    await expect(page.get_by_role("alert")).to_be_visible()
    await inspection.look(page, "staff-sign-in-refused")
    await page.get_by_label("E-mail").fill(who["email"])
    await page.get_by_label("Password").fill(who["password"])
    await person.presses("Sign in")
    await expect(page.get_by_label("Code")).to_be_visible()
    await inspection.look(page, "staff-code")
    await page.get_by_label("Code").fill(code(who["totp_secret"]))
    await person.presses("Sign in")
    await page.wait_for_url("**/clinic")


async def test_clinic_and_consult_are_for_everybody(
    browser: Browser, server: Server, manifest: dict[str, Any], phone: Enter, stack: AsyncExitStack
) -> None:
    """A whole consultation with the demo's longest name, looked at wherever the page changes."""
    doctor = await Specialist.at_desk(browser, server, known(manifest, "specialist", 2))
    stack.push_async_callback(doctor.context.close)
    page, inspection = doctor.page, Inspection()
    visit = next(each for each in manifest["visits"] if each["patient"] == LONG)
    patient = await phone(visit["join_url"])
    await doctor.opens_clinic()
    await inspection.look(page, "staff-clinic")
    assert len(await inspection.walk(page, "clinic")) > 5
    await doctor.opens_visit(visit["id"])
    await inspection.look(page, "staff-consult-absent")
    await patient.waits()
    await expect(page.locator("#consult").get_by_role("button", name="Admit")).to_be_visible(timeout=IN_CALL)
    await inspection.look(page, "staff-consult-waiting")
    await doctor.admits()
    await doctor.looks_at("Picture of")
    await inspection.look(page, "staff-consult-call")
    assert len(await inspection.walk(page, "consult")) > 8
    await doctor.presses("Confirm and open the note")
    await doctor.reads("Write where the patient is now.")
    await inspection.look(page, "staff-consult-refused")
    await through_the_note(doctor, inspection)
    doctor.watch.forgives("status of 422")  # the confirmation without a place
    assert inspection.wrong == []
    assert doctor.troubles == []


async def through_the_note(doctor: Specialist, inspection: Inspection) -> None:
    page = doctor.page
    await doctor.confirms()
    await doctor.writes(history="Rash on both arms since Friday.", plan="Cream twice a day.")
    await page.get_by_label("Outcome").select_option("no-follow-up")
    await doctor.sees_saved()
    await inspection.look(page, "staff-consult-note")
    assert "Sign and send" in await inspection.walk(page, "note")
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record")
    await inspection.look(page, "staff-consult-signed")
    await doctor.presses("End visit")
    await doctor.reads("The visit has ended.")
    await inspection.look(page, "staff-consult-ended")
    await doctor.opens_clinic()
    await inspection.look(page, "staff-clinic-later")


async def test_booking_is_for_everybody(coordinator: Staff) -> None:
    page, inspection = coordinator.page, Inspection()
    await page.goto("/book")
    await inspection.look(page, "staff-book")
    await coordinator.presses("Find")
    await inspection.look(page, "staff-book-refused")
    await page.get_by_label("ID number").fill("nobody")
    await coordinator.presses("Find")
    await inspection.look(page, "staff-book-nobody")
    await page.get_by_label("ID number").fill("LDH-4430")
    await coordinator.presses("Find")
    await inspection.look(page, "staff-book-found")
    await page.get_by_role("link", name=re.compile("Book for this patient")).click()
    await inspection.look(page, "staff-book-time")
    await coordinator.presses("Show free times")
    await inspection.look(page, "staff-book-slots")
    await page.locator(".slots a").first.click()
    await inspection.look(page, "staff-book-confirm")
    await coordinator.presses("Book this visit")
    await inspection.look(page, "staff-booked")
    await page.goto("/patients/new")
    await inspection.look(page, "staff-new-patient")
    coordinator.watch.forgives("status of 422")  # the search without a word
    assert inspection.wrong == []
    assert coordinator.troubles == []


async def test_a_new_colleague_is_invited_and_signs_in(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    """The administrator invites; the link, a password and an authenticator make the account."""
    ada = await Staff.at_desk(browser, server, known(manifest, "administrator"))
    stack.push_async_callback(ada.context.close)
    inspection = Inspection()
    await ada.page.goto("/feedback/counts")
    await inspection.look(ada.page, "staff-feedback-counts")
    await ada.page.goto("/people")
    await ada.page.locator("#hours summary").first.click()
    await inspection.look(ada.page, "staff-people")
    await ada.page.get_by_label("Role").select_option("specialist")
    await ada.page.get_by_label("Title").fill("Dr")
    await ada.page.get_by_label("Given name").fill("Ines")
    await ada.page.get_by_label("Family name").fill("Moreau")
    await ada.page.get_by_label("E-mail").fill("ines.moreau@hospital.example")
    await ada.presses("Send the invitation")
    link = await ada.page.get_by_label("The link, shown this once").input_value()
    await inspection.look(ada.page, "staff-invited")

    ines = Staff(*await own_window(browser, server, viewport=DESK))
    stack.push_async_callback(ines.context.close)
    await joins(ines, link, inspection)
    assert inspection.wrong == []
    assert [ada.troubles, ines.troubles] == [[], []]


async def joins(ines: Staff, link: str, inspection: Inspection) -> None:
    """The link, a password, an authenticator, and then the way in that everybody takes."""
    await ines.page.goto(link)
    await ines.presses("Continue")
    await inspection.look(ines.page, "staff-welcome")
    secret = (await ines.page.locator("code").inner_text()).replace(" ", "")
    await ines.page.get_by_label("Password").fill("four kettles sing at dawn")
    first = code(secret)
    await ines.page.get_by_label("Code").fill(first)
    await ines.presses("Save")
    await expect(ines.page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    await inspection.look(ines.page, "staff-recovery-codes")
    await ines.page.get_by_role("link", name="Go to sign-in").click()
    await ines.page.get_by_label("E-mail").fill("ines.moreau@hospital.example")
    await ines.page.get_by_label("Password").fill("four kettles sing at dawn")
    await ines.presses("Sign in")
    await ines.page.get_by_label("Code").fill(await fresh_code(secret, first))
    await ines.presses("Sign in")
    await expect(ines.page.get_by_role("heading", name="Clinic today")).to_be_visible()
    await inspection.look(ines.page, "staff-clinic-empty")


async def test_the_audit_log_is_for_everybody(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    pia = await Staff.at_desk(browser, server, known(manifest, "privacy_officer"))
    stack.push_async_callback(pia.context.close)
    inspection = Inspection()
    for path in ("audit", "resets"):
        await pia.page.goto(f"/{path}")
        await inspection.look(pia.page, f"staff-{path}")
    assert inspection.wrong == []
    assert pia.troubles == []


async def test_on_a_phone_nobody_moves_the_table_of_people_aside(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    ada = await Staff.at_desk(browser, server, known(manifest, "administrator"), viewport=PHONE)
    stack.push_async_callback(ada.context.close)
    await ada.page.goto("/people?lang=en")
    table = ada.page.get_by_role("region", name="People")
    assert await table.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    close = table.get_by_role("row", name="Carla Neumann").get_by_role("button", name="Close account")
    await close.scroll_into_view_if_needed()
    await expect(close).to_be_in_viewport(ratio=1)


async def test_on_a_phone_and_a_tablet_the_pages_stand_behind_one_button(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> None:
    ada = await Staff.at_desk(browser, server, known(manifest, "administrator"), viewport=PHONE)
    stack.push_async_callback(ada.context.close)
    await ada.page.goto("/people?lang=en")
    link = ada.page.get_by_role("link", name="Reminders", exact=True)
    await expect(link).to_be_hidden()
    bar = await ada.page.locator(".bar").bounding_box()
    assert bar
    assert bar["height"] < 60, "one line"
    await ada.page.keyboard.press("Tab")  # past the skip link
    for _ in range(2):
        await ada.page.keyboard.press("Tab")
    await ada.page.keyboard.press("Enter")
    await expect(link).to_be_in_viewport(ratio=1)
    await ada.page.keyboard.press("Escape")
    await expect(link).to_be_hidden()
    await ada.presses("Pages")
    await link.click()
    await expect(ada.page).to_have_url(re.compile("/reminders"))
    await ada.page.set_viewport_size(TABLET)
    bar = await ada.page.locator(".bar").bounding_box()
    assert bar
    assert bar["height"] < 60, "three lines of links otherwise"
    await ada.page.set_viewport_size(DESK)
    await expect(link).to_be_visible()
    await expect(ada.button("Pages")).to_be_hidden()
    assert ada.troubles == []
