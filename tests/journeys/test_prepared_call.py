"""The call of the next in line is ready before Admit: nothing of it can be seen, heard or read until then."""

from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist

CONNECTED = "() => window.__peers.some((peer) => peer.connectionState === 'connected')"
SENT = """async () => {
  let sent = 0;
  for (const peer of window.__peers) for (const stat of (await peer.getStats()).values())
    if (stat.type === "outbound-rtp") sent += stat.bytesSent;
  return sent;
}"""


async def is_ready(*pages: Page) -> None:
    for page in pages:
        await page.wait_for_function(CONNECTED, timeout=IN_CALL)


async def test_admit_shows_both_pictures_over_the_connection_that_stood_already(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.waits()
    await is_ready(specialist.page, patient.page)
    await specialist.reads("Nobody sees you yet.")
    for page in (specialist.page, patient.page):
        assert await page.evaluate(SENT) == 0
    await expect(patient.page.get_by_label("Picture of ")).to_be_hidden()
    await specialist.row(booked.visit).get_by_role("button", name="Admit").click()
    await specialist.looks_at("Picture of ")
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    for page in (specialist.page, patient.page):
        assert await page.evaluate("() => window.__peers.length") == 1
    await specialist.is_told("You are connected with Bo Lindqvist.")


async def test_who_steps_out_is_prepared_no_more_and_is_again_after_coming_back(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.waits()
    await is_ready(specialist.page, patient.page)
    await patient.presses("Leave the waiting room")
    await expect(specialist.row(booked.visit)).to_contain_text("Left the waiting room", timeout=LIVE)
    await specialist.page.wait_for_function(f"() => !({CONNECTED})()", timeout=LIVE)
    await patient.presses("Come back")
    await patient.presses("Go to the waiting room")
    await is_ready(specialist.page, patient.page)


async def test_another_window_of_the_patient_comes_and_goes_and_the_call_is_ready_all_the_same(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await specialist.opens_clinic()
    await patient.waits()
    await is_ready(specialist.page, patient.page)
    other = await patient.another_window()
    await other.goto(f"/v/{booked.visit}")
    await is_ready(other)
    await other.close()
    await is_ready(specialist.page, patient.page)
    await specialist.row(booked.visit).get_by_role("button", name="Admit").click()
    await specialist.looks_at("Picture of ")
    await patient.looks_at(f"Picture of {specialist.known['name']}")
