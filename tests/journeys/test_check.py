"""The check says how the line is without asking for it; people go on by sound, and back to a picture."""

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist
from tests.journeys.waterfall import SECOND, SlowLine, Waterfall

pytestmark = [pytest.mark.journey]
NARROW = SlowLine(0.02, 200_000, 200_000)
"""Quick to answer and too narrow for a picture."""
OK = "rgb(27, 107, 58)"
"""The colour of what is well (experience design, "Tokens")."""
OPEN = "[...document.querySelector('video.own').srcObject.getTracks()].map((track) => track.kind)"


async def test_who_presses_sound_only_goes_on_without_a_picture_and_the_clinic_reads_so(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    page = patient.page
    await specialist.opens_clinic()
    await patient.checks()
    await patient.looks_at("Your own picture")
    await patient.presses("Sound only")
    await expect(page.get_by_role("heading", name="Can you hear yourself?")).to_be_focused()
    assert await page.evaluate(OPEN) == ["audio"]
    await expect(specialist.row(booked.visit)).to_contain_text("sound only", timeout=LIVE)
    await patient.presses("Use microphone and camera")
    await patient.looks_at("Your own picture")
    await expect(page.get_by_role("heading", name="Can you see and hear yourself?")).to_be_focused()
    await patient.presses("Sound only")
    await patient.presses("Go to the waiting room")
    await expect(specialist.row(booked.visit)).to_contain_text("In room", timeout=IN_CALL)
    await expect(specialist.row(booked.visit)).to_contain_text("sound only")
    await specialist.opens_visit(booked.visit)
    await specialist.admits()
    await specialist.reads("Bo Lindqvist takes part by sound only.", timeout=IN_CALL)
    assert specialist.troubles == []
    assert patient.troubles == []


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_good_line_is_said_to_be_good_and_no_request_is_spent_on_it(
    phone: Enter, language: str
) -> None:
    bo, inspection = await phone(), Inspection()
    asked: list[str] = []
    bo.page.on("request", lambda request: asked.append(request.url))
    await bo.opens_link(language)
    await bo.page.locator("[data-do=both]").first.click()
    await expect(bo.page.locator("[data-reach=good]")).to_be_visible(timeout=IN_CALL)
    assert [each for each in asked if "/health/" in each] == []
    name = "check" if language == "en" else f"check-{language}"
    await inspection.look(bo.page, name, least=PATIENT)
    await bo.page.locator("[data-do=sound-only]").click()
    await expect(bo.page.locator("[data-view=check] [data-do=check]")).to_be_visible()
    await inspection.look(bo.page, name.replace("check", "check-sound"), least=PATIENT)
    assert inspection.wrong == []
    assert bo.troubles == []


@pytest.mark.parametrize("line", [SECOND, NARROW], ids=["late", "narrow"])
async def test_a_slow_line_is_said_to_be_slow_and_a_lost_one_lost_until_it_is_back(
    patient: Patient, line: SlowLine
) -> None:
    await Waterfall.on(patient.page, line)
    await patient.checks()
    slow = "Your internet is slow today. Sound will work, the picture may be small."
    await patient.reads(slow, timeout=IN_CALL)
    await patient.page.evaluate("dispatchEvent(new Event('offline'))")
    await patient.reads(slow)  # what the browser says of the line counts, not the news of it
    await patient.context.set_offline(True)
    await patient.reads("Your internet does not reach us just now.")
    await patient.context.set_offline(False)
    await patient.reads(slow)


async def test_that_somebody_is_heard_looks_well_before_the_calls_style_has_come(
    specialist: Specialist, booked: Booked, phone: Enter
) -> None:
    """A guest's check comes long before the call, and so does a patient's on a slow line."""
    body = {"name": "Lina", "kind": "relative"}
    made = await specialist.asks("POST", f"/api/v1/visits/{booked.visit}/guests", body)
    for link in (booked.link, made["url"]):
        who = await phone(link)
        await who.page.route("**/call-*.css", lambda route: route.abort())
        who.watch.forgives("ERR_FAILED")
        await who.checks()
        heard = who.page.locator("[data-heard]")
        await expect(heard).to_be_visible(timeout=IN_CALL)
        await expect(heard).to_have_css("color", OK)
        await expect(heard).to_have_css("display", "flex")
