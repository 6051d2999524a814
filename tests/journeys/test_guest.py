"""A guest joins from a link: invited, let in by the specialist, a third picture, and out again."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.journeys.watching import KEPT

pytestmark = [pytest.mark.journey]

BO = "Picture of Bo Lindqvist"
BO_TO_GUESTS = "Picture of Bo L."
LINA = "Picture of Lina"


async def invites(patient: Patient, name: str) -> str:
    """The patient in the waiting room makes a link for somebody."""
    await patient.presses("Invite someone")
    await patient.page.get_by_label("Name of the person").fill(name)
    await patient.presses("Make a link")
    link = patient.page.get_by_label("Link for the person")
    await expect(link).to_be_visible(timeout=IN_CALL)
    return await link.input_value()


async def link_from(specialist: Specialist, interpreter: str) -> str:
    """The specialist makes a link for an interpreter, with a press too many, before the list is there."""
    list_is_here = asyncio.Event()

    async def late(route: Route) -> None:
        if route.request.method == "GET":
            await list_is_here.wait()
        await route.continue_()

    await specialist.page.route("**/guests", late)
    await specialist.presses("Invite")
    guests = specialist.page.locator("#guests")
    await guests.get_by_label("Name").fill(interpreter)
    await guests.get_by_label("Who is it?").select_option("interpreter")
    await guests.get_by_role("button", name="Make a link").dblclick()
    list_is_here.set()
    link = guests.get_by_label("Link for the guest")
    await expect(link).to_be_visible(timeout=IN_CALL)
    await expect(guests.get_by_role("listitem").filter(has_text=interpreter)).to_have_count(1)
    return await link.input_value()


async def comes(phone: Enter, link: str) -> Patient:
    """Somebody opens the link on a phone of their own and goes to the waiting room."""
    lina = await phone(link)
    await lina.waits()
    return lina


async def test_a_daughter_is_invited_by_the_patient_and_let_in_by_the_specialist(
    specialist: Specialist,
    patient: Patient,
    booked: Booked,
    phone: Enter,
) -> None:
    doctor = f"Picture of {specialist.known['name']}"
    await specialist.opens_visit(booked.visit)
    await patient.waits()
    link = await invites(patient, "Lina")
    await patient.presses("Go back")
    lina = await comes(phone, link)
    await specialist.is_told("Lina is waiting to be let in.", IN_CALL)
    guests = specialist.page.locator("#guests")
    await expect(guests.get_by_text("is waiting", exact=True)).to_be_visible(timeout=IN_CALL)

    await specialist.admits()
    await patient.looks_at(doctor)
    await guests.get_by_role("button", name="Let in").click()
    for person, pictures in (
        (lina, (doctor, BO_TO_GUESTS)),
        (patient, (doctor, LINA)),
        (specialist, (BO, LINA)),
    ):
        for picture in pictures:
            await person.looks_at(picture)
    await patient.is_told("Lina (Family or friend) is in the call now.")
    await expect(patient.page.locator(".guest small")).to_have_text("Family or friend")
    await expect(specialist.page.locator(".guest small")).to_have_text("Relative")

    await lina.presses("Leave")
    await lina.presses("Yes, leave the visit")
    await expect(lina.page.get_by_role("heading", name="You have left the visit.")).to_be_visible()
    await patient.is_told("Lina is no longer in the call.")
    await patient.looks_at(doctor)
    await specialist.looks_at(BO)
    for person in (specialist, patient, lina):
        assert person.troubles == []


async def test_a_guest_of_the_specialist_is_removed_and_the_call_of_two_goes_on_untouched(
    specialist: Specialist,
    patient: Patient,
    booked: Booked,
    phone: Enter,
) -> None:
    doctor = f"Picture of {specialist.known['name']}"
    await meet(specialist, patient, booked.visit)
    stood = "() => window.__peers.filter((one) => one.connectionState === 'connected').length"
    assert await patient.page.evaluate(stood) == 1
    noor = await comes(phone, await link_from(specialist, "Noor"))
    guests = specialist.page.locator("#guests")
    await guests.get_by_role("button", name="Let in").click(timeout=IN_CALL)
    await noor.looks_at(BO_TO_GUESTS)
    await noor.looks_at(doctor)
    await expect(guests.get_by_text("Interpreter", exact=True).filter(visible=True)).to_have_count(1)
    for person in (specialist, patient):
        await expect(person.page.locator(".guest small")).to_have_text("Interpreter")
    await patient.presses("More")
    await patient.page.get_by_label("Everybody but the interpreter").check()
    await expect(patient.page.locator(".guest audio")).to_have_js_property("muted", value=True)
    await patient.presses("Back to the call")
    await noor.page.reload()
    await noor.looks_at(BO_TO_GUESTS)

    await guests.get_by_role("button", name="Remove").click()
    ended = noor.page.get_by_role("heading", name="You are no longer invited to this visit.")
    await expect(ended).to_be_visible(timeout=IN_CALL)
    await expect(patient.page.get_by_label("Picture of Noor")).to_have_count(0, timeout=IN_CALL)
    await patient.looks_at(doctor)
    await specialist.looks_at(BO)
    assert await patient.page.evaluate("() => window.__peers[0].connectionState") == "connected"
    noor.watch.forgives("401")
    await noor.opens_link()
    await expect(ended).to_be_visible()


@pytest.mark.parametrize("called", [False, True], ids=["waiting", "in the call"])
async def test_who_is_removed_without_a_line_is_told_when_it_is_back(
    specialist: Specialist, patient: Patient, booked: Booked, phone: Enter, called: bool
) -> None:
    guests = f"/api/v1/visits/{booked.visit}/guests"
    if called:
        await meet(specialist, patient, booked.visit)
    made = await specialist.asks("POST", guests, {"name": "Noor", "kind": "interpreter"})
    noor = await phone(made["url"])
    await noor.page.add_init_script(KEPT)
    await noor.waits()
    if called:
        await specialist.asks("POST", f"{guests}/{made['guest']['id']}/let-in", {})
        await noor.looks_at(BO_TO_GUESTS)
    noor.watch.forgives("ERR_INTERNET_DISCONNECTED|WebSocket|401")
    await noor.context.set_offline(offline=True)
    await noor.page.evaluate("() => window.__sockets.forEach((one) => one.close())")
    await specialist.asks("POST", f"{guests}/{made['guest']['id']}/remove", {})
    await noor.context.set_offline(offline=False)
    out = noor.page.get_by_role("heading", name="You are no longer invited to this visit.")
    await expect(out).to_be_visible(timeout=IN_CALL)
    await noor.page.reload()
    await expect(out).to_be_visible()
    assert noor.troubles == []


async def test_the_patient_takes_invitations_back_while_waiting_and_in_the_call(
    specialist: Specialist,
    patient: Patient,
    booked: Booked,
    phone: Enter,
) -> None:
    doctor = f"Picture of {specialist.known['name']}"
    await specialist.opens_visit(booked.visit)
    await patient.waits()
    cy = await comes(phone, await invites(patient, "Cy"))
    await patient.presses("Go back")
    await patient.presses("Invite someone")
    await patient.reads("Cy is waiting to be let in.")
    await patient.presses("Remove Cy")
    await patient.is_told("Cy is no longer invited.")
    out = "You are no longer invited to this visit."
    await expect(cy.page.get_by_role("heading", name=out)).to_be_visible(timeout=IN_CALL)
    await expect(patient.button("Remove Cy")).to_have_count(0)
    await patient.presses("Go back")

    lina = await comes(phone, await invites(patient, "Lina"))
    await patient.presses("Go back")
    await specialist.admits()
    await patient.looks_at(doctor)
    guests = specialist.page.locator("#guests")
    await guests.get_by_role("button", name="Let in").click(timeout=IN_CALL)
    await lina.looks_at(BO_TO_GUESTS)
    await patient.presses("More")
    await patient.presses("Invite someone")
    await patient.reads("Lina is in the call.")
    await patient.presses("Remove Lina")
    await expect(lina.page.get_by_role("heading", name=out)).to_be_visible(timeout=IN_CALL)
    await patient.presses("Go back")
    await expect(patient.page.get_by_label(LINA)).to_have_count(0, timeout=IN_CALL)
    await expect(guests.get_by_text("Lina")).to_have_count(0, timeout=IN_CALL)
    await patient.looks_at(doctor)


async def test_without_a_link_the_page_says_what_can_be_done(phone: Enter) -> None:
    """Whoever types the address alone may be the patient, and anybody may try the phone."""
    lina = await phone("/g")
    await lina.page.goto("/g?lang=en")
    await lina.reads("Ask for a new link, or call the clinic.")
    await lina.page.get_by_role("link", name="Test my phone now").click()
    await expect(lina.page.get_by_role("heading", name="Test my phone")).to_be_visible()
    await lina.page.go_back()
    await lina.page.get_by_role("link", name="Open my visit").click()
    await expect(lina.page.get_by_role("heading", name="Open your video visit")).to_be_visible()
    assert lina.troubles == []
