"""How a signed note came about, version by version, in Chromium: from the note, and from the record."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import Write
from tests.journeys.inspecting import Inspection
from tests.journeys.people import Specialist

pytestmark = [pytest.mark.journey]
NOTE = {
    "version": 0,
    "history": "Palpitations since Monday, most of them at night.",
    "findings": "Pulse 76, regular.",
    "plan": "Rest for a week.\nLess coffee.",
    "outcome": "follow-up-video",
    "when": "2 weeks",
}
WHY = "I had the wrong page open."


async def test_an_addendum_and_a_withdrawal_are_told_with_author_time_and_reason(
    doctor: Specialist, writable: Write
) -> None:
    made, inspection = await writable(0), Inspection()
    await doctor.asks("PUT", f"/api/v1/visits/{made.visit}/note", NOTE)
    await doctor.opens_visit(made.visit)
    page = doctor.page
    await doctor.presses("Sign and send")
    await doctor.reads("In the shared record")
    await doctor.asks("POST", f"/api/v1/visits/{made.visit}/note/addenda", {"text": "Potassium was normal."})
    versions = await opened(page, from_record=True)
    await expect(versions.get_by_role("heading", level=2)).to_have_text(
        ["Version 2 · Addendum", "Version 1 · Signed"]
    )
    await expect(versions.get_by_role("insertion")).to_have_text("(Added: Potassium was normal.)")
    await versions.close()
    await page.goto(f"/wrong-patient/{made.visit}")
    await page.get_by_label("How did it get here?").fill(WHY)
    await page.get_by_role("button", name="Put right").press("Enter")
    await page.get_by_role("link", name="Back to the visit").click()
    versions = await opened(page)
    await expect(versions.get_by_role("heading", level=2).first).to_have_text(
        "Version 3 · Taken out of the record"
    )
    await expect(versions.get_by_text(WHY)).to_be_visible()
    await inspection.look(versions, "staff-note-versions")
    assert "Back to the visit" in await inspection.walk(versions, "staff-note-versions")
    await versions.goto(f"{versions.url}?lang=ar")
    told = versions.get_by_text("Potassium was normal.")
    assert await told.evaluate("one => getComputedStyle(one.closest('p')).direction") == "ltr"
    await inspection.glance(versions, "staff-note-versions-ar")
    assert inspection.wrong == []
    assert doctor.troubles == []


async def opened(page: Page, *, from_record: bool = False) -> Page:
    """The page of the versions, from the signed note or from the record beside it."""
    if from_record:
        await page.locator("[data-record] summary").click()
    place = page.locator("[data-record]" if from_record else "#signed")
    async with page.expect_popup() as popup:
        await place.get_by_role("link", name="Versions of the note").click()
    return await popup.value
