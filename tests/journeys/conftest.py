"""One running server for many journeys, its mail, and the people who use it in real Chromium."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.conftest import FAILED
from tests.journeys.booking import Booked, book
from tests.journeys.elsewhere import PROXIES
from tests.journeys.people import Patient, Specialist, Staff
from tests.journeys.sessions import renewed
from tests.journeys.waiting import waits_by_api
from tests.services import smtp
from tests.services.chromium import lasting
from tests.services.server import Server
from tests.services.smtp import SmtpSink

Enter = Callable[..., Awaitable[Patient]]
Write = Callable[[int], Awaitable[Booked]]
CONFIRMED = {"identifiers": ["name", "birth-date"], "place": "At home", "callback": "+493005550201"}


FILES_AT_ONE = 14
"""Of so many files the journeys leave a specialist free times within a day; then a fresh demo takes over."""


class Demos:
    """One running server after the other."""

    def __init__(self, folder: Path, smtp_url: str) -> None:
        self.folder, self.smtp_url = folder, smtp_url
        self.files = 0
        self.running: Server | None = None
        self.told: dict[str, Any] = {}

    def next(self) -> Server:
        """The server for one more file of journeys."""
        if self.running is None or self.files % FILES_AT_ONE == 0:
            self.stop()
            data = self.folder / f"data-{self.files}"
            self.running = Server(data, smtp_url=self.smtp_url, trusted_proxies=PROXIES)
            self.running.start()
            self.told = self.running.manifest()
        self.files += 1
        return self.running

    def stop(self) -> None:
        if self.running is not None:
            self.running.stop()


@pytest.fixture(scope="session")
def smtp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpSink]:
    """The journeys' own mail server: their demo goes on sending when other tests count what has come."""
    with smtp.smtp_server(tmp_path_factory.mktemp("smtp")) as server:
        yield server


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory, smtp_server: SmtpSink) -> Iterator[Demos]:
    made = Demos(tmp_path_factory.mktemp("journeys"), f"smtp://{smtp_server.host}:{smtp_server.port}")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def server(demos: Demos) -> Server:
    return demos.next()


@pytest.fixture(scope="module")
def manifest(demos: Demos, server: Server) -> dict[str, Any]:
    return demos.told


@lasting
async def stack(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[AsyncExitStack]:
    """Closes the browsers' windows when a test is over; the report of a failure tells what stood in each."""
    async with AsyncExitStack() as open_things:
        yield open_things
        if request.node.stash.get(FAILED, False):
            for page in [page for context in browser.contexts for page in context.pages]:
                print(page.url.partition("#")[0], await page.locator("body").inner_text(), sep="\n")


def known(manifest: dict[str, Any], role: str, at: int = 0) -> dict[str, Any]:
    """One of the demo's staff."""
    return dict([each for each in manifest["staff"] if each["role"] == role][at])


@lasting
async def specialist(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> Specialist:
    """Dr Amara, signed in at her desk."""
    person = await Specialist.at_desk(browser, server, known(manifest, "specialist"))
    stack.push_async_callback(person.context.close)
    return person


@lasting
async def doctor(specialist: Specialist) -> AsyncIterator[Specialist]:
    """Dr Amara, whose next window has her newest cookie."""
    yield specialist
    if specialist.session:
        await renewed(specialist.session, specialist.context)


@lasting
async def coordinator(
    browser: Browser, server: Server, manifest: dict[str, Any], stack: AsyncExitStack
) -> Staff:
    """Carla, who books at the hospital."""
    person = await Staff.at_desk(browser, server, known(manifest, "coordinator"))
    stack.push_async_callback(person.context.close)
    return person


@lasting
async def booked(specialist: Specialist, manifest: dict[str, Any]) -> AsyncIterator[Booked]:
    """A fresh visit of Bo with Dr Amara."""
    made = await book(specialist, manifest["patients"][0]["id"], specialist.known["id"])
    yield made
    await specialist.frees(made.visit, made.appointment)


@lasting
async def writable(
    browser: Browser, server: Server, doctor: Specialist, manifest: dict[str, Any]
) -> AsyncIterator[Write]:
    """Gives visits of several patients with Dr Amara, admitted and confirmed: writable(0), writable(1) …"""
    made: list[Booked] = []

    async def give(at: int) -> Booked:
        visit = await book(doctor, manifest["patients"][at]["id"], doctor.known["id"])
        made.append(visit)
        await waits_by_api(browser, server, visit)
        await doctor.asks("POST", f"/api/v1/visits/{visit.visit}/admit", {})
        await doctor.asks("PUT", f"/api/v1/visits/{visit.visit}/confirmation", CONFIRMED)
        return visit

    yield give
    await doctor.context.set_offline(offline=False)
    for visit in made:
        await doctor.frees(visit.visit, visit.appointment)


@lasting
async def phone(browser: Browser, server: Server, booked: Booked, stack: AsyncExitStack) -> Enter:
    """Gives a phone to the patient of `booked`: phone(java_script_enabled=False) and the like."""

    async def given(link: str = "", **options: Any) -> Patient:
        person = await Patient.with_phone(browser, server, link or booked.link, **options)
        stack.push_async_callback(person.context.close)
        return person

    return given


@lasting
async def patient(phone: Enter) -> Patient:
    """Bo with his phone and the link not pressed yet."""
    return await phone()


@lasting
async def two(
    browser: Browser,
    server: Server,
    manifest: dict[str, Any],
    specialist: Specialist,
    stack: AsyncExitStack,
) -> AsyncIterator[list[tuple[Booked, Patient]]]:
    """Bo and María with their phones, booked one after the other; their visits end with the test."""
    found = []
    for at in (0, 1):
        booked = await book(specialist, manifest["patients"][at]["id"], specialist.known["id"])
        person = await Patient.with_phone(browser, server, booked.link)
        stack.push_async_callback(person.context.close)
        found.append((booked, person))
    yield found
    await specialist.asks("POST", "/api/v1/clinic/resume", {})
    await specialist.asks("PUT", "/api/v1/clinic/late", {"minutes": 0})
    for booked, _ in found:
        await specialist.frees(booked.visit, booked.appointment)
