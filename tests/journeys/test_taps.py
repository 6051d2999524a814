"""Taps and typing up to the waiting room: three taps and no typing the first time, one tap on return."""

import pytest

from tests.journeys.conftest import Enter
from tests.journeys.people import IN_CALL, Patient
from tests.journeys.test_patient_pages import at

pytestmark = [pytest.mark.journey]

COUNTING = """(() => {
  globalThis.__taps = 0;
  globalThis.__keys = 0;
  addEventListener("click", (event) => event.isTrusted && (globalThis.__taps += 1), true);
  addEventListener("keydown", () => (globalThis.__keys += 1), true);
})()"""
ALLOW = 1
"""The browser's own question, which the flags of the tests answer."""


async def counted(patient: Patient) -> tuple[int, int]:
    return await patient.page.evaluate("__taps"), await patient.page.evaluate("__keys")


async def test_three_taps_the_first_time_and_one_on_return(phone: Enter) -> None:
    patient = await phone()
    page = patient.page
    await page.add_init_script(COUNTING)
    await patient.waits()
    taps, keys = await counted(patient)
    assert (taps + ALLOW, keys) == (3, 0)

    await page.goto("about:blank")
    await patient.opens_link()
    await patient.presses("Use microphone and camera")
    await at(page, "wait")
    assert await counted(patient) == (1, 0)
    await page.reload()
    await page.get_by_role("heading", name="You are in the waiting room").wait_for(timeout=IN_CALL)
    assert await counted(patient) == (0, 0)
    assert patient.troubles == []
