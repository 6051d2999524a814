"""Recording with consent: asked on every page, a red mark while it is on, stopped by anybody, played."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.calls import in_call
from tests.journeys.elsewhere import PROXIES
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Specialist
from tests.services.chromium import lasting
from tests.services.server import Server

pytestmark = [pytest.mark.journey]
QUESTION = "May we record this call?"
PLAYING = "one => one.currentTime > 0.5 && one.videoWidth > 0 && one.duration > 1.5 && one.duration < 30"


@pytest.fixture(scope="module")
def taping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that offers recording, its recorder beside it."""
    server = Server(tmp_path_factory.mktemp("tape") / "data", trusted_proxies=PROXIES, recorder="1")
    server.start()
    yield server
    server.stop()


@lasting
async def call(
    browser: Browser, taping: Server, stack: AsyncExitStack
) -> AsyncIterator[tuple[Specialist, Patient, str]]:
    """Dr Amara and Bo in a call."""
    specialist, patient, booked = await in_call(browser, taping, stack)
    yield specialist, patient, booked.visit


async def test_a_call_is_recorded_once_all_agree_and_plays_afterwards(
    call: tuple[Specialist, Patient, str],
) -> None:
    specialist, patient, visit = call
    inspection = Inspection()
    await specialist.presses("Record")
    await specialist.reads("Everyone in the call is being asked. Nothing is recorded yet.")
    await patient.is_told(QUESTION)
    await inspection.look(patient.page, "recording-asked", least=PATIENT)
    await inspection.look(specialist.page, "recording-asking", least=STAFF)
    await patient.presses("No, do not record")
    await specialist.reads("Not everyone agreed. Nothing is recorded.")
    await specialist.presses("Record")
    await patient.presses("Yes, you may record")
    for one in (specialist, patient):
        await expect(one.button("Stop recording")).to_be_visible()
        await one.is_told("Recording")
    await inspection.look(patient.page, "recording-on", least=PATIENT)
    await patient.presses("More")
    await patient.reads("While the call is recorded, this service gets sound and picture.")
    await expect(patient.words("Encrypted from end to end")).to_have_count(0)
    await patient.presses("Back to the call")
    await inspection.look(specialist.page, "recording-on-consult", least=STAFF)
    await specialist.page.wait_for_timeout(4000)
    await patient.presses("Stop recording")
    for one in (specialist, patient):
        await one.reads("Recording has stopped.")
    played = await specialist.context.new_page()
    await played.goto(f"/recordings/{visit}")
    film = played.locator("video").first
    await inspection.look(played, "recordings", least=STAFF)
    await film.evaluate("one => { one.muted = true; return one.play(); }")
    await played.wait_for_function(f"() => ({PLAYING})(document.querySelector('video'))", timeout=IN_CALL)
    assert inspection.wrong == []
    assert [*specialist.troubles, *patient.troubles] == []
