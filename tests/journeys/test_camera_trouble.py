"""A camera or microphone that does not open: each cause, the way on from it, and what the clinic reads."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.journeys.booking import Booked
from tests.journeys.conftest import Enter
from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, LIVE, Patient, Specialist
from tests.journeys.test_patient_pages import at, do
from tests.journeys.test_slow_lines import held

pytestmark = [pytest.mark.journey]

REFUSING = """(names) => {
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = (asked) => {
    const name = asked.video ? names.video : names.audio;
    if (!name) return open(asked);
    return new Promise((_, no) => setTimeout(() => no(new DOMException("No", name)), names.after ?? 500));
  };
  globalThis.__mend = () => {
    media.getUserMedia = open;
  };
}"""
GRANTED = """async (control) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  Object.defineProperty(control, "stream", { value: stream });
  control.dispatchEvent(new Event("stream"));
}"""
"""What the control does once the person has agreed: headless Chromium shows no such question."""
FACEBOOK = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/141.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.0;]"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
    "Mobile Safari/537.36"
)


async def refuses(page: Page, **names: object) -> None:
    """From the next page on the browser answers this to who asks for camera and microphone."""
    await page.add_init_script(f"({REFUSING})({names!r})".replace("'", '"'))


async def tries(patient: Patient, heading: str) -> None:
    """Open the link, ask for camera and microphone, read what is wrong."""
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await expect(patient.page.get_by_role("heading", name=heading)).to_be_visible(timeout=IN_CALL)


async def clinic_reads(specialist: Specialist, booked: Booked, words: str) -> None:
    await specialist.opens_clinic()
    await expect(specialist.row(booked.visit)).to_contain_text(words, timeout=LIVE)


@pytest.mark.parametrize(
    "agent,steps",
    [
        (ANDROID, ["Tap the sign left of the web address.", "Tap “Permissions”."]),
        (SAFARI, ["Tap the page sign beside the web address.", "Tap “Website Settings”."]),
        (
            ANDROID.replace("Chrome/", "SamsungBrowser/28.0 Chrome/"),
            ["Tap the lock left of the web address."],
        ),
    ],
    ids=["chrome", "safari", "samsung"],
)
async def test_a_blocked_camera_shows_the_steps_of_the_own_browser_only(
    agent: str, steps: list[str], specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    patient = await phone(user_agent=agent)
    await refuses(patient.page, video="NotAllowedError", audio="NotAllowedError")
    await tries(patient, "We cannot use your camera yet.")
    shown = patient.page.locator("[data-view=fix] ol:visible")
    await expect(shown).to_have_count(1)
    for step in steps:
        await expect(shown).to_contain_text(step)
    assert await shown.locator("li").count() <= 4
    await clinic_reads(specialist, booked, "Camera blocked – phone them")
    await patient.page.evaluate("__mend()")
    await patient.presses("Try again")
    await at(patient.page, "check")
    assert patient.troubles == []


async def test_chromiums_own_control_stands_where_pages_cannot_ask_again(phone: Enter) -> None:
    patient = await phone()
    await refuses(patient.page, video="NotAllowedError", audio="NotAllowedError")
    await tries(patient, "We cannot use your camera yet.")
    control = patient.page.locator("usermedia")
    await expect(control).to_be_visible()
    await patient.page.set_viewport_size({"width": 320, "height": 640})
    assert await patient.page.evaluate("document.documentElement.scrollWidth <= 320")
    await patient.page.evaluate("__mend()")
    await control.evaluate(GRANTED)
    await at(patient.page, "check")
    assert patient.troubles == []


async def test_a_busy_camera_is_opened_by_try_again(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    patient = await phone()
    await refuses(patient.page, video="NotReadableError", audio="NotReadableError")
    await tries(patient, "Another app is using the microphone.")
    await clinic_reads(specialist, booked, "Camera blocked – phone them")
    await patient.page.evaluate("__mend()")
    await patient.presses("Try again")
    await at(patient.page, "check")
    assert patient.troubles == []


async def test_no_camera_is_no_hindrance(specialist: Specialist, phone: Enter, booked: Booked) -> None:
    patient = await phone()
    await refuses(patient.page, video="NotFoundError")
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await at(patient.page, "check")
    await patient.reads("We could not find a camera. You can still use sound.")
    await patient.presses("Go to the waiting room")
    await clinic_reads(specialist, booked, "In room")
    await expect(specialist.row(booked.visit).get_by_text("sound only")).to_be_visible()
    assert patient.troubles == []


async def test_without_a_microphone_the_phone_is_the_way(phone: Enter) -> None:
    patient = await phone()
    await refuses(patient.page, video="NotFoundError", audio="NotFoundError")
    await tries(patient, "We could not find a microphone.")
    await expect(patient.button("Use sound only")).to_be_hidden()
    await patient.presses("Phone me instead")
    await at(patient.page, "phone")
    assert patient.troubles == []


async def test_a_browser_that_cannot_do_calls_leads_to_the_phone(
    specialist: Specialist, phone: Enter, booked: Booked
) -> None:
    patient = await phone()
    await patient.page.add_init_script("delete globalThis.RTCPeerConnection")
    await tries(patient, "This browser cannot do video visits.")
    await expect(patient.button("Try again")).to_be_hidden()
    await clinic_reads(specialist, booked, "Camera blocked – phone them")
    await patient.presses("Phone me instead")
    await at(patient.page, "phone")
    assert patient.troubles == []


async def test_an_app_that_says_so_is_left_with_the_place(phone: Enter) -> None:
    patient = await phone(user_agent=FACEBOOK)
    page = patient.page
    await patient.context.grant_permissions(["camera", "microphone", "clipboard-read", "clipboard-write"])
    await tries(patient, "Open this page in your browser.")
    way_out = re.compile(r"intent://localhost:\d+/v/transfer\?lang=en#[0-9A-Z-]{14}#Intent;scheme=http;")
    await expect(page.get_by_role("link", name="Open in my browser")).to_have_attribute("href", way_out)
    await patient.presses("Copy the link")
    await patient.reads("Copied. Open your browser and paste it at the top.")
    copied = await page.evaluate("navigator.clipboard.readText()")
    other = await phone(link=copied)
    await other.page.goto(copied)
    await other.presses("Go on here")
    await at(other.page, "check")  # the camera may be used there: it opens by itself
    assert other.troubles == []
    assert patient.troubles == []


async def test_an_app_that_lets_pages_ask_after_all_is_tried(phone: Enter) -> None:
    patient = await phone(user_agent=FACEBOOK)
    async with held(patient.page, "**/device"):  # the clinic is still being told of the refusal
        await tries(patient, "Open this page in your browser.")
        await patient.presses("Try it here")
        await at(patient.page, "check")
    assert patient.troubles == []


async def test_an_app_that_says_nothing_is_known_by_its_reflex(phone: Enter) -> None:
    patient = await phone(permissions=[])
    await patient.page.add_init_script(
        "navigator.permissions.query = () => Promise.resolve({ state: 'prompt' })"
    )
    await refuses(patient.page, video="NotAllowedError", audio="NotAllowedError", after=5)
    await tries(patient, "Open this page in your browser.")
    assert patient.troubles == []


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_these_pages_are_for_everybody(language: str, phone: Enter) -> None:
    inspection = Inspection()
    blocked = await phone(user_agent=ANDROID)
    await refuses(blocked.page, video="NotAllowedError", audio="NotAllowedError")
    app = await phone(user_agent=FACEBOOK)
    for patient, name in ((blocked, "blocked"), (app, "in-app")):
        await patient.opens_link(language)
        await do(patient.page, "both")
        await at(patient.page, "fix")
        await inspection.look(patient.page, f"patient-{name}-{language}", least=PATIENT)
        assert len(await inspection.walk(patient.page, name)) >= 4
    assert inspection.wrong == []
