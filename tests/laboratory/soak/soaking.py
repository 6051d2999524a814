"""The call itself: two people, a fault every so many seconds, and what is left when they have parted."""

import asyncio
import math
import random
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import expect

from tests.bench.stage import HOSTS, RELAYED, TRUSTING, Stage, opened
from tests.journeys.booking import Booked, book
from tests.journeys.people import IN_CALL, Patient, Person, Specialist, meet
from tests.journeys.watching import KEPT, SOMEBODY_LEFT, said
from tests.laboratory.gaps import heard_again, listens
from tests.laboratory.network import network
from tests.laboratory.soak.faults import Fault, Scene, drawn, reload
from tests.laboratory.soak.leaks import Server, grown, of_page, of_server
from tests.services.chromium import UNHURRIED

METRICS = 9100
HEALED_WITHIN = 15.0
"""Seconds after a fault until both hear each other: the longest figure of security.md, on a busy machine."""
OF_SERVER = {"tasks": 4, "files": 4, "memory": 48}
OF_PAGE = {"heap": 6.0, "sent": 1}
"""What may have grown: what is read once and kept; a page that was loaded again shows its picture again."""


@dataclass(frozen=True, slots=True)
class Soak:
    """How long, how often a fault, and which chance."""

    seconds: float
    every: float
    seed: int


@dataclass
class Told:
    """What happened: seconds until sound was back after each fault, and what was wrong."""

    healed: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def soak(wanted: Soak, program: str, folder: Path) -> Told:
    """Hold the call and return what happened."""
    settings = RELAYED | {"metrics_port": str(METRICS)}
    with network(*HOSTS) as lab:
        async with AsyncExitStack() as stack:
            stage = await stack.enter_async_context(
                opened(lab, program, folder, devices=UNHURRIED, **settings)
            )
            return await held(stage, wanted, stack)


async def held(stage: Stage, wanted: Soak, stack: AsyncExitStack) -> Told:
    """The whole call, from before anybody came until after everybody has left."""
    told = Told()
    empty = of_server(stage, METRICS)
    doctor, patient, booked = await in_call(stage, stack)
    pages = {"doctor": doctor.page, "patient": patient.page}
    before = {host: await of_page(page) for host, page in pages.items()}
    scene = Scene(stage, pages, random.Random(wanted.seed))
    for page in pages.values():
        await listens(page)
    began = time.monotonic()
    for at, fault in enumerate(drawn(int(wanted.seconds / wanted.every), scene.chance), 1):
        await strike(scene, fault, told)
        await asyncio.sleep(max(0.0, began + at * wanted.every - time.monotonic()))
    for host, page in pages.items():
        told.wrong += [f"{host}: {words}" for words in grown(before[host], await of_page(page), OF_PAGE)]
    for person in (doctor, patient):
        told.wrong += await astray(person)
    await parted(doctor, patient, booked)
    told.wrong += await left_over(stage, empty)
    return told


async def in_call(stage: Stage, stack: AsyncExitStack) -> tuple[Specialist, Patient, Booked]:
    """Dr Amara and Bo hear each other."""
    known = next(each for each in stage.manifest["staff"] if each["role"] == "specialist")
    doctor = await Specialist.at_desk(stage.doctors, stage.server, known, **TRUSTING)
    stack.push_async_callback(doctor.context.close)
    booked = await book(doctor, stage.manifest["patients"][0]["id"], known["id"])
    patient = await Patient.with_phone(stage.patients, stage.server, booked.link, **TRUSTING)
    stack.push_async_callback(patient.context.close)
    for person in (doctor, patient):
        await person.context.add_init_script(KEPT)
    await meet(doctor, patient, booked.visit, picture=False)
    await doctor.page.locator("[data-do=camera]").filter(visible=True).click()
    return doctor, patient, booked


async def strike(scene: Scene, fault: Fault, told: Told) -> None:
    """Let a fault strike, and wait until both hear each other again."""
    await fault(scene)
    since = time.time() * 1000
    if fault is reload:
        for page in scene.pages.values():
            await listens(page)
    took = math.inf
    while time.time() * 1000 - since < 1000 * HEALED_WITHIN:
        await asyncio.sleep(1)
        end = time.time() * 1000
        found = [await heard_again(page, since, end) for page in scene.pages.values()]
        took = max(math.inf if each is None else each / 1000 for each in found)
        if end / 1000 - since / 1000 - took > 2:
            break
    told.healed.append((fault.__name__, took))
    print(f"{fault.__name__}: sound after {took:.1f} s", file=sys.stderr, flush=True)
    if math.isinf(took):
        states = [await page.locator("body").inner_text() for page in scene.pages.values()]
        told.wrong.append(f"{fault.__name__}: not healed within {HEALED_WITHIN:.0f} s; {states}")


async def astray(person: Person) -> list[str]:
    """Return what a page has said that nobody in a call should read."""
    return [words for words in await said(person.page) if SOMEBODY_LEFT.search(words)]


async def parted(doctor: Specialist, patient: Patient, booked: Booked) -> None:
    """The visit ends and both close their pages."""
    await doctor.asks("POST", f"/api/v1/visits/{booked.visit}/end")
    await expect(patient.page.get_by_role("heading", name="Your visit has ended")).to_be_visible(
        timeout=IN_CALL
    )
    for person in (doctor, patient):
        await person.context.close()


async def left_over(stage: Stage, empty: Server) -> list[str]:
    """Return what the server still holds of the call half a minute after it."""
    until = time.monotonic() + 30
    while wrong := grown(empty, of_server(stage, METRICS), OF_SERVER):
        if time.monotonic() > until:
            return [f"server: {words}" for words in wrong]
        await asyncio.sleep(1)
    return []
