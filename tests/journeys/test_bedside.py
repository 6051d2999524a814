"""Beside a patient with a specialist elsewhere: a second camera, and a chest heard as it sounds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright

from tests.journeys.booking import Booked
from tests.journeys.people import IN_CALL, Patient, Specialist, meet
from tests.journeys.spectrum import HEART, HIGH, came, lost, microphone
from tests.services.chromium import DEVICES, lasting, launched
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
FAITHFUL = 3.0
"""Decibels that a band may come weaker or louder than it went; a voice loses more than twice as much."""


@lasting
async def equipped(driver: Playwright, chromium_path: str, tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser with two cameras, and microphones that lie on a chest."""
    flag = f"--use-file-for-fake-audio-capture={microphone(tmp_path)}"
    async with launched(driver, chromium_path, flag, devices=f"{DEVICES}=device-count=2,fps=10") as one:
        yield one


@lasting
async def bedside(equipped: Browser, server: Server, booked: Booked, stack: AsyncExitStack) -> Patient:
    """Bo at a clinic with devices."""
    person = await Patient.with_phone(equipped, server, booked.link)
    stack.push_async_callback(person.context.close)
    return person


async def test_a_chest_is_heard_as_it_sounds(
    specialist: Specialist, bedside: Patient, booked: Booked
) -> None:
    await meet(specialist, bedside, booked.visit)
    await bedside.presses("More")
    await bedside.page.get_by_label("Microphone for heart and lungs").select_option(index=1)
    await specialist.page.get_by_role("meter", name="Loudness").wait_for(timeout=IN_CALL)
    spoken, chest = [lost(await came(specialist.page, lane), (*HEART, *HIGH)) for lane in (0, 1)]
    print(f"voice: {spoken}\nchest: {chest}")
    assert max(abs(each) for each in chest.values()) < FAITHFUL, chest
    assert min(spoken[HEART[0]], spoken[HIGH[-1]]) > 2 * FAITHFUL, spoken
    assert [*specialist.troubles, *bedside.troubles] == []
