"""Without a line the page says so and that the place is kept; nothing of a visit is kept for it."""

import pytest

from tests.journeys.inspecting import PATIENT, Inspection
from tests.journeys.people import IN_CALL, Patient

pytestmark = [pytest.mark.journey]
KEPT = """async () => {
  const names = await caches.keys();
  const stores = await Promise.all(names.map((name) => caches.open(name)));
  const requests = (await Promise.all(stores.map((store) => store.keys()))).flat();
  return requests.map((each) => new URL(each.url).pathname);
}"""


async def test_a_reload_without_a_line_says_so_and_goes_on_afterwards(patient: Patient) -> None:
    page = patient.page
    await patient.waits()
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    await patient.context.set_offline(True)
    await page.reload()
    await patient.reads("You are offline")
    await patient.reads("Check your internet. You keep your place.")
    kept = await page.evaluate(KEPT)
    assert "/v/offline" in kept
    assert [path for path in kept if path != "/v/offline" and not path.startswith("/static/")] == []
    await patient.context.set_offline(False)
    await page.get_by_role("link", name="Try again").click()
    await page.get_by_role("heading", name="You are in the waiting room").wait_for(timeout=IN_CALL)
    patient.watch.forgives("ERR_INTERNET_DISCONNECTED")


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_its_page_is_for_everybody(language: str, patient: Patient) -> None:
    inspection = Inspection()
    await patient.page.goto(f"/v/offline?lang={language}")
    await inspection.look(patient.page, f"patient-offline-{language}", least=PATIENT)
    assert inspection.wrong == []
