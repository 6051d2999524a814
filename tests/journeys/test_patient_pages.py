"""Every page of a patient, at its stops: for everybody who can't see, hear, point or read English well."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist

pytestmark = [pytest.mark.journey]
REFUSING = """(() => {
  const refuse = () => Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
  navigator.mediaDevices.getUserMedia = refuse;
})()"""


async def at(page: Page, view: str) -> None:
    """Wait until the document shows a view."""
    await expect(page.locator("html")).to_have_attribute("data-at", view, timeout=IN_CALL)


async def do(page: Page, what: str) -> None:
    """Press by the name that scripts know: the words are another language's."""
    await page.locator(f"[data-do='{what}']").filter(visible=True).first.click()


class Tour:
    """Goes through one visit in one language and has each stop inspected."""

    def __init__(self, patient: Patient, specialist: Specialist, booked: Booked, language: str) -> None:
        self.patient, self.specialist, self.booked, self.language = patient, specialist, booked, language
        self.inspection = Inspection()

    async def stop(self, name: str) -> None:
        await self.inspection.look(self.patient.page, f"patient-{name}-{self.language}", least=PATIENT)

    async def before_the_call(self) -> None:
        page, inspection = self.patient.page, self.inspection
        await page.goto(f"/v?lang={self.language}")
        await at(page, "code")
        await self.stop("code")
        await page.goto(f"/v?lang={self.language}#{'x' * 43}")
        await at(page, "closed")
        await self.stop("gone")
        await page.goto("about:blank")
        await self.patient.opens_link(self.language)
        await at(page, "join")
        await self.stop("join")
        walked = await inspection.walk(page, "join")
        assert len(walked) >= 3
        await do(page, "both")
        await at(page, "check")
        await self.stop("check")
        await do(page, "wait")
        await at(page, "wait")
        await self.stop("wait")
        assert len(await inspection.walk(page, "wait")) >= 3

    async def call(self) -> None:
        page = self.patient.page
        await self.specialist.opens_visit(self.booked.visit)
        await self.specialist.admits()
        await self.specialist.looks_at("Picture of")
        await at(page, "call")
        await expect(page.locator("[data-view=call] [data-fill=elapsed]")).not_to_have_text("0:00")
        await self.stop("call")
        await do(page, "leave")
        await self.stop("call-leaving")
        await do(page, "stay")
        await page.reload()
        await at(page, "call")
        await do(page, "leave")
        await do(page, "really-leave")
        await at(page, "after")
        await self.stop("left")

    async def end(self) -> None:
        page = self.patient.page
        path = f"/api/v1/visits/{self.booked.visit}"
        said = {"identifiers": ["name", "birth-date"], "place": "At home", "callback": "+493005550201"}
        await self.specialist.asks("PUT", f"{path}/confirmation", said)
        await self.specialist.asks("POST", f"{path}/end", {})
        await page.reload()
        await expect(page.locator("main script, main [data-view]")).to_have_count(0)
        await self.stop("after")
        await page.locator("button[name=answer][value=partly]").click()
        await expect(page.locator("input[name=trouble]").first).to_be_visible()
        await self.stop("after-answered")
        await page.locator('a[href*="/seen?"]').click()
        await self.stop("after-seen")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_page_of_a_patient_is_for_everybody(
    language: str, specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    tour = Tour(patient, specialist, booked, language)
    await tour.before_the_call()
    await tour.call()
    await tour.end()
    patient.watch.forgives("404")  # the link that opens nothing
    assert tour.inspection.wrong == []
    assert patient.troubles == []
    direction = await patient.page.evaluate("document.dir")
    assert direction == ("rtl" if language == "ar" else "ltr")


async def test_the_side_ways_are_for_everybody_too(specialist: Specialist, phone: Enter) -> None:
    inspection = Inspection()
    patient = await phone(permissions=[])
    page = patient.page
    await patient.context.add_init_script(REFUSING)
    for language in ("en", "es"):
        await page.goto("about:blank")
        await patient.opens_link(language)
        await do(page, "both")
        await at(page, "fix")
        await inspection.look(page, f"patient-blocked-{language}", least=PATIENT)
    await page.goto("/test?lang=en")
    await at(page, "start")
    await inspection.look(page, "patient-test-en", least=PATIENT)
    await page.goto("/v/0190a000-0000-7000-8000-000000000000?lang=en")
    await inspection.look(page, "patient-nowhere-en", least=PATIENT)
    assert inspection.wrong == []
