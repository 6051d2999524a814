"""Every page about guests at its stops, in two directions of writing."""

from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist
from tests.journeys.test_patient_pages import at, do
from tests.services.server import Server

pytestmark = [pytest.mark.journey]


class Tour:
    """Goes along with a guest in one language and has each stop inspected."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.inspection = Inspection()

    async def stop(self, person: Patient | Specialist, name: str) -> None:
        least = STAFF if isinstance(person, Specialist) else PATIENT
        await self.inspection.look(person.page, f"{name}-{self.language}", least=least)

    async def invites(self, patient: Patient) -> str:
        """The patient goes to the waiting room and makes a link."""
        page = patient.page
        await patient.opens_link(self.language)
        for view, step in (("join", "both"), ("check", "wait"), ("wait", "invite")):
            await at(page, view)
            await do(page, step)
        form = page.locator("form[data-guest-form]")
        await form.locator("input").fill("Lina")
        await self.stop(patient, "patient-invite")
        await form.locator("button").click()
        link = page.locator("[data-guest-link]")
        await expect(link).to_be_visible(timeout=IN_CALL)
        await expect(page.locator("[data-guest-list] button")).to_be_visible(timeout=IN_CALL)
        await self.stop(patient, "patient-invited")
        await page.locator("[data-no-guest]").click()
        return await link.input_value()

    async def comes(self, lina: Patient) -> None:
        """A link that is none, then the right one, up to the waiting room."""
        lina.watch.forgives("404")
        await lina.page.goto(f"/g?lang={self.language}#{'x' * 43}")
        await at(lina.page, "closed")
        await self.stop(lina, "guest-gone")
        await lina.page.goto("about:blank")
        await lina.opens_link(self.language)
        await at(lina.page, "join")
        await self.stop(lina, "guest-join")
        assert len(await self.inspection.walk(lina.page, "guest-join")) >= 2
        await do(lina.page, "both")
        await at(lina.page, "check")
        await do(lina.page, "wait")
        await at(lina.page, "wait")
        await self.stop(lina, "guest-wait")

    async def call(self, specialist: Specialist, patient: Patient, lina: Patient) -> None:
        """Three in the call, looked at from each of their places."""
        await specialist.admits()
        await specialist.page.locator("#guests").get_by_role("button", name="Let in").click(timeout=IN_CALL)
        for person in (lina, patient, specialist):
            tile = person.page.locator(".guest video")
            await expect(tile).not_to_have_js_property("videoWidth", 0, timeout=IN_CALL)
        await self.stop(lina, "guest-call")
        await self.stop(patient, "patient-call-of-three")
        await self.stop(specialist, "consult-call-of-three")
        await patient.page.locator(".guest button").click()
        await self.stop(patient, "patient-call-swapped")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_page_about_guests_holds_for_everybody(
    specialist: Specialist,
    patient: Patient,
    booked: Booked,
    browser: Browser,
    server: Server,
    stack: AsyncExitStack,
    language: str,
) -> None:
    tour = Tour(language)
    await specialist.opens_visit(booked.visit)
    lina = await Patient.with_phone(browser, server, await tour.invites(patient))
    stack.push_async_callback(lina.context.close)
    await tour.comes(lina)
    await tour.call(specialist, patient, lina)
    await do(lina.page, "leave")
    await do(lina.page, "really-leave")
    await at(lina.page, "after")
    await tour.stop(lina, "guest-after")
    assert tour.inspection.wrong == []
