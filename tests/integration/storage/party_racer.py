"""The race of test_parties_processes.py: visits that want the same at once, in several processes.

Arguments: how many race, the database's URL, the key directory. Said is `<number> <word>` for each racer:
`won`, or the kind of party of which every one was somebody else's, or that was named though nobody else wants
it.
"""

import asyncio
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.domain.appointment import Claim, ResourceKind
from telehealth.domain.errors import SlotTaken, Unavailable
from telehealth.storage.unit_of_work import Storage
from tests.integration.racing import Begin, run_apart
from tests.integration.storage.cast import NOW, appointment

POOLS = {
    ResourceKind.ROOM: ("room-1", "room-2", "room-3"),
    ResourceKind.DEVICE: ("device-1", "device-2", "device-3", "device-4"),
    ResourceKind.INTERPRETER: ("interpreter-1", "interpreter-2", "interpreter-3", "interpreter-4"),
}
"""What all racers want one each of; there are fewer rooms than anything else."""
CLEANING = timedelta(minutes=10)


def turned(number: int) -> dict[ResourceKind, list[str]]:
    """The pools as a racer goes through them: each begins elsewhere, every second one goes backwards."""
    step = 1 if number % 2 else -1
    return {
        kind: [*pool[number % len(pool) :], *pool[: number % len(pool)]][::step]
        for kind, pool in POOLS.items()
    }


def wanted(number: int, left: dict[ResourceKind, list[str]]) -> list[Claim]:
    """The racer's own patient and specialist, and the first of what it has not yet heard to be taken."""
    booked = appointment(str(number))
    own = {ResourceKind.PATIENT: f"patient-{number}", ResourceKind.PRACTITIONER: f"specialist-{number}"}
    parties = [*own.items(), *((kind, pool[0]) for kind, pool in left.items())]
    pauses = {ResourceKind.ROOM: CLEANING}
    return [
        Claim(kind, each, booked.start, booked.end + pauses.get(kind, timedelta(0))) for kind, each in parties
    ]


async def want(storage: Storage, number: int) -> str:
    """Ask until all were got or none of a kind is left; what a refusal names is not asked for again."""
    left = turned(number)
    while all(left.values()):
        try:
            async with storage.writing() as unit:
                await unit.appointments.book(appointment(str(number)), wanted(number, left))
        except SlotTaken as taken:
            if ResourceKind.PATIENT in taken.missing:  # whom nobody else wants
                return "patient"
            left = {kind: pool[kind in taken.missing :] for kind, pool in left.items()}
        except Unavailable:  # the database is full of others who ask
            continue
        else:
            return "won"
    return next(kind for kind, pool in left.items() if not pool)


async def race(url: str, keys: Path, numbers: range, begin: Begin) -> list[str]:
    custody = open_custody(keys, SystemChance(), lambda: NOW, known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    await begin()
    words = await asyncio.gather(*(want(storage, number) for number in numbers))
    await storage.close()
    return words


if __name__ == "__main__":
    run_apart(partial(race, sys.argv[2], Path(sys.argv[3])), int(sys.argv[1]))
