"""Races of people who want the same time at once, in several processes.

Arguments: how many race, the database's URL, the key directory, and what they want, a word of `WISHES`. Said
is `<number> <word>` for each racer: `won` or why not.
"""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from telehealth.crypto.blind import BlindIndex
from telehealth.crypto.chance import SystemChance
from telehealth.crypto.custody import open_custody
from telehealth.crypto.purposes import Purpose
from telehealth.crypto.tokens import LinkTokens
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import Refused, SlotTaken, Unavailable
from telehealth.domain.people import Role
from telehealth.domain.resources import Needs
from telehealth.domain.scheduling import A_WEEK
from telehealth.domain.series import Frequency, Rule
from telehealth.services.appointments import AppointmentDesk
from telehealth.services.booking import Booking, BookingRequest
from telehealth.services.offer_links import OfferLinks
from telehealth.services.series import Choice
from telehealth.services.series_plan import Wanted
from telehealth.services.trail import Work
from telehealth.services.visit_making import Invitations
from telehealth.services.walk_in_calls import WalkInCalls
from telehealth.services.walk_in_changes import Onward, WalkInChanges
from telehealth.storage.unit_of_work import Storage
from tests.fakes import Announced, FakeClock
from tests.integration.racing import Begin, run_apart
from tests.integration.storage import cast

PRIZE = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
"""Monday, nine in the morning at the ward: the first time of Dr Amara's hours."""
CARLA = Actor(ActorKind.STAFF, "carla", Role.COORDINATOR, cast.HOSPITAL.id, "session-carla", "Carla")
WEEKS = 4
RUNS_OUT = cast.NOW + timedelta(minutes=10)
HELD = "appointment-held"
SEATS = 8
"""Of a group session."""
ANSWERED = 16
"""Patients who answer an invitation and an offer at once."""
SENT_ON = 5
"""As many wait where some send them on; with another divisor than two, everybody is sent both ways."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What racers press at."""

    storage: Storage
    booking: Booking
    desk: AppointmentDesk
    calls: WalkInCalls
    places: WalkInChanges
    links: OfferLinks
    offers: OfferLinks


def choice_id(number: int) -> str:
    """The invitation of a racer who chooses."""
    return f"choice-{number:03}"


def chosen_id(number: int) -> str:
    """The appointment that keeps what a racer has chosen by the invitation."""
    return f"appointment-chosen-{number}"


def offer_id(number: int) -> str:
    """What is offered to a racer from the waiting list."""
    return f"offer-{number:03}"


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


async def amara(doors: Doors, number: int) -> None:
    """Even ones are booked by Carla, odd ones move their visit by themselves."""
    if number % 2:
        await doors.desk.moving.move(visitor(number), f"appointment-{number}", PRIZE, 0)
    else:
        await doors.booking.book(CARLA, request(number))


async def anybody(doors: Doors, number: int) -> None:
    """All want the time with whoever is free."""
    await doors.booking.book(CARLA, request(number, practitioner_id=""))


async def parties(doors: Doors, number: int) -> None:
    """All want the time with whoever is free, in any room, and somebody who interprets."""
    needs = Needs(room=cast.WARD.id, interpreter="es")
    await doors.booking.book(CARLA, request(number, practitioner_id="", needs=needs))


async def choices(doors: Doors, number: int) -> None:
    """Odd ones choose the time by the link of their invitation, the others are booked by Carla."""
    if not number % 2:
        await doors.booking.book(CARLA, request(number))
        return
    door, token = doors.desk.choice_door, doors.links.token(choice_id(number), patient_id(number))
    await door.choose(token, PRIZE, "once")
    found = (await door.look(token)).kept
    if found is None:
        raise SlotTaken
    await door.confirm(token, found.held.id)


async def answers(doors: Doors, number: int) -> None:
    """Each patient answers twice at once: half of the racers book by the invitation, half what is offered."""
    whose = number % ANSWERED
    if number < ANSWERED:
        token = doors.links.token(choice_id(whose), patient_id(whose))
        await doors.desk.choice_door.confirm(token, chosen_id(whose))
    else:
        await doors.desk.offer_door.take(doors.offers.token(offer_id(whose), patient_id(whose)))


async def series(doors: Doors, number: int) -> None:
    """Odd ones want all of some weeks, even ones one of them."""
    if number % 2:
        rule = Rule(Frequency.WEEKLY, count=WEEKS)
        wanted = Wanted(patient_id(number), cast.CARDIOLOGY.id, cast.AMARA.id, PRIZE, rule)
        await doors.desk.series.book(CARLA, Choice(wanted))
    else:
        await doors.booking.book(CARLA, request(number, start=PRIZE + A_WEEK * (number // 2 % WEEKS)))


async def rooms(doors: Doors, number: int) -> None:
    """As `series`, each with a specialist of their own: what all of them want is one room."""
    needs, whom = Needs(room="room"), f"prac-{number:03}"
    if number % 2:
        rule = Rule(Frequency.WEEKLY, count=WEEKS)
        wanted = Wanted(patient_id(number), cast.CARDIOLOGY.id, whom, PRIZE, rule, needs)
        await doors.desk.series.book(CARLA, Choice(wanted))
    else:
        start = PRIZE + A_WEEK * (number // 2 % WEEKS)
        await doors.booking.book(CARLA, request(number, practitioner_id=whom, start=start, needs=needs))


async def held(doors: Doors, number: int) -> None:
    """The first books what is held for them, by a clock that runs behind: for all others it has run out.

    Odd ones sweep up what has run out, the others book it.
    """
    if number and number % 2:
        async with doors.storage.writing() as uow:
            await uow.appointments.release_expired(RUNS_OUT)
    else:
        await doors.booking.book(CARLA, request(number, hold_id="" if number else HELD))


async def leaving(doors: Doors, number: int) -> None:
    """The first few are in a group session already and leave it; all others want a seat in it."""
    if number < SEATS:
        await doors.desk.cancel(CARLA, f"appointment-{number}")
    else:
        await doors.booking.book(CARLA, request(number))


async def queue(doors: Doors, number: int) -> None:
    """Specialists take the next of those who came without an appointment."""
    await doors.calls.take_next(specialist(number), cast.CARDIOLOGY.id)


async def sending(doors: Doors, number: int) -> None:
    """Odd ones send on those who wait, while the others take the next.

    Every second of the odd ones keeps the rural clinic's queue, the others that of the hospital.
    """
    if not number % 2:
        await queue(doors, number)
        return
    clinics = (cast.RURAL.id, cast.HOSPITAL.id)
    here, there = clinics if number % 4 == 1 else reversed(clinics)
    host = Actor(ActorKind.STAFF, f"host-{number}", Role.COORDINATOR, here, f"session-{number}", "")
    onward = Onward(there, cast.CARDIOLOGY.id, "Nearer home")
    await doors.places.send(host, f"walk-in-{number % SENT_ON}", onward)


def request(number: int, **changes: Any) -> BookingRequest:
    """A booking of the prize, with Dr Amara unless it is said otherwise."""
    usual = BookingRequest(patient_id(number), cast.CARDIOLOGY.id, cast.AMARA.id, PRIZE)
    return replace(usual, **changes)


ALONE = (amara, anybody, parties, choices, held, leaving)
WISHES = {each.__name__: each for each in (*ALONE, answers, series, rooms, queue, sending)}


async def want(doors: Doors, number: int, whom: str) -> str:
    """Where fifty wait for twenty connections a slow machine may say that it is busy: then ask again."""
    try:
        await WISHES[whom](doors, number)
    except Unavailable:
        return await want(doors, number, whom)
    except Refused as refused:
        return refused.code
    return "won"


async def race(url: str, keys: Path, whom: str, numbers: range, begin: Begin) -> list[str]:
    clock, chance = FakeClock(RUNS_OUT if whom == "held" and numbers[0] else cast.NOW), SystemChance()
    custody = open_custody(keys, chance, clock.now, known_check=None)
    storage = Storage(url, custody.keyring, BlindIndex(custody.keyring.derived(Purpose.BLIND_INDEX)))
    tokens = LinkTokens(custody.keyring.derived(Purpose.LINK_KEY))
    invitations = Invitations(keys=tokens, public_url="https://care.example")
    parts = {
        "work": Work(storage, clock, chance),
        "invitations": invitations,
        "announcer": Announced(),
        "tzdata": "2026.6",
    }
    booking, desk, calls = Booking(**parts), AppointmentDesk(**parts), WalkInCalls(**parts)
    places = WalkInChanges(work=parts["work"], announcer=parts["announcer"])
    doors = Doors(storage, booking, desk, calls, places, invitations.choices, invitations.offers)
    await begin()
    words = await asyncio.gather(*(want(doors, number, whom) for number in numbers))
    await storage.close()
    return words


if __name__ == "__main__":
    run_apart(partial(race, sys.argv[2], Path(sys.argv[3]), sys.argv[4]), int(sys.argv[1]))
