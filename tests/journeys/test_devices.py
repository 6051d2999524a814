"""Which camera, microphone and loudspeaker, and machines that have none: as the browser itself has them."""

import asyncio
import math
import wave
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Playwright, expect

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, LIVE, SOON, Patient, Person, Specialist, meet
from tests.journeys.test_patient_pages import at, do
from tests.journeys.watching import hears
from tests.services import chromium
from tests.services.chromium import lasting

pytestmark = [pytest.mark.journey]
THREE_CAMERAS = f"{chromium.DEVICES}=device-count=3"
NO_CAMERA = f"{chromium.DEVICES}=device-count=0"
NOTHING = ""
RATE = 48_000

OWN = """(kind) => {
  const streams = [...document.querySelectorAll("[data-own]")].map((one) => one.srcObject);
  const tracks = streams.find(Boolean).getTracks();
  return tracks.find((track) => track.kind === kind).label;
}"""
"""The name of the device that is open."""
SMALL = """(least) => [...document.querySelectorAll(".control")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.innerText.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least || box.left < 0 || box.right > innerWidth)
  .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
"""Controls of a call that are smaller than so many pixels, or out of sight."""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who talks without an end: syllables of a voice's pitch, as a sound file."""
    path = tmp_path_factory.mktemp("talk") / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(array("h", [syllable(at / RATE) for at in range(4 * RATE)]).tobytes())
    return path


def syllable(second: float) -> int:
    """One sample: four syllables a second, each at a pitch of its own, with a voice's overtones."""
    pitch = 110 + 15 * (int(second * 4) % 5)
    tones = sum(math.sin(2 * math.pi * pitch * over * second) / over for over in range(1, 12))
    return round(9000 * tones * max(0.0, math.sin(math.pi * second * 4 % math.pi)))


@lasting
async def browser(
    request: pytest.FixtureRequest, driver: Playwright, chromium_path: str, talk: Path
) -> AsyncIterator[Browser]:
    """Chromium on a machine with the devices that a test asks for; somebody talks into its microphones."""
    devices, spoken = getattr(request, "param", THREE_CAMERAS), f"--use-file-for-fake-audio-capture={talk}"
    async with chromium.launched(driver, chromium_path, spoken, devices=devices) as started:
        yield started


async def picks(person: Person, button: str, kind: str, *, told: str) -> str:
    """Choose the last device of a kind in the call; return its name."""
    await person.presses(button)
    select = person.page.locator(f"dialog[data-more] select[name={kind}]").filter(visible=True)
    name = await select.locator("option").last.inner_text()
    await select.select_option(label=name)
    await person.is_told(told.format(name=name))
    await person.presses("Back to the call")
    return name


@pytest.mark.parametrize("side", ["patient", "specialist"])
async def test_other_devices_are_chosen_in_the_call_and_the_call_goes_on(
    side: str, specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    mine, other = (patient, specialist) if side == "patient" else (specialist, patient)
    button = "More" if side == "patient" else "Devices"
    told = "We now use this: {name}" if side == "patient" else "{name}"
    name = await picks(mine, button, "videoinput", told=told)
    assert await mine.page.evaluate(OWN, "video") == name == "fake_device_2"
    await other.looks_at("Picture of ")
    name = await picks(mine, button, "audioinput", told=told)
    assert await mine.page.evaluate(OWN, "audio") == name
    await hears(other.page)
    name = await picks(mine, button, "audiooutput", told=told)
    await hears(mine.page)
    assert await mine.page.evaluate("[...document.querySelectorAll('.call audio')].some((one) => one.sinkId)")
    assert specialist.troubles == []
    assert patient.troubles == []


async def test_another_camera_is_chosen_in_the_check(patient: Patient) -> None:
    await patient.checks()
    seen = [await patient.page.evaluate(OWN, "video")]
    for _ in range(3):
        await patient.presses("Turn camera")
        await expect(patient.button("Turn camera")).to_be_visible()
        await changes(patient.page, seen[-1])
        seen.append(await patient.page.evaluate(OWN, "video"))
        await patient.looks_at("Your own picture")
    assert seen == [f"fake_device_{at % 3}" for at in range(4)]
    assert patient.troubles == []


async def changes(page: Page, before: str) -> None:
    """Wait until another camera is open."""
    async with asyncio.timeout(SOON / 1000):
        while await page.evaluate(OWN, "video") == before:  # noqa: ASYNC110 (no event says it)
            await asyncio.sleep(0.1)


async def test_who_speaks_while_muted_reads_so_until_the_microphone_is_on(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await expect(patient.button("More")).to_be_visible()
    await patient.presses("Mute me")
    await patient.reads("You are muted. Nobody hears you.")
    await patient.presses("Unmute me")
    await expect(patient.words("You are muted. Nobody hears you.")).to_have_count(0)
    await hears(specialist.page)
    assert patient.troubles == []


async def test_what_is_touched_in_a_call_is_large_enough_for_a_shaking_hand(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    await expect(patient.button("More")).to_be_visible()
    for width, height in ((320, 640), (360, 740), (740, 360), (768, 1024), (1366, 768)):
        await patient.page.set_viewport_size({"width": width, "height": height})
        assert await patient.page.evaluate(SMALL, 64) == [], width
    for width, height in ((768, 1024), (1366, 768)):
        await specialist.page.set_viewport_size({"width": width, "height": height})
        assert await specialist.page.evaluate(SMALL, 48) == [], width


@pytest.mark.parametrize("browser", [NO_CAMERA], indirect=True)
async def test_a_machine_without_a_camera_goes_on_by_sound(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await at(patient.page, "check")
    await patient.reads("We could not find a camera. You can still use sound.")
    await patient.presses("Go to the waiting room")
    await specialist.opens_clinic()
    await specialist.finds(booked.visit)
    await expect(specialist.row(booked.visit)).to_contain_text("sound only", timeout=LIVE)
    await specialist.opens_visit(booked.visit)
    await at(specialist.page, "consult")
    await specialist.admits()
    await specialist.reads("Bo Lindqvist takes part by sound only.", timeout=IN_CALL)
    await hears(specialist.page)
    await hears(patient.page)


@pytest.mark.parametrize("browser", [NOTHING], indirect=True)
async def test_a_machine_without_a_microphone_leads_to_the_phone(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await at(patient.page, "fix")
    await patient.reads("We could not find a microphone")
    await specialist.opens_clinic()
    await specialist.finds(booked.visit)
    await expect(specialist.row(booked.visit)).to_contain_text("phone them", timeout=LIVE)
    await patient.presses("Phone me instead")
    await do(patient.page, "phone-known")
    await patient.reads("The clinic will call you")
