"""Racers of test_transactions.py: four send the same two measurements once, and each a report of its own.

Arguments: how many race, the database's URL, the key directory. Of the four, one sends it the other way round
and one sends a measurement alone. Said is `<number> <word>` for each racer: `done` or the refusal.
"""

import asyncio
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import Refused
from telehealth.domain.people import Identifier, Role
from telehealth.fhir.posted import requests_of
from telehealth.fhir.received import received
from telehealth.services.arriving import Arrival
from telehealth.services.shared_record import SharedRecord
from telehealth.services.trail import Work
from telehealth.storage.unit_of_work import Storage
from tests.arrivals import LAB, PRESSURE, REPORT, WEIGHT, changed, to_the_letter
from tests.fakes import FakeClock
from tests.fakes.exports import FakeSpools
from tests.integration.racing import Begin, run_apart
from tests.integration.storage import cast

AMARA = Actor(ActorKind.STAFF, cast.AMARA.id, Role.SPECIALIST, cast.HOSPITAL.id, "session-1", "Amara")
BASE = "https://care.example/fhir/R4"
GROUPS, BACKWARDS, ALONE = 10, 1, 3
ONE, TWO = "urn:uuid:1", "urn:uuid:2"


def measured(number: int) -> list[dict[str, Any]]:
    """Two measurements that three others send as well."""
    return [
        changed(each, identifier=[{"system": LAB, "value": f"{name}-{number % GROUPS}"}])
        for each, name in ((WEIGHT, "w"), (PRESSURE, "bp"))
    ]


def transaction(number: int) -> bytes:
    """Two measurements that are made once, and a report that is this racer's alone."""
    report = changed(
        REPORT,
        identifier=[{"system": LAB, "value": f"report-{number}"}],
        result=[{"reference": ONE}, {"reference": TWO}],
    )
    entries: list[dict[str, Any]] = [
        {"fullUrl": full, "resource": each, "request": request("Observation", ifNoneExist=condition(each))}
        for full, each in zip((ONE, TWO), measured(number), strict=True)
    ]
    entries.append({"resource": report, "request": request("DiagnosticReport")})
    step = -1 if number // GROUPS == BACKWARDS else 1
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries[::step]}).encode()


def condition(resource: dict[str, Any]) -> str:
    return f"identifier={LAB}|{resource['identifier'][0]['value']}"


def request(url: str, **conditions: str) -> dict[str, str]:
    return {"method": "POST", "url": url} | conditions


async def send(record: SharedRecord, number: int) -> str:
    try:
        if number // GROUPS != ALONE:
            _, entries = requests_of(received(transaction(number)))
            await record.transactions.carry_out(AMARA, entries, BASE)
        else:
            weight, _ = measured(number)
            arrival = Arrival("Observation", received(to_the_letter(weight).encode()), BASE)
            await record.arriving.create(AMARA, arrival, Identifier(LAB, f"w-{number % GROUPS}"))
    except Refused as refused:
        return refused.code
    return "done"


async def race(url: str, keys: Path, numbers: range, begin: Begin) -> list[str]:
    clock, chance = FakeClock(), SystemChance()
    custody = open_custody(keys, chance, clock.now, known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    record = SharedRecord(work=Work(storage, clock, chance), url=BASE, spools=FakeSpools())
    await begin()
    words = await asyncio.gather(*(send(record, number) for number in numbers))
    await storage.close()
    return words


if __name__ == "__main__":
    run_apart(partial(race, sys.argv[2], Path(sys.argv[3])), int(sys.argv[1]))
