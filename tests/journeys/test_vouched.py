"""The digits that both read to each other: the same for two who see each other's certificates, else not."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.booking import Booked
from tests.journeys.inspecting import PATIENT, STAFF, Inspection
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet

pytestmark = [pytest.mark.journey]
DIGITS = re.compile(r"^\d{3} \d{3}$")

BETWEEN = """(() => {
  delete RTCDtlsTransport.prototype.getRemoteCertificates;
  const own = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function (...given) {
    const report = new Map(await own.apply(this, given));
    for (const { type, remoteCertificateId } of [...report.values()]) {
      const shown = type === "transport" && report.get(remoteCertificateId);
      if (shown) report.set(shown.id, { ...shown, fingerprint: shown.fingerprint.replace(/^../, "00") });
    }
    return report;
  };
})()"""
"""A page whose connection ends at somebody else's certificate: one byte of 256 is enough, but for chance."""


async def digits(person: Person, name: str) -> str:
    """Open the check behind a button of the call, and read what it shows."""
    await person.presses(name)
    check = person.page.get_by_text("Check that nobody listens in")
    await expect(check).to_be_visible(timeout=IN_CALL)
    await check.click()
    shown = person.page.locator("[data-fill=vouch-digits]")
    await expect(shown).to_have_text(DIGITS, timeout=IN_CALL)
    await expect(shown).to_be_visible()
    return await shown.inner_text()


async def test_both_sides_show_the_same_digits(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await meet(specialist, patient, booked.visit)
    inspection = Inspection()
    assert await digits(specialist, "Devices") == await digits(patient, "More")
    await inspection.look(patient.page, "call-digits", least=PATIENT)
    await inspection.look(specialist.page, "consult-call-digits", least=STAFF)
    assert inspection.wrong == []


async def test_with_somebody_between_the_digits_are_different_ones(
    specialist: Specialist, patient: Patient, booked: Booked
) -> None:
    await patient.context.add_init_script(BETWEEN)
    await meet(specialist, patient, booked.visit)
    assert await digits(specialist, "Devices") != await digits(patient, "More")
