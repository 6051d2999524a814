"""The child processes of races: each lets some of its people want the same time at once.

Arguments: the database's URL, the key directory, the number of the first racer, how many race in here, and
whom they want: `amara`, whom the odd ones reach by moving their visit, `anybody`, or `queue`: then they are
specialists who take the next of those who came without an appointment, or `sending`: then the odd ones send
those on from one clinic to another meanwhile. The process says `ready`, waits for a line, and says
`<number> <word>` for each racer: `won` or why not.
"""

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import Refused, Unavailable
from telehealth.domain.people import Role
from telehealth.services.appointments import AppointmentDesk
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations
from telehealth.services.walk_in_calls import WalkInCalls
from telehealth.services.walk_in_changes import Onward, WalkInChanges
from telehealth.storage.unit_of_work import Storage
from tests.fakes import Announced, FakeClock
from tests.integration.storage import cast

PRIZE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""Monday, nine in the morning at the ward: the first time of Dr Amara's hours."""
CARLA = Actor(ActorKind.STAFF, "carla", Role.COORDINATOR, cast.HOSPITAL.id, "session-carla", "Carla")
SENT_ON = 5
"""As many wait where some send them on; with another divisor than two, everybody is sent both ways."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What racers press at."""

    booking: Booking
    desk: AppointmentDesk
    calls: WalkInCalls
    places: WalkInChanges


def patient_id(number: int) -> str:
    return f"pat-{number:03}"


def own_time(number: int) -> datetime:
    """When a racer who moves is booked already."""
    return PRIZE + timedelta(days=7, minutes=30 * number)


def visitor(number: int) -> Actor:
    """A patient at the page of the own visit."""
    whose = patient_id(number)
    return Actor(ActorKind.VISITOR, whose, None, cast.HOSPITAL.id, f"browser-{number}", "", f"visit-{number}")


def specialist(number: int) -> Actor:
    """One of many who look at the same queue."""
    whose = f"prac-{number:03}"
    return Actor(ActorKind.STAFF, whose, Role.SPECIALIST, cast.HOSPITAL.id, f"session-{number}", "")


async def send(doors: Doors, number: int) -> None:
    """Every second of the odd ones keeps the rural clinic's queue, the others that of the hospital."""
    clinics = (cast.RURAL.id, cast.HOSPITAL.id)
    here, there = clinics if number % 4 == 1 else reversed(clinics)
    host = Actor(ActorKind.STAFF, f"host-{number}", Role.COORDINATOR, here, f"session-{number}", "")
    onward = Onward(there, cast.CARDIOLOGY.id, "Nearer home")
    await doors.places.send(host, f"walk-in-{number % SENT_ON}", onward)


async def want(doors: Doors, number: int, whom: str) -> str:
    """Even ones, and all who want anybody, are booked by Carla, odd ones move their visit by themselves.

    Where fifty wait for twenty connections a slow machine may say that it is busy: who hears that asks again.
    """
    booking, desk = doors.booking, doors.desk
    try:
        if whom == "sending" and number % 2:
            await send(doors, number)
        elif whom in {"queue", "sending"}:
            await doors.calls.take_next(specialist(number), cast.CARDIOLOGY.id)
        elif whom == "anybody":
            request = BookingRequest(patient_id(number), cast.CARDIOLOGY.id, "", PRIZE)
            await booking.book(CARLA, request)
        elif number % 2:
            await desk.moving.move(visitor(number), f"appointment-{number}", PRIZE, 0)
        else:
            request = BookingRequest(patient_id(number), cast.CARDIOLOGY.id, cast.AMARA.id, PRIZE)
            await booking.book(CARLA, request)
    except Unavailable:
        return await want(doors, number, whom)
    except Refused as refused:
        return refused.code
    return "won"


async def main(url: str, keys: Path, first: int, count: int, whom: str) -> None:
    clock, chance = FakeClock(cast.NOW), SystemChance()
    custody = open_custody(keys, chance, clock.now, known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    tokens = LinkTokens(custody.keyring.derived(Purpose.LINK_KEY))
    parts = {
        "work": Work(storage, clock, chance),
        "invitations": Invitations(keys=tokens, public_url="https://care.example"),
        "announcer": Announced(),
        "tzdata": "2026.6",
    }
    doors = Doors(
        Booking(**parts), AppointmentDesk(**parts), WalkInCalls(**parts), WalkInChanges(work=parts["work"])
    )
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    numbers = range(first, first + count)
    words = await asyncio.gather(*(want(doors, number, whom) for number in numbers))
    for number, word in zip(numbers, words, strict=True):
        print(number, word, flush=True)
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]))
