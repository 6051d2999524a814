"""The record by FHIR: resources taken in, read and searched, beside fhir.resources that only parses one.

Ours checks, seals, stores durably and audits, a read and a search too; a search opens all of a patient's
resources of the type and sifts them. The library's models check structure alone, and are asked for no more.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import uvloop
from fhir.resources.R4B import get_fhir_model_class

from telehealth.app import Assembled
from telehealth.domain.access import Actor
from telehealth.fhir.received import received
from telehealth.fhir.record_search import test_of
from telehealth.fhir.validation.check import problems_of
from telehealth.services.arriving import Arrival
from telehealth.services.booking import BookingRequest
from telehealth.services.sifting import RecordQuery
from tests.arrivals import PRESSURE, changed
from tests.bench.cluster import BOOKER, SERVICE, cluster, hire, midnight, register
from tests.bench.databases import databases
from tests.bench.table import RUNS, Line, figure, others

TIMES, SOUGHT = 100, 20
"""Of each a run; searches are fewer."""
KEPT = 50
"""Resources among which is searched; what was created before lies under another patient."""
AT_LEAST = 0.5
BASE = "http://localhost:8080/fhir/R4"
WORK = {
    "create": "checked, sealed, audited",
    "read": "opened, audited",
    "search": f"{KEPT} resources opened and sifted by code, audited",
}


@dataclass(slots=True)
class Rates:
    """Operations a second, run by run."""

    ours: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in WORK})
    check: list[float] = field(default_factory=list)
    parse: list[float] = field(default_factory=list)


def run() -> list[Line]:
    """Measure and return the lines."""
    return uvloop.run(_run())


async def _run() -> list[Line]:
    with databases() as found:
        rates = {name: await measure(url, data) for name, (url, data) in found.items()}
    return [line for name, each in rates.items() for line in lines_of(name, each)]


def text_about(patient_id: str) -> bytes:
    """One blood pressure panel of somebody's, without an identifier."""
    about = changed(PRESSURE, subject={"reference": f"Patient/{patient_id}"}, identifier=None)
    return json.dumps(about).encode()


async def measure(url: str, data: Path) -> Rates:
    """Create, read and search on one database, in turn with parsing."""
    rates = Rates()
    async with cluster(url, data) as assembled:
        (who, *_), patients = await hire(assembled.opened.work, 1), await register(assembled.opened.work, 2)
        start = midnight(assembled.opened.work.clock.now())
        for at, patient in enumerate(patients):
            request = BookingRequest(patient.id, SERVICE, who.actor.id, start + timedelta(hours=at + 1))
            await assembled.services.booking.book(BOOKER, request)
        writing, searched = (text_about(each.id) for each in patients)
        known = [await create(assembled, who.actor, searched) for _ in range(KEPT)]
        work = works(assembled, who.actor, writing, (known[0], patients[1].id))
        for number in range(RUNS + 1):
            model = get_fhir_model_class("Observation")
            parse = often(partial(model.model_validate_json, writing))
            check = often(lambda: problems_of(received(writing).resource))
            found = {
                name: await rate(each, SOUGHT if name == "search" else TIMES) for name, each in work.items()
            }
            if number:
                rates.parse.append(parse)
                rates.check.append(check)
                for name, each in found.items():
                    rates.ours[name].append(each)
    return rates


async def create(assembled: Assembled, actor: Actor, text: bytes) -> str:
    """Take one in, from its bytes on."""
    arrival = Arrival("Observation", received(text), BASE)
    return (await assembled.services.record.arriving.create(actor, arrival)).resource.id


def works(
    assembled: Assembled, actor: Actor, text: bytes, known: tuple[str, str]
) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return what is measured; `known` are a resource and the patient among whose resources is searched."""
    record = assembled.services.record
    test = test_of("Observation", "code", "http://loinc.org|85354-9", BASE)
    query = RecordQuery("Observation", known[1], tests=(test,))
    return {
        "create": lambda: create(assembled, actor, text),
        "read": lambda: record.read(actor, "Observation", known[0]),
        "search": lambda: record.search(actor, query),
    }


async def rate(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Do something again and again; return how often a second."""
    began = perf_counter()
    for _ in range(times):
        await work()
    return times / (perf_counter() - began)


def often(look: Callable[[], object]) -> float:
    """Look at a resource again and again; return how often a second."""
    began = perf_counter()
    for _ in range(TIMES):
        look()
    return TIMES / (perf_counter() - began)


def lines_of(name: str, rates: Rates) -> list[Line]:
    """Return the lines of one database."""
    floor, peer = figure(rates.parse, "/s"), "fhir.resources parses one"
    alone, work = figure(rates.check, "/s"), f"{name}: parse and check an Observation, no more"
    lines = [Line(bench="fhir", work=work, ours=alone, floor=floor, peer=peer, goal="-", met=None)]
    for word, runs in rates.ours.items():
        mine = figure(runs, "/s")
        lines.append(
            Line(
                bench="fhir",
                work=f"{name}: {word} an Observation, one after the other",
                ours=mine,
                floor=floor,
                peer=peer,
                goal=f">= {AT_LEAST} x",
                met=mine.median >= AT_LEAST * floor.median,
                note=f"{WORK[word]}{others()}",
            )
        )
    return lines
