"""Every text of a patient's pages in every language: axe, no sideways scroll, no word that is cut.

How each state is reached is tried in two languages elsewhere; here all are laid open at once, without media.
"""

import pytest

from telehealth.config import Config
from tests.journeys.conftest import Enter
from tests.journeys.every_page import PATIENT
from tests.journeys.inspecting import FIRST, Inspection
from web.language import direction

pytestmark = [pytest.mark.journey]

OPENED = """async () => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  sheet.href = document.querySelector("#texts").dataset.callCss;
  document.head.append(sheet);
  const parsed = (address) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => done(request.responseXML);
    request.onerror = failed;
    request.send();
  });
  const places = { waiting: ".ways", aside: ".ways", "in-call": "[data-hang]", beside: ".sizes" };
  for (const part of ["waiting", "aside", "in-call", "beside"]) {
    const { lang } = document.documentElement;
    for (const section of (await parsed(`/v/${part}?lang=${lang}`)).querySelectorAll("section"))
      document.querySelector(places[part]).before(document.importNode(section, true));
  }
  document.querySelector(".stage").append(...document.querySelectorAll("[data-talk]"));
}"""
"""Puts the parts that the page fetches when somebody needs them where it puts them."""

LAID_OPEN = """(call) => {
  for (const view of document.querySelectorAll("[data-view]")) {
    view.hidden = (view.dataset.view === "call") !== call;
    const parts = view.hidden ? [] : view.querySelectorAll("[hidden]:not([data-text])");
    for (const part of parts) part.hidden = false;
  }
  for (const place of document.querySelectorAll("[data-fill]:empty")) place.textContent = "Dr Amara Diallo";
  document.documentElement.dataset.at = call ? "call" : "join";
  const said = [...document.querySelectorAll("[data-text]")].map((one) => one.textContent);
  const longest = said.reduce((one, other) => (other.length > one.length ? other : one));
  document.querySelector("[data-sentence]").textContent = longest.replace(/{\\w+}/g, "Dr Amara Diallo");
}"""
"""Shows either the call with all of its controls, or all other views below each other."""


@pytest.mark.parametrize("language", Config().spoken)
async def test_no_page_of_a_patient_breaks_in_any_language(language: str, phone: Enter) -> None:
    patient, inspection, first = await phone(permissions=[]), Inspection(), language in FIRST
    page = patient.page
    for name, address in PATIENT.items():
        await page.goto(f"{address}?lang={language}")
        await inspection.glance(page, f"{name}-{language}", first=first)
    await page.goto("about:blank")
    await patient.opens_link(language)
    await page.locator("[data-view=join]").wait_for()
    await inspection.glance(page, f"join-{language}", first=first)
    await page.locator("summary").click()
    await inspection.glance(page, f"languages-{language}", first=first)
    await page.evaluate(OPENED)
    for call in (False, True):
        await page.evaluate(LAID_OPEN, call)
        await inspection.glance(page, f"{'call' if call else 'views'}-{language}", first=first)
    for dialog in await page.locator("[data-view=call] dialog").all():
        await dialog.evaluate("(one) => one.showModal()")
        await inspection.glance(
            page, f"{await dialog.get_attribute('aria-labelledby')}-{language}", first=first
        )
        await dialog.evaluate("(one) => one.close()")
    assert await page.evaluate("document.dir") == direction(language)
    assert inspection.wrong == []
