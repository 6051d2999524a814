"""Dr Amara and Bo in a call, on a server of a test's own."""

from contextlib import AsyncExitStack

from playwright.async_api import Browser

from tests.journeys.booking import Booked, book
from tests.journeys.conftest import known
from tests.journeys.people import Patient, Specialist, meet
from tests.services.server import Server


async def in_call(
    browser: Browser, server: Server, stack: AsyncExitStack
) -> tuple[Specialist, Patient, Booked]:
    """Dr Amara and Bo see each other."""
    manifest = server.manifest()
    specialist = await Specialist.at_desk(browser, server, known(manifest, "specialist"))
    stack.push_async_callback(specialist.context.close)
    booked = await book(specialist, manifest["patients"][0]["id"], specialist.known["id"])
    patient = await Patient.with_phone(browser, server, booked.link)
    stack.push_async_callback(patient.context.close)
    await meet(specialist, patient, booked.visit)
    return specialist, patient, booked
