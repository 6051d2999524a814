"""A call on a line that its check has found narrow begins with sound; the picture comes when it is wanted."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.elsewhere import AGAIN
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist

pytestmark = [pytest.mark.journey]
NARROW = {
    "way": "direct",
    "up": 64_000,
    "down": 64_000,
    "trip": 150,
    "jitter": 9,
    "loss": 4,
    "relay": "unset",
    "camera": True,
    "microphone": True,
}
PICTURE_SENT = """async () => {
  let sent = 0;
  for (const peer of window.__peers) for (const stat of (await peer.getStats()).values())
    if (stat.type === "outbound-rtp" && stat.kind === "video") sent += stat.bytesSent;
  return sent;
}"""
PACKETS_ASKED = """() => window.__peers.map(({ remoteDescription }) =>
  /a=ptime:(\\d+)/.exec(remoteDescription?.sdp ?? "")?.[1] ?? "")"""


async def has_checked(patient: Patient, booked: Booked) -> None:
    """The patient has tested the line by the link, before coming."""
    _, _, token = booked.link.partition("#")
    kept = await patient.context.request.post(
        "/api/v1/visit-links/line-check", data=NARROW | {"token": token}, max_retries=AGAIN
    )
    assert (await kept.json())["plan"] == "sound"


async def sends_no_picture(page: Page) -> None:
    assert await page.evaluate(PICTURE_SENT) == 0
    assert set(await page.evaluate(PACKETS_ASKED)) == {"60"}


@pytest.mark.parametrize("prepared", [True, False])
async def test_a_narrow_line_begins_with_sound_and_the_picture_comes_when_it_is_wanted(
    specialist: Specialist, patient: Patient, booked: Booked, prepared: bool
) -> None:
    inspection = Inspection()
    await has_checked(patient, booked)
    if prepared:
        await specialist.opens_clinic()
        await patient.waits()
        await specialist.reads("Nobody sees you yet.", timeout=IN_CALL)
        await specialist.row(booked.visit).get_by_role("button", name="Admit").click()
    else:
        await patient.waits()
        await specialist.opens_visit(booked.visit)
        await specialist.admits()
    await patient.reads("the call begins with sound", timeout=IN_CALL)
    await specialist.reads("the call begins with sound", timeout=IN_CALL)
    await patient.reads("No picture of ")
    await specialist.reads("No picture of ")
    for person in (patient, specialist):
        await sends_no_picture(person.page)
    await inspection.look(patient.page, "call-sound-first", least=PATIENT)
    await inspection.look(specialist.page, "consult-sound-first")

    await patient.presses("Turn picture on")
    await specialist.looks_at("Picture of ")
    await expect(patient.button("Turn picture on")).to_be_hidden(timeout=IN_CALL)
    await expect(specialist.page.locator("#consult [data-blank]")).to_be_hidden(timeout=IN_CALL)
    await specialist.presses("Turn picture on")
    await patient.looks_at(f"Picture of {specialist.known['name']}")
    assert inspection.wrong == []
    assert patient.troubles == specialist.troubles == []
